import type { Broker } from '@tom/messaging';

/** For each aggregate its revisions in the order in which the topic first shows them. */
export async function revisionsOn(broker: Broker, topic: string): Promise<Map<string, number[]>> {
  const reader = await broker.reader({ topics: [topic], from: 'start' });
  const seen = new Map<string, number[]>();
  for (;;) {
    const messages = await reader.next({ waitMs: 0, max: 5_000 });
    if (messages.length === 0) break;
    for (const { headers } of messages) {
      const revisions = seen.get(headers['ce_aggregateid'] ?? '') ?? [];
      seen.set(headers['ce_aggregateid'] ?? '', revisions);
      const revision = Number(headers['ce_revision']);
      if (!revisions.includes(revision)) revisions.push(revision);
    }
  }
  await reader.close();
  return seen;
}
