import { newId, systemClock } from '@tom/kernel';
import { sql } from '@tom/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHistoryReader, type Envelope } from '../src/index.ts';
import { historyStatement } from '../src/history.ts';
import { createTestService, draftsFor, origin, type TestService } from './harness.ts';

let service: TestService;
beforeAll(async () => {
  service = await createTestService(systemClock);
});
afterAll(() => service.drop());

describe('the history of a company', () => {
  it('is paged in the order of time, complete, with each envelope and its data', async () => {
    const [orgId, other] = [newId(), newId()];
    for (let n = 1; n <= 7; n += 1) {
      await service.database.transaction(async (tx) => {
        await service.outbox.append(tx, origin(), [...draftsFor(orgId, [n]), ...draftsFor(other, [n])]);
      });
    }
    const read = createHistoryReader(service.database, 'thing_history');
    const seen: Envelope[] = [];
    let pageToken: string | undefined;
    do {
      const page = await read({ orgId, pageSize: 3, pageToken });
      seen.push(...page.envelopes.map((text) => JSON.parse(text) as Envelope));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(seen.map(({ subject, revision, data }) => [subject, revision, data])).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((n) => [orgId, n, { n }]),
    );
    expect(await read({ orgId: newId(), pageSize: 3 })).toEqual({ envelopes: [], nextPageToken: undefined });
    await expect(read({ orgId: 'x', pageSize: 3 })).rejects.toMatchObject({ kind: 'invalid' });
    const { nextPageToken } = await read({ orgId, pageSize: 1 });
    await expect(read({ orgId: other, pageSize: 1, pageToken: nextPageToken })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is read by its index', async () => {
    const fill = `insert into thing_history select gen_random_uuid(), md5((n % 500)::text)::uuid, gen_random_uuid(), 1, 't',
      now() - n * interval '1 minute', '{}' from generate_series(1, 20000) as n`;
    await service.database.query(sql('t.fill', fill));
    await service.database.query(sql('t.analyze', 'analyze thing_history'));
    const text = historyStatement('thing_history')
      .text.replace('$1', `md5('7')::uuid`)
      .replaceAll('$2', `(now() - interval '2 days')`)
      .replace('$3', 'gen_random_uuid()')
      .replace('$4', '201');
    const plan = await service.database.query<{ 'QUERY PLAN': string }>(sql('t.plan', `explain ${text}`));
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('thing_history_org');
  });
});
