import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@tom/kernel';
import { openCase, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const keyed = (key: string) => ({ idempotency: { key, route: 'POST /orgs/x/stage/override' } });
const invalid = (...paths: string[]) => ({ code: 'INVALID', details: { violations: paths.map((path) => ({ path })) } });
const types = (messages: readonly { type: string }[]) => messages.map(({ type }) => type.split('.').at(-1));
const move = (orgId: string, toStage: string, more: Record<string, unknown> = {}, call = system.ida()) =>
  system.client.transition({ orgId, toStage, ...more }, call);

describe('the override', () => {
  it('passes an unmet guard, is told with what was unmet, and has the consequences of every move', async () => {
    const orgId = await system.company('QUALIFYING');
    const qualification = openCase('QUALIFY_COMPANY');
    system.know(orgId, { cases: [qualification], contactsSince: 1 });
    const key = keyed(newId());
    const override = () => system.client.overrideStage({ orgId, toStage: 'QUALIFIED_LEAD', reason: 'Messe' }, system.root(key));
    const answer = await override();
    expect(answer).toMatchObject({
      org: { currentStage: 'QUALIFIED_LEAD' },
      caseId: qualification.caseId,
      expected: ['tom.workflow.v1.CaseClosed'],
    });
    expect(await override()).toEqual(answer);
    const counted = await (await fetch(`http://${system.app.opsAddress}/metrics`)).text();
    expect(counted).toMatch(/^tom_guard_overrides_total\{to_stage="QUALIFIED_LEAD"[^}]*\} 1$/m);
    const told = await system.told(orgId);
    expect(types(told)).toEqual(['OrgCreated', 'OrgStageChanged', 'GuardOverridden', 'OrgStageChanged']);
    expect(told.map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
    expect(told[2]).toMatchObject({ actor: 'user:root', data: { fromStage: 'QUALIFYING', reason: 'Messe', unmet: [{ rule: 'NEXT_STEP' }] } });
    expect(told[3]?.data).toMatchObject({ reasonCode: 'GUARD_OVERRIDDEN', outcomeCode: 'QUALIFIED' });
  });

  it('needs a reason and an administrator', async () => {
    const orgId = await system.company('QUALIFYING');
    const request = { orgId, toStage: 'QUALIFIED_LEAD', reason: 'x' };
    await expect(system.client.overrideStage({ ...request, reason: ' ' }, system.ida())).rejects.toMatchObject(invalid('reason'));
    await expect(system.client.overrideStage(request, system.call('mia', ['manager']))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(system.client.overrideStage({ ...request, orgId: newId() }, system.root())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the explanation', () => {
  it('lists every row from here with all of its rules, met or not, and what would help', async () => {
    const orgId = await system.company('DORMANT');
    const { currentStage, transitions } = await system.client.explainStage({ orgId }, system.anna());
    expect(currentStage).toBe('DORMANT');
    expect(transitions.map(({ to }) => to).toSorted()).toEqual(['ARCHIVED', 'CUSTOMER', 'QUALIFYING']);
    expect(transitions.find(({ to }) => to === 'QUALIFYING')).toMatchObject({
      allowed: false,
      needsReason: false,
      reasonCodes: [],
      unmet: [{ rule: 'QUALIFY_CASE_OPEN', met: false, fix: { action: 'START_TEMPLATE', params: { template: 'qualify_company' } } }],
    });
    expect(transitions.find(({ to }) => to === 'CUSTOMER')).toMatchObject({
      allowed: false,
      needsReason: true,
      reasonCodes: [{ code: 'REACTIVATED', needsNote: false }],
      unmet: [{ rule: 'WAS_CUSTOMER' }],
    });
    expect(transitions.find(({ to }) => to === 'ARCHIVED')).toMatchObject({
      allowed: true,
      rules: [{ rule: 'NO_OPEN_CASE', met: true, value: 0 }],
      unmet: [],
    });
  });

  it('asks for no reason where the system sets it, and for a note with OTHER', async () => {
    const orgId = await system.company('SALES_ACCEPTED');
    const { transitions } = await system.client.explainStage({ orgId }, system.ida());
    const to = (stage: string) => transitions.find((transition) => transition.to === stage);
    expect(to('CUSTOMER')).toMatchObject({ needsReason: false, allowed: true });
    expect(to('DISQUALIFIED')?.reasonCodes.at(-1)).toMatchObject({ code: 'OTHER', needsNote: true });
    expect(transitions).toHaveLength(6);
  });

  it('tells the path with the seconds in each stage', async () => {
    const { orgId } = await system.client.createOrg({ name: 'Weg AG', status: 'prospect' }, system.ida());
    const start = system.clock.now();
    system.clock.advance(90_500);
    await move(orgId, 'QUALIFYING', { reasonCode: 'NOT_READY' });
    system.clock.advance(10_000);
    const { since, path } = await system.client.explainStage({ orgId }, system.ida());
    expect(since).toBe(new Date(start.getTime() + 90_500).toISOString());
    expect(path).toEqual([
      { stage: 'QUALIFIED_LEAD', enteredAt: start.toISOString(), seconds: '90' },
      { stage: 'QUALIFYING', enteredAt: since, seconds: '10' },
    ]);
  });

  it('is for companies that exist', async () => {
    await expect(system.client.explainStage({ orgId: newId() }, system.ida())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the history', () => {
  it('pages newest first without loss while the company moves on', async () => {
    const { orgId } = await system.client.createOrg({ name: 'Hin & Her KG', status: 'prospect' }, system.ida());
    const swing = async () => {
      await move(orgId, 'QUALIFYING', { reasonCode: 'NOT_READY' });
      await system.client.overrideStage({ orgId, toStage: 'QUALIFIED_LEAD', reason: 'x' }, system.root());
    };
    await swing();
    await swing();
    const first = await system.client.listStageHistory({ orgId, pageSize: 2 }, system.ida());
    await swing();
    const second = await system.client.listStageHistory({ orgId, pageSize: 3, pageToken: first.nextPageToken }, system.ida());
    const stages = [...first.items, ...second.items].map(({ toStage }) => toStage);
    expect(stages).toEqual(['QUALIFIED_LEAD', 'QUALIFYING', 'QUALIFIED_LEAD', 'QUALIFYING', 'QUALIFIED_LEAD']);
    expect(second.nextPageToken).toBeUndefined();
    await expect(system.client.listStageHistory({ orgId, pageSize: 2, pageToken: 'x' }, system.ida())).rejects.toMatchObject(invalid('pageToken'));
    await expect(system.client.listStageHistory({ orgId: newId(), pageSize: 2 }, system.ida())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
