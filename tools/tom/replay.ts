import { exactly, type Command } from './command.ts';
import { explain } from './connections.ts';
import { CommandError, UsageError } from './errors.ts';
import { instantOf } from './instant.ts';
import { plural, table } from './table.ts';

export const replay: Command = {
  words: 'replay',
  operands: 'TOPIC --group GROUP --from start|TIME',
  summary: 'let a group read a topic again',
  help: `
Sets the offsets of a consumer group on a topic back, to the oldest message that the log holds (start) or to the first
that was appended at an instant (2026-05-01T08:00:00Z) or later. Never forward: nothing is skipped.

What it does: the group's members get these messages again. Each message that a service has handled stands in its inbox
for 35 days and is skipped, so a replay to a service that lost nothing does nothing. It is for what the inbox does not
know: a type of message that the service has only now learnt to handle, or a service's database that was restored from a
copy and has lost the last hours, inbox and all. Dead letters and what was dropped stay as they are.

The group's members may run: they lose the partitions to a new epoch, take them again within seconds and read on from
there. Look with --dry-run first; watch with tom lag.`,
  options: {
    group: { value: 'GROUP', meaning: 'the consumer group, such as activity-service' },
    from: { value: 'start|TIME', meaning: 'how far back' },
    'dry-run': { meaning: 'only say what would come again' },
  },
  async run(call) {
    const topic = exactly(call, 'replay', 'one TOPIC');
    const group = call.text('group');
    if (!group) throw new UsageError('replay expects --group');
    const from = startOf(call.text('from'), call.now());
    const dryRun = call.on('dry-run');
    const log = call.connections.log();
    try {
      const topics = await log.topics();
      if (!topics.includes(topic)) throw new CommandError(`there is no topic ${topic}; there are ${topics.join(', ')}`);
      const partitions = await log.rewind({ group, topic, from, dryRun });
      if (partitions.length === 0) throw new CommandError(`the group ${group} has never read ${topic}`);
      const messages = partitions.reduce((sum, one) => sum + one.messages, 0);
      const rows = partitions.map((one) => [String(one.partition), one.before, one.after, String(one.messages)]);
      const verb = dryRun ? 'would come' : 'come';
      return {
        json: { topic, group, dryRun, messages, partitions },
        lines: [
          ...table(['PARTITION', 'FROM', 'BACK TO', 'MESSAGES'], rows),
          '',
          `${plural(messages, 'message')} ${verb} again to ${group}`,
        ],
      };
    } catch (error) {
      throw error instanceof CommandError ? error : explain(error, 'the event log');
    }
  },
};

function startOf(text: string | undefined, now: Date): 'start' | Date {
  if (text === 'start') return text;
  const at = instantOf(text);
  if (!at)
    throw new UsageError(`replay expects --from start or an instant such as 2026-05-01T08:00:00Z${text ? `, not '${text}'` : ''}`);
  if (at > now) throw new UsageError(`--from ${text} lies in the future`);
  return at;
}
