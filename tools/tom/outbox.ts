import { outboxState } from '@tom/messaging';
import type { Command } from './command.ts';
import { explain, serviceNames } from './connections.ts';
import { UsageError } from './errors.ts';
import { age, table } from './table.ts';

export const outbox: Command = {
  words: 'outbox',
  operands: '',
  summary: 'messages that each service has still to publish, and how long the oldest has waited',
  help: `
Shows for every service how many messages wait in its outbox and since when the oldest does. Rows go as soon as they are
published: a depth that stays, or an oldest of more than some seconds, means that the service does not run or that the
event log is away. At 200,000 a service refuses to write.`,
  options: {},
  async run(call) {
    if (call.operands.length > 0) throw new UsageError('outbox expects no arguments');
    const states = await Promise.all(
      serviceNames.map(async (service) => {
        try {
          return { service, ...(await outboxState(call.connections.database(service))) };
        } catch (error) {
          throw explain(error, `the database of ${service}`);
        }
      }),
    );
    const rows = states.map(({ service, waiting, oldestSeconds }) => [
      service,
      String(waiting),
      waiting === 0 ? '–' : age(oldestSeconds),
    ]);
    return { json: states, lines: table(['SERVICE', 'WAITING', 'OLDEST'], rows) };
  },
};
