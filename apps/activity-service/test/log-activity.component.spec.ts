import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DomainError, newId } from '@tom/kernel';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());
beforeEach(() => {
  system.answers.asked.length = 0;
  system.answers.completable = () => undefined;
});

const route = (orgId: string) => `POST /orgs/${orgId}/activities`;
const inMs = (ms: number) => new Date(system.clock.now().getTime() + ms).toISOString();
const log = (orgId: string, fields: Record<string, unknown> = {}, call = system.ida()) =>
  system.client.logActivity({ orgId, fields: { activityType: 'CALL', ...fields } }, call);
const violations = (...paths: string[]): unknown =>
  expect.objectContaining({
    code: 'INVALID',
    details: { violations: paths.map((path): unknown => expect.objectContaining({ path })) },
  });
const count = async (table: string, orgId: string) =>
  (await system.database.query<{ n: number }>({
    name: `test.count.${table}`,
    text: `select count(*)::int as n from ${table} where org_id = $1`,
  }, [orgId]))[0]?.n;

describe('logging an activity', () => {
  it('answers it, keeps it, tells it and puts it on the timeline', async () => {
    const orgId = system.org();
    const followUpAt = inMs(86_400_000);
    const activity = await log(orgId, {
      direction: 'OUTBOUND',
      outcomeCode: 'NO_ANSWER',
      notes: 'Mailbox',
      durationMinutes: 3,
      followUpAt,
    });
    expect(activity).toMatchObject({
      orgId,
      activityType: 'CALL',
      direction: 'OUTBOUND',
      outcomeCode: 'NO_ANSWER',
      notes: 'Mailbox',
      durationMinutes: 3,
      followUpAt,
      version: 1,
      createdBy: 'ida',
      updatedBy: 'ida',
      followUpRevision: 1,
      occurredAt: system.clock.now().toISOString(),
    });
    expect(await system.client.getActivity({ activityId: activity.activityId }, system.otto())).toEqual(activity);
    const { items } = await system.client.listTimeline({ orgId, kinds: [], pageSize: 10 }, system.ida());
    expect(items).toEqual([expect.objectContaining({
      kind: 'ACTIVITY',
      at: activity.occurredAt,
      actor: 'user:ida',
      title: { de: 'Anruf · Nicht erreicht', en: 'Call · No answer' },
      detail: 'Mailbox',
      source: { type: 'activity', id: activity.activityId },
    })]);
    const [event] = await system.told(orgId, 1);
    expect(event).toMatchObject({
      type: 'tom.activity.v1.ActivityLogged',
      aggregateId: activity.activityId,
      revision: 1,
      actor: 'user:ida',
      depth: 0,
      key: orgId,
      data: { activity: { activityId: activity.activityId, followUpAt, followUpRevision: 1 } },
    });
    expect(await count('activity_history', orgId)).toBe(1);
  });

  it('belongs to the open case in the engine of whoever logs, with its queue', async () => {
    const orgId = system.org();
    const sales = system.openCase(orgId);
    const field = system.openCase(orgId, 'outside_sales', 'OUTSIDE_SALES');
    expect(await log(orgId)).toMatchObject({ caseId: sales, queue: 'INSIDE_SALES' });
    expect(await log(orgId, {}, system.otto())).toMatchObject({ caseId: field, queue: 'OUTSIDE_SALES' });
    expect((await log(orgId, {}, system.mia())).caseId).toBeUndefined();
    expect(await log(orgId, { caseId: field })).toMatchObject({ caseId: field, queue: 'OUTSIDE_SALES' });
  });

  it('asks the owners once for what it lacks, then remembers', async () => {
    const orgId = system.org();
    system.openCase(orgId);
    await log(orgId);
    expect(system.answers.asked).toEqual(['getOrg', 'getCaseFacts']);
    await log(orgId);
    expect(system.answers.asked).toHaveLength(2);
  });

  it('asks again about cases while the company is new, and no more after five seconds', async () => {
    const orgId = system.org();
    await log(orgId);
    await log(orgId);
    expect(system.answers.asked.filter((name) => name === 'getCaseFacts')).toHaveLength(2);
    system.clock.advance(5_000);
    await log(orgId);
    expect(system.answers.asked.filter((name) => name === 'getCaseFacts')).toHaveLength(2);
  });

  it('names every bad field at once', async () => {
    const orgId = system.org();
    await expect(
      log(orgId, {
        activityType: 'CALL',
        outcomeCode: 'SENT',
        followUpAt: inMs(-1_000),
        occurredAt: inMs(61_000),
        contactId: 'x',
      }),
    )
      .rejects.toEqual(violations('outcomeCode', 'contactId', 'occurredAt', 'followUpAt'));
    await expect(system.client.logActivity({ orgId }, system.ida())).rejects.toEqual(violations('activityType'));
    expect(await count('activity', orgId)).toBe(0);
  });

  it('refuses a case or contact that is not one of the company', async () => {
    const [orgId, other] = [system.org(), system.org()];
    const caseId = system.openCase(other);
    const contactId = newId();
    system.answers.contacts.set(contactId, other);
    await expect(log(orgId, { caseId, contactId })).rejects.toEqual(violations('caseId', 'contactId'));
    await expect(log(orgId, { caseId: newId(), contactId: newId() })).rejects.toEqual(
      violations('caseId', 'contactId'),
    );
    expect(await log(other, { caseId, contactId })).toMatchObject({ caseId, contactId });
  });

  it('does not know companies that nobody knows, nor malformed ids', async () => {
    for (const orgId of [newId(), 'nonsense']) {
      await expect(log(orgId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(log(orgId, { activityType: 'X' })).rejects.toMatchObject({ code: 'INVALID' });
      await expect(log(orgId, {}, system.call('nobody', []))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it('needs a role that may log, and a token', async () => {
    const orgId = system.org();
    await expect(log(orgId, {}, system.call('nobody', ['visitor']))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(log(orgId, {}, { correlationId: newId(), token: 'forged' })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('of a task asks its owner first, and logs nothing when it refuses', async () => {
    const orgId = system.org();
    const completesTaskId = newId();
    expect(await log(orgId, { completesTaskId })).toMatchObject({ completesTaskId });
    expect(system.answers.asked.at(-1)).toBe('checkCompletable');
    const before = await count('activity', orgId);
    system.answers.completable = () => {
      throw new DomainError('TASK_CLAIMED_BY', 'Olga has it.', { by: 'olga', at: '2026-03-02T09:00:00.000Z' });
    };
    await expect(log(orgId, { completesTaskId })).rejects.toMatchObject({
      code: 'TASK_CLAIMED_BY',
      details: { by: 'olga' },
    });
    system.answers.completable = () => {
      throw DomainError.stateRefused('It is done.', 'DONE');
    };
    await expect(log(orgId, { completesTaskId })).rejects.toMatchObject({
      code: 'STATE_REFUSED',
      details: { state: 'DONE' },
    });
    system.answers.completable = () => {
      throw DomainError.notFound('The task');
    };
    await expect(log(orgId, { completesTaskId })).rejects.toEqual(violations('completesTaskId'));
    const foreign = { caseId: newId(), contactId: newId(), completesTaskId };
    await expect(log(orgId, foreign)).rejects.toMatchObject({
      code: 'INVALID',
      details: { violations: [{ path: 'caseId' }, { path: 'contactId' }, { path: 'completesTaskId' }] },
    });
    expect(await count('activity', orgId)).toBe(before);
  });
});

describe('the same key', () => {
  it('with the same body answers the first result, also when the follow-up has passed since', async () => {
    const orgId = system.org();
    const call = () => system.ida({ idempotency: { key: 'k1', route: route(orgId) } });
    const fields = { followUpAt: inMs(1_000), subject: 'x' };
    const first = await log(orgId, fields, call());
    system.clock.advance(60_000);
    expect(await log(orgId, fields, call())).toEqual(first);
    expect(await count('activity', orgId)).toBe(1);
    expect(await system.told(orgId, 1)).toHaveLength(1);
  });

  it('with another body is refused, after everything that is wrong with that body', async () => {
    const orgId = system.org();
    const call = () => system.ida({ idempotency: { key: 'k2', route: route(orgId) } });
    await log(orgId, { notes: 'one' }, call());
    await expect(log(orgId, { notes: 'two' }, call())).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await expect(log(orgId, { notes: '' }, call())).rejects.toEqual(violations('notes'));
    expect(await log(orgId, { notes: 'two' }, system.otto({ idempotency: { key: 'k2', route: route(orgId) } })))
      .toMatchObject({ notes: 'two' });
  });

  it('ten times at once logs one activity', async () => {
    const orgId = system.org();
    await log(orgId);
    const call = () => system.ida({ idempotency: { key: 'k3', route: route(orgId) } });
    const all = await Promise.all(Array.from({ length: 10 }, () => log(orgId, { notes: 'twin' }, call())));
    expect(new Set(all.map((activity) => activity.activityId)).size).toBe(1);
    expect(await count('activity', orgId)).toBe(2);
  });

  it('is free again after a refusal', async () => {
    const orgId = system.org();
    const call = () => system.ida({ idempotency: { key: 'k4', route: route(orgId) } });
    await expect(log(orgId, { outcomeCode: 'NOPE' }, call())).rejects.toMatchObject({ code: 'INVALID' });
    expect(await log(orgId, {}, call())).toMatchObject({ orgId });
  });
});

describe('many at once', () => {
  it('each item is verified and judged by itself, in order', async () => {
    const orgId = system.org();
    // Nobody is asked about a company that is known and settled, so the first of three with one key stays the first.
    await log(orgId);
    system.clock.advance(5_000);
    const item = (token: string, fields: Record<string, unknown>, key?: string) => ({
      call: { token, correlationId: newId(), ...(key && { idempotencyKey: key, idempotencyRoute: route(orgId) }) },
      request: { orgId, fields: { activityType: 'CALL', ...fields } },
    });
    const ida = system.identity.userToken('ida', ['inside_sales']);
    const otto = system.identity.userToken('otto', ['outside_sales']);
    const { results } = await system.client.logActivities({
      items: [
        item(ida, { notes: 'a' }),
        item('forged', {}),
        item(otto, { notes: 'b' }),
        item(ida, { outcomeCode: 'X' }),
        item(ida, { notes: 'c' }, 'b1'),
        item(ida, { notes: 'c' }, 'b1'),
        item(ida, { notes: 'd' }, 'b1'),
        item(system.identity.userToken('eve', []), {}),
      ],
    }, system.call('gateway', []));
    expect(results.map(({ activity, error }) => activity?.createdBy ?? error?.code)).toEqual([
      'ida',
      'UNAUTHENTICATED',
      'otto',
      'INVALID',
      'ida',
      'ida',
      'IDEMPOTENCY_KEY_REUSED',
      'FORBIDDEN',
    ]);
    expect(results[4]?.activity?.activityId).toBe(results[5]?.activity?.activityId);
    expect(results[3]?.error?.details).toMatchObject({ violations: [{ path: 'outcomeCode' }] });
    expect(await count('activity', orgId)).toBe(4);
    expect((await system.told(orgId, 4)).map((event) => event.actor).sort()).toEqual([
      'user:ida',
      'user:ida',
      'user:ida',
      'user:otto',
    ]);
  });

  it('a hundred callers are all answered with their own activity', async () => {
    const orgId = system.org();
    await log(orgId);
    const all = await Promise.all(Array.from({ length: 100 }, (_, at) => log(orgId, { subject: `s${at}` })));
    expect(all.map((activity) => activity.subject)).toEqual(Array.from({ length: 100 }, (_, at) => `s${at}`));
    expect(await system.told(orgId, 101)).toHaveLength(101);
  });

  it('a write that fails leaves the others of its batch alone', async () => {
    const orgId = system.org();
    await log(orgId);
    await system.database.query({
      name: 'test.bomb',
      text: `
      create or replace function bomb() returns trigger language plpgsql as $$ begin
        if new.subject = 'bomb' then raise exception 'bomb'; end if; return new; end $$`,
    });
    await system.database.query({
      name: 'test.trigger',
      text: 'create trigger bomb before insert on activity for each row execute function bomb()',
    });
    const all = await Promise.allSettled([
      log(orgId, { subject: 'a' }),
      log(orgId, { subject: 'bomb' }),
      log(orgId, { subject: 'b' }),
    ]);
    expect(all.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await system.database.query({ name: 'test.no_trigger', text: 'drop trigger bomb on activity' });
    expect(await count('timeline_entry', orgId)).toBe(3);
    expect(await system.told(orgId, 3)).toHaveLength(3);
  });
});

describe('checking an activity', () => {
  it('answers it resolved and writes nothing', async () => {
    const orgId = system.org();
    const caseId = system.openCase(orgId);
    const request = { orgId, fields: { activityType: 'CALL' } };
    expect(await system.client.checkActivity(request, system.ida())).toEqual({
      fields: { activityType: 'CALL', occurredAt: system.clock.now().toISOString(), caseId },
      queue: 'INSIDE_SALES',
    });
    expect(await count('activity', orgId)).toBe(0);
  });

  it('gives the refusal that logging would give', async () => {
    const orgId = system.org();
    await expect(
      system.client.checkActivity({ orgId, fields: { activityType: 'CALL', followUpAt: inMs(-1) } }, system.ida()),
    )
      .rejects.toEqual(violations('followUpAt'));
    await expect(system.client.checkActivity({ orgId: newId(), fields: { activityType: 'CALL' } }, system.ida()))
      .rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
