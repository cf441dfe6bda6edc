import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CaseNoteAdded,
  CaseOpened,
  LogActivity,
  OrgCreated,
  OrgErased,
  OrgStageChanged,
  TaskCompleted,
  TaskCreated,
} from '@tom/contracts/messages';
import { DomainError, newId } from '@tom/kernel';
import { claimNext } from '../src/adapters/rebuild-table.ts';
import { eventually } from '@tom/service/testing';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const at = '2026-03-02T09:00:00.000Z';
const company = (orgId: string, currentStage = 'UNVERIFIED') => ({
  orgId,
  name: 'Kessler',
  orgKind: 'customer',
  status: 'lead',
  currentStage,
  stageSince: at,
  version: 1,
  createdAt: at,
  createdBy: 'olga',
  updatedAt: at,
  updatedBy: 'olga',
});
const task = (orgId: string, more: object = {}) => ({
  taskId: newId(),
  orgId,
  taskType: 'CALL_BACK',
  title: 'Rückruf',
  assignedQueue: 'INSIDE_SALES',
  assigneeRole: 'inside_sales',
  priority: 'NORMAL',
  dueIsEndOfDay: false,
  status: 'OPEN',
  origin: 'ACTIVITY',
  version: 1,
  createdAt: at,
  createdBy: 'ida',
  ...more,
});
const caseOf = (orgId: string) => ({
  caseId: newId(),
  number: '1',
  orgId,
  caseType: 'QUALIFY_COMPANY',
  engine: 'inside_sales',
  status: 'NEW',
  ownerRole: 'inside_sales',
  ownerQueue: 'INSIDE_SALES',
  priority: 'NORMAL',
  title: 'Qualifizierung: Kessler',
  openedAt: at,
  openedBy: 'template:qualify_company',
  returnCount: 0,
  version: 1,
});

const run = (name: string, text: string, values: unknown[] = []) =>
  system.database.query<Record<string, unknown>>({ name: `test.${name}`, text }, values);
const rows = (orgId: string) =>
  run('rows', 'select * from timeline_entry where org_id = $1 order by at, entry_id', [orgId]);
const log = (orgId: string, fields: Record<string, unknown> = {}) =>
  system.client.logActivity({ orgId, fields: { activityType: 'CALL', ...fields } }, system.ida());

async function request(orgId?: string): Promise<string> {
  const rebuildId = newId();
  await run('request', `insert into timeline_rebuild (rebuild_id, org_id, requested_by) values ($1, $2, 'root')`, [
    rebuildId,
    orgId ?? null,
  ]);
  return rebuildId;
}

async function outcome(rebuildId: string): Promise<Record<string, unknown> | undefined> {
  return eventually(async () => {
    const [state] = await run('state', 'select * from timeline_rebuild where rebuild_id = $1', [rebuildId]);
    expect(state?.['finished_at'], String(state?.['error'])).not.toBeNull();
    return state;
  }, 20_000);
}

/** A company with something of every owner; answers how many entries that makes. */
async function tellOf(orgId: string): Promise<number> {
  system.answers.orgs.add(orgId);
  await system.publish(OrgCreated, orgId, { org: company(orgId) });
  await system.publish(
    OrgStageChanged,
    orgId,
    {
      orgId,
      fromStage: 'UNVERIFIED',
      toStage: 'QUALIFYING',
      reasonCode: 'CASE_OPENED',
      reasonNote: 'seen at the fair',
      changedAt: at,
      org: company(orgId, 'QUALIFYING'),
      stagesVersion: 1,
    },
    { revision: 2, actor: 'template:qualify_company', causationId: newId(), template: 'qualify_company', templateVersion: 1 },
  );
  const opened = caseOf(orgId);
  await system.publish(CaseOpened, orgId, { case: opened }, { aggregateId: opened.caseId });
  const note = { noteId: newId(), caseId: opened.caseId, noteType: 'comment', body: 'x', createdBy: 'ida', createdAt: at };
  await system.publish(CaseNoteAdded, orgId, { case: opened, note }, { aggregateId: opened.caseId, revision: 2 });
  const created = task(orgId);
  await system.publish(TaskCreated, orgId, { task: created }, { aggregateId: created.taskId });
  const completed = { ...created, status: 'DONE', result: 'reached' };
  await system.publish(TaskCompleted, orgId, { task: completed }, { aggregateId: created.taskId, revision: 2 });
  const { activityId } = await log(orgId, { notes: 'one', outcomeCode: 'NO_ANSWER' });
  const fields = { activityType: '', notes: 'two' };
  await system.client.updateActivity({ activityId, version: 1, updateMask: ['notes'], fields }, system.otto());
  const gone = await log(orgId, { subject: 'wrong' });
  await system.client.deleteActivity({ activityId: gone.activityId, version: 1 }, system.ida());
  const moved = { activityType: 'NOTE', occurredAt: at, notes: 'with the move' };
  const command = { activityId: newId(), orgId, fields: moved, createdBy: 'ida', createdAt: at };
  await system.publish(LogActivity, orgId, command, { actor: 'user:ida' });
  return 8;
}

