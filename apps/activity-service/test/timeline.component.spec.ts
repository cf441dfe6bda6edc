import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '@tom/catalog';
import * as messages from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import { createOutbox, type Envelope } from '@tom/messaging';
import { createClient, createServiceTokens } from '@tom/runtime';
import type { Connect } from '@tom/service';
import { entryOf, toldTypes } from '../src/adapters/entries/entry-of.ts';
import { listPage, facts, dayOfPerson } from '../src/adapters/activity-table.ts';
import { lookUp } from '../src/adapters/known.ts';
import { createOwners } from '../src/adapters/owners.ts';
import { createPlaces } from '../src/adapters/places.ts';
import { pageOfCase, pageOfOrg } from '../src/adapters/timeline-table.ts';
import { subscriptions } from '../src/subscriptions.ts';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const log = (orgId: string, fields: Record<string, unknown> = {}) =>
  system.client.logActivity({ orgId, fields: { activityType: 'CALL', ...fields } }, system.ida());

/** Rows as if they had happened, a second apart, without going through the service. */
async function fill(orgId: string, kind: string, rows: number, caseId: string | null = null): Promise<void> {
  await system.database.query({
    name: 'test.fill',
    text: `
    insert into timeline_entry (entry_id, org_id, kind, at, actor, title_de, title_en, source_type, source_id, case_id)
    select gen_random_uuid(), $1::uuid, $2, timestamptz '2026-01-01' + make_interval(secs => n), 'user:x', 'x', 'x', 'org', 'x', $4::uuid
    from generate_series(1, $3::int) as n`,
  }, [orgId, kind, rows, caseId]);
}

async function walk(
  orgId: string,
  filter: { kinds?: string[]; caseId?: string } = {},
  between: () => Promise<unknown> = async () => undefined,
) {
  const ids: string[] = [];
  let pageToken: string | undefined;
  do {
    const page = await system.client.listTimeline(
      { orgId, kinds: [], pageSize: 7, pageToken, ...filter },
      system.ida(),
    );
    ids.push(...page.items.map((item) => item.entryId));
    pageToken = page.nextPageToken;
    if (pageToken) await between();
  } while (pageToken);
  return ids;
}

