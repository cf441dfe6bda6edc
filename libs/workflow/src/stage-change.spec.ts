import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { loadCatalog, outcomeOf, readTemplates } from '@tom/catalog';
import { newId } from '@tom/kernel';
import { describe, expect, it } from 'vitest';
import type { CaseItem } from './case.ts';
import { openByTemplate, openingRules } from './opening.ts';
import type { OrgFacts } from './org.ts';
import { planStageChange, stageOnRelease, type StageChange } from './stage-change.ts';

const configDir = fileURLToPath(new URL('../../../config', import.meta.url));
const catalog = loadCatalog(configDir);
// As the store gives them for a stage change: templates of rules alone have no trigger.
const templates = readTemplates(join(configDir, 'workflows'), catalog).filter(({ trigger }) => trigger);
const now = new Date('2026-03-02T10:00:00.000Z');
const rules = openingRules(catalog, now);
const templateOf = (key: string) => {
  const found = templates.find((template) => template.key === key);
  if (!found) throw new Error(key);
  return found;
};
const orgIn = (currentStage: string, given: Partial<OrgFacts> = {}): OrgFacts => ({
  orgId: '0197b0a0-0000-7000-8000-000000000002',
  name: 'Muster GmbH',
  orgKind: 'customer',
  status: 'lead',
  currentStage,
  stageSince: now,
  ...given,
});
const opened = (key: string, org: OrgFacts) => {
  const opening = openByTemplate(rules, templateOf(key), org, {
    caseId: newId(),
    commandId: newId(),
    openedBy: 'x',
    now,
  });
  if (!opening) throw new Error(key);
  return opening;
};
const caseBy = (key: string, given: Partial<CaseItem> = {}) => ({
  item: { ...opened(key, orgIn('QUALIFYING')).item, ...given },
  template: templateOf(key),
});
const plan = (
  from: string | undefined,
  to: string,
  open: ReturnType<typeof caseBy>[] = [],
  given: Partial<StageChange> & { org?: OrgFacts } = {},
) => {
  const change = { eventId: newId(), fromStage: from, toStage: to, superseded: false, ...given };
  const cases = open.map((each) => ({ ...each, usualOutcome: outcomeOf(each.template, from ?? '', to) }));
  const { closings, releases, cancelsTasks, starts, evaluations } = planStageChange(
    change,
    given.org ?? orgIn(to),
    cases,
    templates,
  );
  return {
    closings: closings.map(({ outcome }) => outcome),
    released: releases.length,
    cancelsTasks,
    starts: starts.map(({ key }) => key),
    evaluations,
  };
};

