import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@tom/kernel';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const inMs = (ms: number) => new Date(system.clock.now().getTime() + ms).toISOString();
const log = (orgId: string, fields: Record<string, unknown> = {}) =>
  system.client.logActivity({ orgId, fields: { activityType: 'CALL', ...fields } }, system.ida());
const patch = (activityId: string, version: number, fields: Record<string, unknown>, call = system.ida()) =>
  system.client.updateActivity(
    { activityId, version, updateMask: Object.keys(fields), fields: { activityType: '', ...fields } },
    call,
  );
const invalid = (...paths: string[]): unknown =>
  expect.objectContaining({
    code: 'INVALID',
    details: { violations: paths.map((path): unknown => expect.objectContaining({ path })) },
  });

describe('changing an activity', () => {
  it('counts its version, tells what changed, and corrects its one timeline entry', async () => {
    const orgId = system.org();
    const { activityId } = await log(orgId, { notes: 'one', followUpAt: inMs(3_600_000) });
    const changed = await patch(activityId, 1, { notes: 'two', outcomeCode: 'NO_ANSWER' });
    expect(changed).toMatchObject({ version: 2, notes: 'two', outcomeCode: 'NO_ANSWER', followUpRevision: 1 });
    expect(await system.client.getActivity({ activityId }, system.ida())).toEqual(changed);
    const { items } = await system.client.listTimeline({ orgId, kinds: [], pageSize: 10 }, system.ida());
    expect(items).toEqual([
      expect.objectContaining({ detail: 'two', title: { de: 'Anruf · Nicht erreicht', en: 'Call · No answer' } }),
    ]);
    expect((await system.told(orgId, 2))[1]).toMatchObject({
      type: 'tom.activity.v1.ActivityUpdated',
      revision: 2,
      data: { changedFields: ['outcomeCode', 'notes'], activity: { notes: 'two', followUpRevision: 1 } },
    });
  });

  it('tells when a follow-up was moved or cleared, and not when it stays', async () => {
    const orgId = system.org();
    const { activityId, followUpAt } = await log(orgId, { followUpAt: inMs(3_600_000) });
    expect(await patch(activityId, 1, { followUpAt })).toMatchObject({ version: 1, followUpRevision: 1 });
    const moved = inMs(7_200_000);
    expect(await patch(activityId, 1, { followUpAt: moved })).toMatchObject({
      version: 2,
      followUpRevision: 2,
      followUpAt: moved,
    });
    const cleared = await patch(activityId, 2, { followUpAt: undefined });
    expect(cleared).toMatchObject({ version: 3, followUpRevision: 3 });
    expect(cleared.followUpAt).toBeUndefined();
    expect(await system.told(orgId, 3)).toHaveLength(3);
  });

  it('refuses a follow-up moved into the past, but lets one that has passed stand', async () => {
    const { activityId, followUpAt } = await log(system.org(), { followUpAt: inMs(1_000) });
    await expect(patch(activityId, 1, { followUpAt: inMs(-1_000) })).rejects.toEqual(invalid('followUpAt'));
    system.clock.advance(60_000);
    expect(await patch(activityId, 1, { followUpAt, notes: 'late' })).toMatchObject({ version: 2, followUpAt });
  });

  it("moves to another case and its queue, or out of it; another company's is refused", async () => {
    const [orgId, other] = [system.org(), system.org()];
    const field = system.openCase(orgId, 'outside_sales', 'OUTSIDE_SALES');
    const { activityId } = await log(orgId);
    expect(await patch(activityId, 1, { caseId: field })).toMatchObject({ caseId: field, queue: 'OUTSIDE_SALES' });
    await expect(patch(activityId, 2, { caseId: system.openCase(other) })).rejects.toEqual(invalid('caseId'));
    const out = await patch(activityId, 2, { caseId: undefined });
    expect([out.caseId, out.queue, out.version]).toEqual([undefined, undefined, 3]);
    await expect(patch(activityId, 3, { contactId: newId() })).rejects.toEqual(invalid('contactId'));
  });

  it('does not change cases because something else is changed', async () => {
    const orgId = system.org();
    const { activityId } = await log(orgId);
    const contactId = newId();
    system.answers.contacts.set(contactId, orgId);
    system.openCase(orgId);
    expect((await patch(activityId, 1, { contactId })).caseId).toBeUndefined();
  });

  it('refuses what cannot be: by itself, together with the rest, or at all', async () => {
    const { activityId } = await log(system.org(), { outcomeCode: 'NO_ANSWER' });
    await expect(patch(activityId, 1, { notes: '', durationMinutes: -1 })).rejects.toEqual(
      invalid('durationMinutes', 'notes'),
    );
    await expect(patch(activityId, 1, { activityType: 'EMAIL' })).rejects.toEqual(invalid('outcomeCode'));
    await expect(patch(activityId, 1, { activityType: '', occurredAt: undefined })).rejects.toEqual(
      invalid('activityType', 'occurredAt'),
    );
    await expect(patch(activityId, 1, { completesTaskId: newId() })).rejects.toEqual(invalid('completesTaskId'));
    await expect(patch(activityId, 1, { occurredAt: inMs(120_000) })).rejects.toEqual(invalid('occurredAt'));
  });

  it('refuses a stale version with the activity as it is now', async () => {
    const { activityId } = await log(system.org());
    const current = await patch(activityId, 1, { notes: 'newer' });
    const stale = await patch(activityId, 1, { notes: 'older' }).catch((error: unknown) => error);
    expect(stale).toMatchObject({
      code: 'STALE_VERSION',
      details: { by: 'ida', at: current.updatedAt, current: { activityId, version: 2, notes: 'newer' } },
    });
  });

  it('of two at once one wins', async () => {
    const { activityId } = await log(system.org());
    const both = await Promise.allSettled([patch(activityId, 1, { notes: 'a' }), patch(activityId, 1, { notes: 'b' })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('repeated under its key answers the same', async () => {
    const orgId = system.org();
    const { activityId } = await log(orgId);
    const call = () => system.ida({ idempotency: { key: 'p1', route: `PATCH /activities/${activityId}` } });
    const first = await patch(activityId, 1, { notes: 'a' }, call());
    expect(await patch(activityId, 1, { notes: 'a' }, call())).toEqual(first);
    expect(await system.told(orgId, 2)).toHaveLength(2);
  });

  it('needs the right, and something to change', async () => {
    const { activityId } = await log(system.org());
    await expect(patch(activityId, 1, { notes: 'a' }, system.call('eve', []))).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    for (const id of [newId(), 'nonsense'])
      await expect(patch(id, 1, { notes: 'a' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('deleting an activity', () => {
  it('makes it disappear everywhere and tells what it had completed', async () => {
    const orgId = system.org();
    const completesTaskId = newId();
    const { activityId } = await log(orgId, { notes: 'secret', completesTaskId });
    await system.client.deleteActivity({ activityId, version: 1 }, system.ida());
    await expect(system.client.getActivity({ activityId }, system.ida())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await system.client.listActivities({ orgId, pageSize: 10 }, system.ida())).items).toEqual([]);
    expect((await system.client.listTimeline({ orgId, kinds: [], pageSize: 10 }, system.ida())).items).toEqual([]);
    expect((await system.told(orgId, 2))[1]).toMatchObject({
      type: 'tom.activity.v1.ActivityDeleted',
      revision: 2,
      data: { activityId, completesTaskId, activityType: 'CALL' },
    });
    await expect(system.client.deleteActivity({ activityId, version: 1 }, system.ida())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(patch(activityId, 1, { notes: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses a stale version, an unknown id, and who may not', async () => {
    const { activityId } = await log(system.org());
    await expect(system.client.deleteActivity({ activityId, version: 7 }, system.ida())).rejects.toMatchObject({
      code: 'STALE_VERSION',
    });
    await expect(system.client.deleteActivity({ activityId: 'x', version: 1 }, system.ida())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(system.client.deleteActivity({ activityId, version: 1 }, system.call('eve', []))).rejects
      .toMatchObject({ code: 'FORBIDDEN' });
  });

  it('repeated under its key answers the same', async () => {
    const { activityId } = await log(system.org());
    const call = () => system.ida({ idempotency: { key: 'd1', route: `DELETE /activities/${activityId}` } });
    await system.client.deleteActivity({ activityId, version: 1 }, call());
    await expect(system.client.deleteActivity({ activityId, version: 1 }, call())).resolves.toEqual({});
  });
});
