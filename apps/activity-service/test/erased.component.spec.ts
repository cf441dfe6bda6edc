import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogActivity, OrgErased } from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import { eventually } from '@tom/service/testing';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const refused = { code: 'STATE_REFUSED', details: { state: 'ERASED' } };
const log = (orgId: string, fields: Record<string, unknown> = {}) =>
  system.client.logActivity({ orgId, fields: { activityType: 'CALL', ...fields } }, system.ida());
const heard = (orgId: string) =>
  eventually(async () => {
    const text = 'select 1 from known_org where org_id = $1 and erased';
    expect(await system.database.query({ name: 'test.erased', text }, [orgId])).toHaveLength(1);
  });

describe('an erased company', () => {
  it('takes no activities, whatever this service has heard of it so far; what it has can be taken back', async () => {
    const [orgId, unheard] = [system.org(), system.org()];
    const { activityId } = await log(orgId, { notes: 'before' });
    for (const erased of [orgId, unheard]) system.answers.erased.add(erased);
    await system.publish(OrgErased, orgId, { orgId }, { revision: 9 });
    await heard(orgId);
    for (const erased of [orgId, unheard]) {
      await expect(log(erased)).rejects.toMatchObject(refused);
      await expect(log(erased)).rejects.toMatchObject(refused);
      await expect(log(erased, { contactId: newId() })).rejects.toMatchObject({ code: 'INVALID' });
      const checked = system.client.checkActivity({ orgId: erased, fields: { activityType: 'CALL' } }, system.ida());
      await expect(checked).rejects.toMatchObject(refused);
      const { items } = await system.client.listActivities({ orgId: erased, pageSize: 10 }, system.ida());
      expect(items).toHaveLength(erased === orgId ? 1 : 0);
    }
    const patch = { activityId, version: 1, updateMask: ['notes'], fields: { activityType: '', notes: 'after' } };
    await expect(system.client.updateActivity(patch, system.ida())).rejects.toMatchObject(refused);
    await system.client.deleteActivity({ activityId, version: 1 }, system.ida());
  });

  it('is refused by its owner only: what a projection says is asked for', async () => {
    const orgId = system.org();
    await system.publish(OrgErased, orgId, { orgId }, { revision: 9 });
    await heard(orgId);
    await expect(log(orgId)).resolves.toMatchObject({ orgId });
  });

  it('keeps no word of an activity that was agreed to before', async () => {
    const [orgId, activityId] = [system.org(), newId()];
    await system.publish(OrgErased, orgId, { orgId }, { revision: 9 });
    await heard(orgId);
    const createdAt = system.clock.now().toISOString();
    const fields = { activityType: 'CALL', occurredAt: createdAt, subject: 'geheim', notes: 'geheim' };
    await system.publish(LogActivity, orgId, { activityId, orgId, fields, createdBy: 'ida', createdAt }, { revision: 0 });
    const found = await eventually(() => system.client.getActivity({ activityId }, system.ida()));
    expect(JSON.stringify(found)).not.toContain('geheim');
  });
});
