import type { GroupLag } from '@tom/messaging';
import type { Command } from './command.ts';
import { explain } from './connections.ts';
import { UsageError } from './errors.ts';
import { table } from './table.ts';

export const lag: Command = {
  words: 'lag',
  operands: '',
  summary: 'how many messages each group has still to handle, by topic',
  help: `
Shows for every consumer group and topic how many messages lie between what the group has committed and the end of the
log. 0 is a group that keeps up; a number that grows is one that does not, or whose partition stands still.`,
  options: {
    group: { value: 'GROUP', meaning: 'only this group' },
    partitions: { meaning: 'each partition by itself' },
  },
  async run(call) {
    if (call.operands.length > 0) throw new UsageError('lag expects no arguments');
    const group = call.text('group');
    const log = call.connections.log();
    const all = await log.lags().catch((error: unknown) => {
      throw explain(error, 'the event log');
    });
    const found = all.filter((entry) => group === undefined || entry.group === group);
    if (call.on('partitions')) {
      const rows = found.map((one) => [one.group, one.topic, String(one.partition), one.offset, one.end, String(one.lag)]);
      return { json: found, lines: table(['GROUP', 'TOPIC', 'PARTITION', 'COMMITTED', 'END', 'LAG'], rows) };
    }
    const sums = byTopic(found);
    const rows = sums.map((one) => [one.group, one.topic, String(one.lag), `${one.behind} of ${one.partitions}`]);
    return { json: sums, lines: table(['GROUP', 'TOPIC', 'LAG', 'PARTITIONS BEHIND'], rows) };
  },
};

interface TopicLag {
  readonly group: string;
  readonly topic: string;
  readonly lag: number;
  readonly behind: number;
  readonly partitions: number;
}

function byTopic(lags: readonly GroupLag[]): TopicLag[] {
  const sums = new Map<string, TopicLag>();
  for (const { group, topic, lag: messages } of lags) {
    const sum = sums.get(`${group} ${topic}`) ?? { group, topic, lag: 0, behind: 0, partitions: 0 };
    const behind = sum.behind + (messages > 0 ? 1 : 0);
    sums.set(`${group} ${topic}`, { ...sum, lag: sum.lag + messages, behind, partitions: sum.partitions + 1 });
  }
  return [...sums.values()];
}
