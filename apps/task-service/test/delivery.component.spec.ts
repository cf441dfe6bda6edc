import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as messages from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import { formatHeaders, type Envelope, type MessageType, type OutgoingMessage } from '@tom/messaging';
import { NOON, activityEvent, activityOf, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system.stop());

/** What happens to one activity: each step a revision, with a follow-up in so many days or none. */
const life = fc.record({
  followUps: fc.array(fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }), { minLength: 1, maxLength: 4 }),
  deleted: fc.boolean(),
  /** In which order its messages arrive (sorted by these), and which of them again under another id. */
  order: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
  again: fc.array(fc.nat(4), { maxLength: 4 }),
});

const at = (days: number) => new Date(Date.parse(NOON) + days * 86_400_000).toISOString();

function messagesOf(orgId: string, given: typeof life extends fc.Arbitrary<infer L> ? L : never) {
  const activityId = newId();
  const out: OutgoingMessage[] = [];
  const add = <T>(type: MessageType<T>, envelope: Envelope<T>) => {
    const { topic, key } = envelope;
    out.push({ topic, key, headers: formatHeaders(envelope), value: JSON.stringify(type.encode(envelope.data)) });
  };
  let followUpAt: string | undefined;
  let followUpRevision = 0;
  given.followUps.forEach((days, index) => {
    const wanted = days === null ? undefined : at(days);
    if (wanted !== followUpAt) [followUpAt, followUpRevision] = [wanted, index + 1];
    const { type, envelope } = activityEvent(activityOf(orgId, { activityId, followUpAt, followUpRevision }), index + 1);
    add(type, envelope);
  });
  if (given.deleted) {
    const { envelope } = activityEvent(activityOf(orgId, { activityId }), given.followUps.length + 1);
    const type = messages.ActivityDeleted;
    add(type, { ...envelope, type: type.typeName, data: { activityId, orgId, activityType: 'CALL' } });
  }
  const shuffled = out.map((message, index) => ({ message, place: given.order[index] ?? 0 })).sort((a, b) => a.place - b.place);
  const repeated = given.again.flatMap((index) => {
    const message = out[index % out.length];
    return message ? [{ ...message, headers: { ...message.headers, ce_id: newId() } }] : [];
  });
  return { activityId, wanted: given.deleted ? undefined : followUpAt, delivery: [...shuffled.map(({ message }) => message), ...repeated] };
}

it('any order and repetition of the events of many activities ends in the call-backs that they agreed on', async () => {
  const lives = fc.sample(life, { numRuns: 150, seed: 20_260_310 });
  const orgs = Array.from({ length: 12 }, () => newId());
  const all = lives.map((given, index) => messagesOf(orgs[index % orgs.length] ?? newId(), given));
  // Interleaved: the first message of each activity, then the second of each, and so on.
  const longest = Math.max(...all.map(({ delivery }) => delivery.length));
  for (let turn = 0; turn < longest; turn += 1) {
    await system.broker.publish(all.flatMap(({ delivery }) => delivery.slice(turn, turn + 1)));
  }
  await system.settled();
  const found = new Map<string, { open: string[]; ids: Set<string> }>();
  for (const orgId of orgs) {
    for (const { source, status, dueAt, taskId } of await system.tasksOf(orgId)) {
      const entry = found.get(source?.activityId ?? '') ?? { open: [], ids: new Set() };
      if (status === 'OPEN') entry.open.push(dueAt ?? '');
      entry.ids.add(taskId);
      found.set(source?.activityId ?? '', entry);
    }
  }
  for (const [index, { activityId, wanted }] of all.entries()) {
    expect(found.get(activityId)?.open ?? [], JSON.stringify(lives[index])).toEqual(wanted === undefined ? [] : [wanted]);
  }
  // Every task was told, each revision once and without a gap.
  for (const orgId of orgs) {
    const revisions = new Map<string, number[]>();
    for (const { aggregateId, revision } of await system.told(orgId)) {
      revisions.set(aggregateId, [...(revisions.get(aggregateId) ?? []), revision]);
    }
    for (const told of revisions.values()) expect(told).toEqual(told.map((_, index) => index + 1));
  }
}, 60_000);
