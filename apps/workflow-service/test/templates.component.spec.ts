import { newId } from '@tom/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { known, refusal, withTemplateCase } from './fixtures.ts';
import { startHarness, type Harness, type Person } from './harness.ts';

let harness: Harness;
let ida: Person;
let otto: Person;
beforeAll(async () => {
  harness = await startHarness();
  ida = harness.person('ida', 'inside_sales');
  otto = harness.person('otto', 'outside_sales');
});
afterAll(() => harness.stop());

describe('templates', () => {
  it('are listed with versions, source and running cases', async () => {
    const { items } = await harness.client.listTemplates({}, ida());
    expect(items.map((item) => [item.key, item.currentVersion])).toEqual([
      ['qualify_company', 2],
      ['reactivate_dormant', 1],
      ['work_lead', 1],
    ]);
    // What nobody can start opens nothing.
    expect(items.map((item) => [item.caseType, item.engine])).toEqual([
      ['QUALIFY_COMPANY', 'inside_sales'],
      [undefined, undefined],
      ['WORK_LEAD', 'outside_sales'],
    ]);
    const { orgId } = await withTemplateCase(harness, 'QUALIFYING');
    expect(orgId).toBeDefined();
    const version = await harness.client.getTemplateVersion({ key: 'qualify_company', version: 2 }, ida());
    expect(version.source).toContain('key: qualify_company');
    expect(version.runningCases).toBeGreaterThan(0);
    await expect(harness.client.getTemplate({ key: 'nope' }, ida())).rejects.toThrow(refusal('NOT_FOUND'));
    await expect(harness.client.getTemplateVersion({ key: 'work_lead', version: 9 }, ida())).rejects.toThrow(
      refusal('NOT_FOUND'),
    );
  });

  it('are compared version by version, in both directions', async () => {
    const { source } = await harness.client.getTemplateVersion({ key: 'work_lead', version: 1 }, ida());
    const earlier = source.replace('key: work_lead', 'key: compared').replace('due_in_working_days: 3', 'due_in_working_days: 2');
    const store = `insert into workflow_template (template_key, version, content_hash, source, loaded_at)
      values ('compared', $1, $2, $3, now())`;
    await harness.rows(store, 1, 'a', earlier);
    await harness.rows(store, 2, 'b', source);
    const diff = (from: number, to: number, key = 'compared') => harness.client.diffTemplate({ key, from, to }, ida());
    expect((await diff(1, 2)).changes).toMatchObject([
      {
        path: 'tasks.intro_meeting.due_in_working_days',
        kind: 'changed',
        before: 2,
        after: 3,
        text: { en: 'Task intro_meeting due_in_working_days: 2 → 3' },
      },
    ]);
    expect((await diff(2, 1)).changes).toMatchObject([{ before: 3, after: 2 }]);
    expect((await diff(2, 2)).changes).toEqual([]);
    await expect(diff(1, 3)).rejects.toThrow(refusal('NOT_FOUND'));
    await expect(diff(1, 2, 'nope')).rejects.toThrow(refusal('NOT_FOUND'));
    await harness.rows(`delete from workflow_template where template_key = 'compared'`);
  });

  it('are started by hand: a new case, then joined; not for another kind, not without the right', async () => {
    const orgId = known(harness, 'DISQUALIFIED');
    const call = ida('start-1');
    const started = await harness.client.startTemplate({ key: 'qualify_company', orgId }, call);
    expect(started.joined).toBe(false);
    expect(await harness.client.startTemplate({ key: 'qualify_company', orgId }, ida('start-1'))).toEqual(started);
    expect(await harness.client.startTemplate({ key: 'qualify_company', orgId }, ida())).toEqual({
      caseId: started.caseId,
      joined: true,
    });
    const messages = await harness.published(call.correlationId);
    expect(messages.map(({ type }) => type)).toEqual([
      'tom.workflow.v1.CaseOpened',
      'tom.task.v1.CreateTasks',
      'tom.stage.v1.TransitionStage',
    ]);
    const supplier = known(harness, 'CUSTOMER', { orgKind: 'supplier' });
    await expect(harness.client.startTemplate({ key: 'qualify_company', orgId: supplier }, ida())).rejects.toThrow(
      refusal('RULES_UNMET'),
    );
    await expect(harness.client.startTemplate({ key: 'qualify_company', orgId }, otto())).rejects.toThrow(
      refusal('FORBIDDEN'),
    );
    await expect(harness.client.startTemplate({ key: 'nope', orgId }, ida())).rejects.toThrow(refusal('NOT_FOUND'));
    await expect(harness.client.startTemplate({ key: 'qualify_company', orgId: newId() }, ida())).rejects.toThrow(
      refusal('INVALID'),
    );
  });
});

describe('the facts about cases', () => {
  it('name what is open, who has it, where its outcomes lead and what is missing', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'SALES_ACCEPTED');
    const empty = newId();
    const { facts } = await harness.client.getCaseFacts({ orgIds: [orgId, empty] }, ida());
    expect(facts).toMatchObject([
      {
        orgId,
        open: [
          {
            caseId,
            caseType: 'WORK_LEAD',
            owner: 'otto',
            claimedByEngineRole: true,
            outcomes: [
              { outcome: 'WON', stage: 'CUSTOMER' },
              { outcome: 'DISQUALIFIED', stage: 'DISQUALIFIED' },
              { outcome: 'LOST', stage: 'DISQUALIFIED' },
              { outcome: 'DORMANT', stage: 'DORMANT' },
              { outcome: 'RETURNED', stage: 'QUALIFYING' },
            ],
            missingOutputs: ['decision_maker', 'next_step', 'exit_criterion'],
          },
        ],
      },
      { orgId: empty, open: [] },
    ]);
  });
});

it('tells its history to services only', async () => {
  await expect(harness.client.listHistory({ orgId: newId(), pageSize: 0 }, ida())).rejects.toThrow(refusal('FORBIDDEN'));
});
