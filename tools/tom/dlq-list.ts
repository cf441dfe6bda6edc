import { allDeadLetters, drops, type DeadLetter, type Drop } from '@tom/messaging';
import { count, type Call, type Command, type Report } from './command.ts';
import { explain, serviceNamed, serviceNames, type ServiceName } from './connections.ts';
import { UsageError } from './errors.ts';
import { plural, short, table } from './table.ts';

export const dlqList: Command = {
  words: 'dlq list',
  operands: '',
  summary: 'messages that could not be handled, of every service',
  help: `
Lists the dead letters of every service (a service's name is that of its consumer group), oldest first. A message that
failed stands first in the line of its key; those behind it are "parked": they wait for it in their order, and other
keys go on. REF is what the other dlq commands take.`,
  options: {
    group: { value: 'SERVICE', meaning: 'only those of one service' },
    dropped: { meaning: 'what was dropped instead: when, by whom and why' },
    limit: { value: 'N', meaning: 'at most this many of each service (default 100)' },
  },
  async run(call) {
    if (call.operands.length > 0) throw new UsageError('dlq list expects no arguments');
    const group = call.text('group');
    const groups = group === undefined ? serviceNames : [serviceNamed(group)];
    const limit = count(call, 'limit', 100);
    return call.on('dropped') ? listDropped(call, groups, limit) : listLetters(call, groups, limit);
  },
};

async function listLetters(call: Call, groups: readonly ServiceName[], limit: number): Promise<Report> {
  const letters = (await Promise.all(groups.map((group) => lettersOf(call, group, limit)))).flat();
  const rows = letters.map((letter) => [
    `${letter.group}/${letter.id}`,
    letter.createdAt.toISOString(),
    letter.reason,
    String(letter.attempts),
    letter.type ?? '–',
    letter.key,
    short(letter.error, 70),
  ]);
  return {
    json: letters.map((letter) => ({ ref: `${letter.group}/${letter.id}`, ...letter })),
    lines:
      rows.length === 0
        ? ['no dead letters']
        : [...table(['REF', 'SINCE', 'REASON', 'ATTEMPTS', 'TYPE', 'KEY', 'ERROR'], rows), '', plural(rows.length, 'dead letter')],
  };
}

async function lettersOf(call: Call, group: ServiceName, limit: number): Promise<DeadLetter[]> {
  const found: DeadLetter[] = [];
  try {
    for await (const letter of allDeadLetters({ database: call.connections.database(group), group })) {
      found.push(letter);
      if (found.length === limit) break;
    }
  } catch (error) {
    throw explain(error, `the database of ${group}`);
  }
  return found;
}

async function listDropped(call: Call, groups: readonly ServiceName[], limit: number): Promise<Report> {
  const read = (group: ServiceName): Promise<Drop[]> =>
    drops({ database: call.connections.database(group), group, limit }).catch((error: unknown) => {
      throw explain(error, `the database of ${group}`);
    });
  const dropped = (await Promise.all(groups.map(read))).flat();
  const rows = dropped.map((entry) => [
    `${entry.group}/${entry.id}`,
    entry.droppedAt.toISOString(),
    entry.droppedBy,
    entry.type ?? '–',
    entry.key,
    entry.why,
  ]);
  return {
    json: dropped,
    lines: rows.length === 0 ? ['nothing was dropped'] : table(['REF', 'DROPPED', 'BY', 'TYPE', 'KEY', 'WHY'], rows),
  };
}