describe('a rebuild of the timeline', () => {
  it('of one company has the same entries as before, adds what is missing, corrects and removes', async () => {
    const orgId = newId();
    const size = await tellOf(orgId);
    await eventually(async () => expect(await rows(orgId)).toHaveLength(size));
    const before = await rows(orgId);
    const unchanged = await outcome(await request(orgId));
    expect(unchanged).toMatchObject({ companies: 1, added: 0, changed: 0, removed: 0 });
    expect(await rows(orgId)).toEqual(before);

    await run('alter', `update timeline_entry set title_de = 'falsch' where entry_id = $1`, [before[0]?.['entry_id']]);
    await run('remove', 'delete from timeline_entry where entry_id = any ($1::uuid[])', [
      before.slice(1, 4).map((row) => row['entry_id']),
    ]);
    await run(
      'stray',
      `insert into timeline_entry (entry_id, org_id, kind, at, actor, title_de, title_en, source_type, source_id)
       values ($1, $2, 'ORG', now(), 'x', 'x', 'x', 'org', 'x')`,
      [newId(), orgId],
    );
    expect(await outcome(await request(orgId))).toMatchObject({ companies: 1, added: 3, changed: 1, removed: 1 });
    expect(await rows(orgId)).toEqual(before);
  });

  it('of all companies from nothing, while events arrive and people write, loses and doubles nothing', async () => {
    const companies = Array.from({ length: 12 }, () => newId());
    for (const orgId of companies) await tellOf(orgId);
    for (const orgId of companies) await eventually(async () => expect(await rows(orgId)).toHaveLength(8));
    const before = new Map<string, Record<string, unknown>[]>();
    for (const orgId of companies) before.set(orgId, await rows(orgId));
    // Of a company that its owner does not know, too: what the timeline shows of it belongs to nobody.
    const nobody = newId();
    await run(
      'nobody',
      `insert into timeline_entry (entry_id, org_id, kind, at, actor, title_de, title_en, source_type, source_id)
       values ($1, $2, 'ORG', now(), 'x', 'x', 'x', 'org', 'x')`,
      [newId(), nobody],
    );
    await run('half', 'delete from timeline_entry where org_id = any ($1::uuid[]) and ascii(right(entry_id::text, 1)) % 2 = 0', [
      companies,
    ]);
    const rebuildId = await request();
    for (let n = 1; n <= 5; n += 1) {
      for (const orgId of companies) {
        const created = task(orgId);
        await system.publish(TaskCreated, orgId, { task: created }, { aggregateId: created.taskId });
        const { activityId } = await log(orgId, { notes: `${n}` });
        await system.client.updateActivity(
          { activityId, version: 1, updateMask: ['notes'], fields: { activityType: '', notes: `${n} changed` } },
          system.ida(),
        );
      }
    }
    const state = await outcome(rebuildId);
    expect(Number(state?.['companies'])).toBeGreaterThanOrEqual(12);
    for (const orgId of companies) {
      await eventually(async () => expect(await rows(orgId)).toHaveLength(8 + 10));
      expect(await rows(orgId)).toEqual(expect.arrayContaining(before.get(orgId) ?? []));
    }
    expect(await rows(nobody)).toEqual([]);
    // Once more in peace: there is nothing left to mend.
    expect(await outcome(await request())).toMatchObject({ added: 0, changed: 0, removed: 0, error: null });
  });

  it('brings no text of an erased company back', async () => {
    const orgId = newId();
    await tellOf(orgId);
    await eventually(async () => expect(await rows(orgId)).toHaveLength(8));
    await system.publish(OrgErased, orgId, { orgId }, { revision: 3 });
    await eventually(async () => expect(await rows(orgId)).toHaveLength(9));
    const before = await rows(orgId);
    await run('clear', 'delete from timeline_entry where org_id = $1', [orgId]);
    expect(await outcome(await request(orgId))).toMatchObject({ added: 9, removed: 0 });
    expect(await rows(orgId)).toEqual(before);
    expect(before.every((row) => row['detail'] === null && row['name'] === null)).toBe(true);
  });

  it('waits for an owner that is away, says so, and goes on', async () => {
    const orgId = newId();
    await tellOf(orgId);
    await eventually(async () => expect(await rows(orgId)).toHaveLength(8));
    await run('clear2', 'delete from timeline_entry where org_id = $1', [orgId]);
    const { histories } = system.answers;
    Object.defineProperty(system.answers, 'histories', {
      configurable: true,
      get: () => {
        throw new DomainError('UNAVAILABLE', 'away');
      },
    });
    const rebuildId = await request(orgId);
    await eventually(async () => {
      const [state] = await run('state', 'select * from timeline_rebuild where rebuild_id = $1', [rebuildId]);
      expect(state).toMatchObject({ finished_at: null, error: 'away' });
    }, 10_000);
    Object.defineProperty(system.answers, 'histories', { value: histories, writable: true });
    expect(await outcome(rebuildId)).toMatchObject({ added: 8, error: null });
  });

  it('is found by its index among those that are over', async () => {
    await run(
      'over',
      `insert into timeline_rebuild (rebuild_id, requested_by, finished_at) select gen_random_uuid(), 'x', now() from generate_series(1, 3000)`,
    );
    await run('analyze', 'analyze timeline_rebuild');
    const plan = await run('plan', `explain ${claimNext.text}`);
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('timeline_rebuild_open');
  });
});
