import { ActivityLogged } from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import { messageOf } from '@tom/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCase, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

/** Everything that could be left, once what was told before is out. */
const left = async (orgId: string) => [
  (await system.told(orgId)).length,
  await system.rows(
    `select o.current_stage, o.revision, (select count(*) from org_stage_history where org_id = $1) as moves,
       (select count(*) from org_history where org_id = $1) as told, (select count(*) from outbox) as outbox
     from org o where o.org_id = $1`,
    orgId,
  ),
];
const answers = (transitions: readonly { to: string; rules: readonly { rule: string; met: boolean }[] }[] | undefined, to: string) =>
  transitions?.find((transition) => transition.to === to)?.rules.map(({ rule, met }) => [rule, met]);
const logged = (orgId: string) => {
  const at = new Date().toISOString();
  const activity = {
    activityId: newId(), orgId, activityType: 'CALL', outcomeCode: 'REACHED_GATEKEEPER', occurredAt: at, createdAt: at, createdBy: 'ida',
    version: 1, updatedAt: at, updatedBy: 'ida', followUpRevision: 1,
  };
  const { headers, ...message } = messageOf(ActivityLogged, { activity } as never, { subject: orgId, key: orgId });
  return { ...message, headers: { ...headers } };
};

describe('a rehearsal of the door', () => {
  it('tells what the move would tell, or refuses as the move would, and leaves nothing', async () => {
    const orgId = await system.company('QUALIFYING');
    const before = await left(orgId);
    const request = { orgId, toStage: 'QUALIFIED_LEAD' };
    await expect(system.client.rehearseTransition(request, system.ida())).rejects.toMatchObject({ code: 'RULES_UNMET' });
    await expect(system.client.rehearseTransition(request, system.anna())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    system.know(orgId, { cases: [openCase('QUALIFY_COMPANY')], contactsSince: 1, nextStepsToday: 1 });
    const { messages } = await system.client.rehearseTransition(request, system.ida());
    expect(messages.map(({ headers }) => headers['ce_type'])).toEqual(['tom.stage.v1.OrgStageChanged']);

    const after = await system.client.rehearseStage({ orgId, messages, facts: undefined }, system.anna());
    expect(after).toMatchObject({ messages: [], status: 'prospect', explanation: { currentStage: 'QUALIFIED_LEAD' } });
    expect(await left(orgId)).toEqual(before);
  });
});

describe('a rehearsal of the stage', () => {
  it('judges on facts as they would be: a call that would be logged, steps that there would be', async () => {
    const orgId = await system.company('QUALIFYING');
    const qualification = openCase('QUALIFY_COMPANY');
    system.know(orgId, { cases: [qualification] });
    const now = await system.client.rehearseStage({ orgId, messages: [], facts: undefined }, system.anna());
    expect(answers(now.explanation?.transitions, 'QUALIFIED_LEAD')?.map(([, met]) => met)).toEqual([false, false]);
    const facts = { cases: [qualification], nextStepsToday: 1, nextStepsFuture: 0 };
    const then = await system.client.rehearseStage({ orgId, messages: [logged(orgId)], facts }, system.anna());
    expect(answers(then.explanation?.transitions, 'QUALIFIED_LEAD')?.map(([, met]) => met)).toEqual([true, true]);
  });

  it('refuses messages that nobody could have published', async () => {
    const orgId = await system.company('QUALIFYING');
    const broken = { ...logged(orgId), value: '{}' };
    await expect(system.client.rehearseStage({ orgId, messages: [broken], facts: { cases: [] } }, system.anna())).rejects.toMatchObject({
      code: 'INVALID',
      details: { violations: [{ path: 'messages[0]' }] },
    });
  });
});