describe('the timeline', () => {
  it('paged while others write shows everything that was there exactly once, newest first', async () => {
    const orgId = system.org();
    await fill(orgId, 'TASK', 20);
    await fill(orgId, 'STAGE', 20);
    const before = (await system.client.listTimeline({ orgId, kinds: [], pageSize: 200 }, system.ida())).items;
    expect(before.map(({ at, entryId }) => `${at} ${entryId}`)).toEqual(
      before.map(({ at, entryId }) => `${at} ${entryId}`).sort().reverse(),
    );
    const seen = await walk(orgId, {}, () => log(orgId));
    expect(seen).toEqual(before.map((item) => item.entryId));
  });

  it('is filtered by kinds and by case', async () => {
    const orgId = system.org();
    const caseId = newId();
    await fill(orgId, 'TASK', 9);
    await fill(orgId, 'CASE', 9, caseId);
    await fill(orgId, 'NOTE', 2, caseId);
    expect(await walk(orgId, { kinds: ['TASK'] })).toHaveLength(9);
    expect(await walk(orgId, { kinds: ['TASK', 'NOTE'] })).toHaveLength(11);
    expect(await walk(orgId, { caseId })).toHaveLength(11);
    expect(await walk(orgId, { caseId, kinds: ['NOTE'] })).toHaveLength(2);
    expect(await walk(system.org(), { caseId })).toEqual([]);
  });

  it('refuses unknown kinds, malformed cases, foreign tokens, unknown companies and strangers', async () => {
    const orgId = system.org();
    await fill(orgId, 'TASK', 3);
    const list = (request: object, call = system.ida()) =>
      system.client.listTimeline({ orgId, kinds: [], pageSize: 1, ...request }, call);
    const paths = (...names: string[]) => ({
      code: 'INVALID',
      details: { violations: names.map((path) => ({ path })) },
    });
    await expect(list({ kinds: ['TASK', 'WEATHER'], caseId: 'x' })).rejects.toMatchObject(paths('kinds', 'caseId'));
    const { nextPageToken } = await list({});
    await expect(list({ kinds: ['TASK'], pageToken: nextPageToken })).rejects.toMatchObject(paths('pageToken'));
    await expect(list({ pageSize: 201 })).rejects.toMatchObject(paths('pageSize'));
    await expect(list({ orgId: newId() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(list({ orgId: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(list({}, system.call('eve', []))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('can be rebuilt from the history with the same entries and the same ids', async () => {
    const orgId = system.org();
    const { activityId } = await log(orgId, { notes: 'one' });
    await system.client.updateActivity({
      activityId,
      version: 1,
      updateMask: ['notes'],
      fields: { activityType: '', notes: 'two' },
    }, system.otto());
    const rows = await system.database.query<{ envelope: Envelope }>({
      name: 'test.history',
      text: 'select envelope from activity_history where org_id = $1 order by revision',
    }, [orgId]);
    const catalog = loadCatalog(system.config.configDir);
    const [logged, updated] = rows.map(({ envelope }) => entryOf(envelope, catalog));
    const { items } = await system.client.listTimeline({ orgId, kinds: [], pageSize: 10 }, system.ida());
    expect(items).toHaveLength(1);
    expect([logged?.entry_id, updated?.entry_id]).toEqual([items[0]?.entryId, items[0]?.entryId]);
    expect(logged?.actor).toBe(items[0]?.actor);
    expect(updated).toMatchObject({ detail: items[0]?.detail, at: items[0]?.at, title_de: items[0]?.title?.de });
  });

  it('tells only what it is subscribed to', () => {
    const { config, clock, database } = system;
    const clients: { close(): void }[] = [];
    const connect: Connect = (definition, options) => {
      const client = createClient(definition, options);
      clients.push(client);
      return client;
    };
    const owners = createOwners(connect, config);
    const deps = {
      catalog: loadCatalog(config.configDir),
      outbox: createOutbox({ source: 'activity-service', clock }),
      group: 'activity-service',
      places: createPlaces({ database, owners, clock }),
      serviceTokens: createServiceTokens({ keyFile: system.identity.serviceKeyFile('activity-service'), service: 'activity-service', clock }),
    };
    const types = new Set(subscriptions(deps).map(({ on }) => on.typeName));
    for (const client of clients) client.close();
    expect([...toldTypes].filter((type) => !types.has(type))).toEqual([]);
    expect(types.has(messages.LogActivity.typeName)).toBe(true);
  });
});

describe('activities of a company', () => {
  it('are paged newest first while others write', async () => {
    const orgId = system.org();
    const all: string[] = [];
    for (let at = 1; at <= 9; at += 1)
      all.unshift((await log(orgId, { occurredAt: `2026-01-0${at}T00:00:00Z` })).activityId);
    const seen: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await system.client.listActivities({ orgId, pageSize: 4, pageToken }, system.ida());
      seen.push(...page.items.map((item) => item.activityId));
      pageToken = page.nextPageToken;
      await log(orgId);
    } while (pageToken);
    expect(seen).toEqual(all);
  });

  it('are those of a known company only', async () => {
    await expect(system.client.listActivities({ orgId: newId(), pageSize: 1 }, system.ida())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(system.client.getActivity({ activityId: newId() }, system.ida())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('facts', () => {
  it('count contacts since an instant, and follow-ups whose task is not known', async () => {
    const orgId = system.org();
    const followUpAt = new Date(system.clock.now().getTime() + 60_000).toISOString();
    await log(orgId);
    system.clock.advance(10);
    const since = system.clock.now().toISOString();
    await log(orgId, { activityType: 'EMAIL', followUpAt });
    await log(orgId, { activityType: 'NOTE', followUpAt, occurredAt: '2020-01-01T00:00:00Z' });
    const { activityId } = await log(orgId);
    await system.client.deleteActivity({ activityId, version: 1 }, system.ida());
    const other = newId();
    const service = { correlationId: newId(), token: system.identity.serviceToken('stage-service') };
    const ask = async () =>
      (await system.client.getActivityFacts({ queries: [{ orgId, since }, { orgId: other }, { orgId }] }, service))
        .facts;
    expect(await ask()).toEqual([
      { orgId, contactsSince: 1, pendingFollowUps: 2 },
      { orgId: other, contactsSince: 0, pendingFollowUps: 0 },
      { orgId, contactsSince: 2, pendingFollowUps: 2 },
    ]);
    system.clock.advance(60_001);
    expect((await ask())[0]).toMatchObject({ pendingFollowUps: 0 });
  });

  it('are refused for malformed ids and too many companies', async () => {
    const ask = (queries: { orgId: string }[]) => system.client.getActivityFacts({ queries }, system.ida());
    await expect(ask([{ orgId: 'x' }])).rejects.toMatchObject({
      details: { violations: [{ path: 'queries[0].orgId' }] },
    });
    await expect(ask(Array.from({ length: 201 }, () => ({ orgId: newId() })))).rejects.toMatchObject({
      code: 'INVALID',
    });
  });
});

describe('my day', () => {
  it('counts my own calls of the business day, those that reached somebody, and follow-ups', async () => {
    const orgId = system.org();
    const dora = (fields: object) =>
      system.client.logActivity({ orgId, fields: { activityType: 'CALL', ...fields } }, system.call('dora', ['ops']));
    const followUpAt = new Date(system.clock.now().getTime() + 60_000).toISOString();
    await dora({ outcomeCode: 'NO_ANSWER', followUpAt });
    await dora({ outcomeCode: 'REACHED_DECISION_MAKER' });
    await dora({ activityType: 'NOTE' });
    await dora({ outcomeCode: 'REACHED_DECISION_MAKER', occurredAt: '2026-01-01T00:00:00Z' });
    await log(orgId);
    expect(await system.client.getMyDay({}, system.call('dora', ['ops']))).toEqual({
      calls: 2,
      reached: 1,
      followUpsAgreed: 1,
    });
  });
});

describe('with 100,000 entries', () => {
  it('every query over many rows reads a range of an index', async () => {
    const orgId = newId();
    const caseId = newId();
    await fill(orgId, 'ACTIVITY', 99_990, caseId);
    await fill(orgId, 'STAGE', 10);
    await system.database.query({
      name: 'test.fill_activities',
      text: `
      insert into activity (activity_id, org_id, activity_type, occurred_at, follow_up_revision, version, revision, created_at, created_by, updated_at, updated_by, follow_up_at)
      select gen_random_uuid(), case when n % 2 = 0 then $1::uuid else md5((n % 2000)::text)::uuid end, 'CALL', timestamptz '2026-01-01' + make_interval(secs => n), 0, 1, 1, timestamptz '2026-01-01' + make_interval(secs => n), 'p' || n % 50, now(), 'p', case when n % 4 = 0 then timestamptz '2026-01-01' end
      from generate_series(1, 40000) as n`,
    }, [orgId]);
    for (const table of ['timeline_entry', 'activity']) {
      await system.database.query({ name: `test.analyze.${table}`, text: `analyze ${table}` });
    }
    const plan = async (statement: { name: string; text: string }, values: unknown[]) => {
      const rows = await system.database.query<{ 'QUERY PLAN': string }>({
        name: `explain.${statement.name}.${values.length}`,
        text: `explain (analyze, buffers) ${statement.text}`,
      }, values);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const kinds = ['ACTIVITY', 'CASE', 'HANDOVER', 'NOTE', 'ORG', 'STAGE', 'TASK'];
    const now = new Date();
    const plans: [string, string][] = [
      ['first page', await plan(pageOfOrg, [orgId, kinds, null, null, 51])],
      [
        'page in the middle',
        await plan({ ...pageOfOrg, name: 'middle' }, [orgId, kinds, '2026-01-01T12:00:00Z', newId(), 51]),
      ],
      ['a rare kind', await plan({ ...pageOfOrg, name: 'rare' }, [orgId, ['STAGE'], null, null, 51])],
      ['a case', await plan(pageOfCase, [orgId, kinds, null, null, 51, caseId])],
      ['activities', await plan(listPage, [orgId, null, null, 51])],
      ['facts', await plan(facts, [JSON.stringify([{ item: 0, org_id: orgId, since: null }]), ['CALL'], now])],
      ['my day', await plan(dayOfPerson, ['p7', now, now, ['X']])],
      ['look-up', await plan(lookUp, [JSON.stringify([{ item: 0, org_id: orgId }])])],
    ];
    for (const [what, text] of plans) {
      expect(text, what).not.toMatch(/Seq Scan on (timeline_entry|activity)\b/);
      const time = Number(/Execution Time: ([\d.]+) ms/.exec(text)?.[1]);
      expect(time, `${what}\n${text}`).toBeLessThan(20);
      // A bitmap of 20,000 index entries takes 1 ms; what counts is how many rows are looked at.
      const looked = text.split('\n').filter((line) => !line.includes('Bitmap Index Scan')).join('\n');
      const read = Math.max(...[...looked.matchAll(/rows=(\d+)(?:\.\d+)? loops/g)].map((match) => Number(match[1])));
      expect(read, `${what}\n${text}`).toBeLessThanOrEqual(1_000);
    }
  });
});
