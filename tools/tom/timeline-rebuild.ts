import { setTimeout as sleep } from 'node:timers/promises';
import { isUuid, newId } from '@tom/kernel';
import { sql, type Database } from '@tom/postgres';
import { count, type Command } from './command.ts';
import { explain } from './connections.ts';
import { CommandError, UsageError } from './errors.ts';
import { plural } from './table.ts';

const POLL_MS = 250;

const request = sql(
  'tom.request_rebuild',
  'insert into timeline_rebuild (rebuild_id, org_id, requested_by) values ($1, $2, $3)',
);
const state = sql(
  'tom.rebuild_state',
  'select companies, added, changed, removed, error, finished_at from timeline_rebuild where rebuild_id = $1',
);

interface State {
  readonly companies: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly error: string | null;
  readonly finished_at: Date | null;
}

export const timelineRebuild: Command = {
  words: 'timeline rebuild',
  operands: '',
  summary: 'build the timeline anew from what every service has published',
  help: `
Asks the running activity-service to build the timeline anew, of every company or of one, and waits for it. It reads the
histories of the services that own what happened (by RPC: no service reads another's tables), adds entries that are
missing, corrects those that differ, and removes those that no history tells of. Entries keep their ids, so links to them
stay. People and services go on meanwhile; what happens during the rebuild is told as always. A restart of the service
goes on with the company where it was.`,
  options: {
    org: { value: 'ID', meaning: 'only this company' },
    wait: { value: 'SECONDS', meaning: 'how long to wait for the end (default 600)' },
  },
  async run(call) {
    if (call.operands.length > 0) throw new UsageError('timeline rebuild expects no arguments');
    const org = call.text('org');
    if (org !== undefined && !isUuid(org)) throw new UsageError(`--org expects the id of a company, not '${org}'`);
    const seconds = count(call, 'wait', 600);
    const database = call.connections.database('activity-service');
    const rebuildId = newId();
    try {
      await database.query(request, [rebuildId, org ?? null, call.account]);
      const found = await waitFor(database, rebuildId, seconds);
      const { companies, added, changed, removed, error, finished_at: finishedAt } = found;
      const sum = `${plural(companies, 'company').replace('companys', 'companies')}: ${added} added, ${changed} corrected, ${removed} removed`;
      const open = error ?? `after ${seconds} s it goes on; is activity-service running?`;
      return {
        failed: finishedAt === null || error !== null,
        json: { rebuildId, companies, added, changed, removed, finished: finishedAt !== null, ...(error && { error }) },
        lines: [finishedAt === null ? `not finished, ${sum}: ${open}` : error ? `failed: ${error}` : `rebuilt ${sum}`],
      };
    } catch (error) {
      throw error instanceof CommandError ? error : explain(error, 'the database of activity-service');
    }
  },
};

async function waitFor(database: Database, rebuildId: string, seconds: number): Promise<State> {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    const [found] = await database.query<State>(state, [rebuildId]);
    if (!found) throw new CommandError('the request has gone');
    if (found.finished_at !== null || performance.now() > end) return found;
    await sleep(POLL_MS);
  }
}
