import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCase, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const move = (orgId: string, toStage: string, more: Record<string, unknown> = {}) =>
  system.client.transition({ orgId, toStage, ...more }, system.ida());

describe('a move that closes a case whose outcome lacks outputs', () => {
  const need = {
    rule: 'need',
    met: false,
    message: { de: 'Bedarf benannt', en: 'Need stated' },
    value: undefined,
    hint: { de: 'Liefern Sie dieses Ergebnis.', en: 'Supply this output.' },
    fix: { action: 'FULFIL_REQUIREMENT', params: { requirementId: 'r-1' } },
  };
  const lacking = () => {
    const open = openCase('QUALIFY_COMPANY');
    return { ...open, outcomes: open.outcomes.map((one) => (one.outcome === 'QUALIFIED' ? { ...one, unmet: [need] } : one)) };
  };
  const told = { rule: 'need', message: need.message, hint: need.hint, fix: need.fix };

  it('names them beside the unmet rules of its guard, and leaves everything as it was', async () => {
    const orgId = await system.company('QUALIFYING');
    system.know(orgId, { cases: [lacking()], contactsSince: 1 });
    const before = await system.told(orgId);
    const activity = { activityType: 'CALL', outcomeCode: 'NO_ANSWER' };
    await expect(move(orgId, 'QUALIFIED_LEAD', { activity })).rejects.toMatchObject({
      code: 'RULES_UNMET',
      details: { unmet: [{ rule: 'NEXT_STEP' }, told] },
    });
    expect(await system.told(orgId)).toEqual(before);
    expect((await system.client.getOrg({ orgId }, system.ida())).currentStage).toBe('QUALIFYING');
  });

  it('says so to whoever asks what is next, in the list too, and an outcome without them goes through', async () => {
    const orgId = await system.company('QUALIFYING');
    const known = { contactsSince: 1, nextStepsToday: 1, nextStepsFuture: 1 };
    system.know(orgId, { cases: [lacking()], ...known });
    const { transitions } = await system.client.explainStage({ orgId }, system.ida());
    const next = transitions.find(({ to }) => to === 'QUALIFIED_LEAD');
    expect(next).toMatchObject({ allowed: false, unmet: [told] });
    expect(next?.rules.map(({ rule, met }) => [rule, met])).toEqual([['CONTACT_LOGGED', true], ['NEXT_STEP', true], ['need', false]]);
    expect(transitions.find(({ to }) => to === 'DORMANT')).toMatchObject({ allowed: true, unmet: [] });
    await expect(move(orgId, 'QUALIFIED_LEAD')).rejects.toMatchObject({ details: { unmet: [told] } });
    system.know(orgId, { cases: [openCase('QUALIFY_COMPANY')], ...known });
    await move(orgId, 'QUALIFIED_LEAD');
    const { items } = await system.client.listStageHistory({ orgId, pageSize: 1 }, system.ida());
    expect(items[0]?.facts).toMatchObject({ cases: { missing_outputs: [] } });
  });

  it('counts every case that the move would close, not only the one that is named', async () => {
    const orgId = await system.company('QUALIFIED_LEAD');
    const work = openCase('WORK_LEAD');
    const other = openCase('QUALIFY_COMPANY');
    const outcomes = other.outcomes.map((one) => (one.stage === 'DISQUALIFIED' ? { ...one, unmet: [need] } : one));
    system.know(orgId, { cases: [work, { ...other, outcomes }] });
    const asked = { reasonCode: 'NO_FIT', caseId: work.caseId };
    await expect(move(orgId, 'DISQUALIFIED', asked)).rejects.toMatchObject({ details: { unmet: [told] } });
  });

  it('may be overridden, and the override tells what it passed over', async () => {
    const orgId = await system.company('QUALIFYING');
    system.know(orgId, { cases: [lacking()], contactsSince: 1, nextStepsToday: 1 });
    await system.client.overrideStage({ orgId, toStage: 'QUALIFIED_LEAD', reason: 'eilt' }, system.root());
    const overridden = (await system.told(orgId)).find(({ type }) => type.endsWith('GuardOverridden'));
    expect(overridden?.data).toMatchObject({ unmet: [{ rule: 'need' }] });
  });
});