describe('a stage change', () => {
  it('starts the qualification for a new or reopened company, and work on a lead for a prospect', () => {
    expect(plan(undefined, 'UNVERIFIED').starts).toEqual(['qualify_company']);
    expect(plan('ARCHIVED', 'UNVERIFIED').starts).toEqual(['qualify_company']);
    expect(plan(undefined, 'QUALIFIED_LEAD').starts).toEqual(['work_lead']);
    expect(plan(undefined, 'CUSTOMER').starts).toEqual([]);
    expect(plan(undefined, 'DORMANT').starts).toEqual([]);
  });

  it('starts nothing for a kind that is not qualified, and says so', () => {
    const { starts, evaluations } = plan(undefined, 'UNVERIFIED', [], {
      org: orgIn('UNVERIFIED', { orgKind: 'supplier' }),
    });
    expect(starts).toEqual([]);
    expect(evaluations).toMatchObject([
      { template: 'qualify_company', fired: false, obstacle: 'ORG_KIND' },
      { template: 'work_lead', fired: false, obstacle: 'ORG_KIND' },
    ]);
  });

  it('keeps which part of a condition was false', () => {
    const { evaluations } = plan('QUALIFYING', 'CUSTOMER');
    const work = evaluations.find(({ template }) => template === 'work_lead');
    expect(work).toMatchObject({ fired: false, rule: 'start' });
    expect(work?.parts[0]).toMatchObject({ value: { 'event.to_stage': 'CUSTOMER' }, result: false });
  });

  it('closes the qualification with the outcome that leads to the stage, then starts what follows', () => {
    expect(plan('QUALIFYING', 'QUALIFIED_LEAD', [caseBy('qualify_company')])).toMatchObject({
      closings: ['QUALIFIED'],
      starts: ['work_lead'],
    });
    expect(plan('QUALIFYING', 'DORMANT', [caseBy('qualify_company')])).toMatchObject({
      closings: ['DORMANT'],
      starts: [],
    });
    expect(plan('QUALIFYING', 'DISQUALIFIED', [caseBy('qualify_company')])).toMatchObject({
      closings: ['DISQUALIFIED'],
      cancelsTasks: true,
    });
    expect(plan('UNVERIFIED', 'QUALIFYING', [caseBy('qualify_company')])).toMatchObject({ closings: [], starts: [] });
  });

  it('means LOST when the field sales had accepted it, DISQUALIFIED before that, unless the outcome is named', () => {
    const lead = caseBy('work_lead');
    expect(plan('SALES_ACCEPTED', 'DISQUALIFIED', [lead]).closings).toEqual(['LOST']);
    expect(plan('QUALIFIED_LEAD', 'DISQUALIFIED', [lead]).closings).toEqual(['DISQUALIFIED']);
    expect(
      plan('SALES_ACCEPTED', 'DISQUALIFIED', [lead], { caseId: lead.item.caseId, outcomeCode: 'DISQUALIFIED' })
        .closings,
    ).toEqual(['DISQUALIFIED']);
    expect(plan('SALES_ACCEPTED', 'CUSTOMER', [lead]).closings).toEqual(['WON']);
  });

  it('closes the lead as RETURNED and qualifies again when sales gives it back', () => {
    expect(plan('SALES_ACCEPTED', 'QUALIFYING', [caseBy('work_lead')])).toMatchObject({
      closings: ['RETURNED'],
      starts: ['qualify_company'],
    });
    expect(plan('QUALIFIED_LEAD', 'QUALIFYING', [caseBy('work_lead')])).toMatchObject({
      closings: ['RETURNED'],
      starts: ['qualify_company'],
    });
  });

  it('takes the owner away, and keeps the case, when the claim is given up', () => {
    const lead = caseBy('work_lead', { owner: 'otto' });
    expect(plan('SALES_ACCEPTED', 'QUALIFIED_LEAD', [lead])).toMatchObject({ closings: [], released: 1, starts: [] });
    expect(plan('QUALIFYING', 'QUALIFIED_LEAD', [lead])).toMatchObject({ released: 0, starts: [] });
    expect(stageOnRelease(catalog.stages, templateOf('work_lead'), 'SALES_ACCEPTED')).toBe('QUALIFIED_LEAD');
    expect(stageOnRelease(catalog.stages, templateOf('work_lead'), 'QUALIFIED_LEAD')).toBeUndefined();
    expect(stageOnRelease(catalog.stages, templateOf('qualify_company'), 'QUALIFYING')).toBeUndefined();
  });

  it('starts and closes nothing by itself when a later change was seen, but closes the case that it names', () => {
    const { starts, closings, evaluations } = plan(undefined, 'UNVERIFIED', [], { superseded: true });
    expect({ starts, closings }).toEqual({ starts: [], closings: [] });
    expect(evaluations[0]).toMatchObject({ fired: false, obstacle: 'SUPERSEDED' });
    const lead = caseBy('work_lead');
    expect(plan('SALES_ACCEPTED', 'DISQUALIFIED', [lead], { superseded: true }).closings).toEqual([]);
    const named = { superseded: true, caseId: lead.item.caseId, outcomeCode: 'LOST' };
    expect(plan('SALES_ACCEPTED', 'DISQUALIFIED', [lead], named).closings).toEqual(['LOST']);
  });
});

describe('opening by a template', () => {
  it('makes the six tasks of the qualification, due at the end of working days, and asks for the stage', () => {
    const { item, tasks, transition, requirements } = opened('qualify_company', orgIn('UNVERIFIED'));
    expect(item).toMatchObject({
      title: 'Qualifizierung: Muster GmbH',
      phase: 'QUALIFY-A',
      status: 'NEW',
      templateVersion: 2,
    });
    expect(tasks.map((task) => [task.taskType, task.queue, task.dueAt.toISOString()])).toEqual([
      ['OPS_DATA_CHECK', 'SALES_OPS', '2026-03-03T17:00:00.000Z'],
      ['ADD_CONTACT_POINTS', 'SALES_OPS', '2026-03-04T17:00:00.000Z'],
      ['FIRST_OUTREACH', 'INSIDE_SALES', '2026-03-04T17:00:00.000Z'],
      ['IDENTIFY_CONTACT', 'INSIDE_SALES', '2026-03-09T17:00:00.000Z'],
      ['FIT_ASSESSMENT', 'INSIDE_SALES', '2026-03-11T17:00:00.000Z'],
      ['CHECK_RELATION_SIGNALS', 'INSIDE_SALES', '2026-03-11T17:00:00.000Z'],
    ]);
    expect(transition).toMatchObject({ from: 'UNVERIFIED', to: 'QUALIFYING', reason: 'CASE_OPENED' });
    expect(requirements.map((requirement) => requirement.phase)).toContain('QUALIFY-B');
  });

  it('asks for no stage that the company has, and calls it a reactivation where work had ended', () => {
    expect(opened('qualify_company', orgIn('QUALIFYING')).transition).toBeUndefined();
    expect(opened('qualify_company', orgIn('DORMANT')).transition).toMatchObject({
      from: 'DORMANT',
      reason: 'REACTIVATED',
    });
    expect(opened('qualify_company', orgIn('DISQUALIFIED')).transition).toMatchObject({ reason: 'REACTIVATED' });
  });

  it('keeps a title within what events may carry', () => {
    const { item } = opened('qualify_company', orgIn('UNVERIFIED', { name: 'ß'.repeat(300) }));
    expect([...item.title]).toHaveLength(300);
    expect(item.title.endsWith('…')).toBe(true);
  });
});
