import { drop } from '@tom/messaging';
import { exactly, type Command } from './command.ts';
import { explain } from './connections.ts';
import { CommandError, UsageError } from './errors.ts';
import { readReference } from './letter-reference.ts';

export const dlqDrop: Command = {
  words: 'dlq drop',
  operands: 'REF --reason TEXT',
  summary: 'give a dead letter up, with a reason',
  help: `
Gives one dead letter up: it is never handled, and the rest of its key's line goes on. Who did it, when and why are kept
(dlq list --dropped), its content is not. There is no way back: look at it with dlq show first.`,
  options: {
    reason: { value: 'TEXT', meaning: 'why it may be lost; kept' },
    by: { value: 'NAME', meaning: 'who decided it (default: the account that runs this)' },
  },
  async run(call) {
    const { group, id } = readReference(exactly(call, 'dlq drop', 'one REF, such as task-service/17'));
    const why = call.text('reason')?.trim();
    if (!why) throw new UsageError('dlq drop expects --reason: why this message may be lost');
    const by = call.text('by')?.trim() || call.account;
    const request = { database: call.connections.database(group), group, id, by, why, now: call.now() };
    const dropped = await drop(request).catch((error: unknown) => {
      throw explain(error, `the database of ${group}`);
    });
    if (!dropped) throw new CommandError(`there is no dead letter ${group}/${id}: it was redriven or dropped`);
    return { json: dropped, lines: [`dropped ${group}/${id} (${dropped.type ?? 'no type'}, key ${dropped.key}), by ${by}: ${why}`] };
  },
};
