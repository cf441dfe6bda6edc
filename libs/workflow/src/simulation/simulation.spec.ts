import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CatalogError, loadCatalog, readTemplates } from '@tom/catalog';
import { deriveId, ids } from '@tom/kernel';
import { describe, expect, it } from 'vitest';
import { changeRules } from './change-rules.ts';
import type { ObservedEvent } from './observed.ts';
import { createSimulation } from './simulation.ts';

const configDir = fileURLToPath(new URL('../../../../config', import.meta.url));
const catalog = loadCatalog(configDir);
const templates = readTemplates(join(configDir, 'workflows'), catalog);
const inForce = { templates, catalog };
const yaml = (name: string) => readFileSync(join(configDir, name), 'utf8');
const qualify = yaml('workflows/qualify_company.yaml');
const ORG = deriveId('test_org');
const BEGIN = Date.parse('2026-03-02T08:00:00Z');
const UNTIL = new Date('2026-09-01T08:00:00Z');

type Given = Partial<Omit<ObservedEvent, 'type' | 'at'>> & { readonly type: string; readonly day?: number };

/** Events a minute apart, or on the day that is given. */
function history(...given: readonly Given[]): readonly ObservedEvent[] {
  return given.map(({ day = 0, ...event }, n) => ({
    eventId: deriveId('test_event', n),
    aggregateId: ORG,
    codes: {},
    at: new Date(BEGIN + day * 86_400_000 + n * 60_000),
    ...event,
  }));
}

const created = (kind = 'customer'): Given => ({ type: 'OrgCreated', codes: { org_kind: kind } });
const moved = (from: string | undefined, to: string, given: Partial<Given> = {}): Given => {
  return { type: 'OrgStageChanged', codes: { org_kind: 'customer', to_stage: to, ...(from !== undefined && { from_stage: from }) }, ...given };
};
const logged = (name: string, codes: object, given: Partial<Given> = {}): Given => {
  return { type: 'ActivityLogged', aggregateId: deriveId('test_activity', name), codes: { occurred_at: '2026-03-02T08:00:00Z', ...codes }, ...given };
};
/** The case that the second event opened. */
const CASE = ids.case(deriveId('test_event', 1), 'qualify_company');
const qualifying = [
  created(),
  moved(undefined, 'UNVERIFIED'),
  { type: 'CaseOpened', caseId: CASE, aggregateId: CASE, causationId: deriveId('test_event', 1), codes: { case_type: 'QUALIFY_COMPANY', engine: 'inside_sales', template: 'qualify_company' } },
  moved('UNVERIFIED', 'QUALIFYING', { causationId: deriveId('command') }),
];

const reopened = [
  moved('QUALIFYING', 'DISQUALIFIED', { day: 5 }),
  moved('DISQUALIFIED', 'ARCHIVED', { day: 6 }),
  moved('ARCHIVED', 'UNVERIFIED', { day: 9 }),
];

function simulate(events: readonly ObservedEvent[], changes: { template?: string; stages?: string }, since?: Date) {
  const named = (path: string, text: string | undefined) => (text === undefined ? undefined : { path, text });
  const after = changeRules(templates, catalog, { template: named('template', changes.template), stages: named('stages', changes.stages) });
  const simulation = createSimulation({ before: inForce, after, since, until: UNTIL }, 10);
  simulation.company(ORG, events);
  const { totals, differences } = simulation.result();
  return { totals, difference: differences[0] };
}

describe('a simulation', () => {
  it('finds nothing different where nothing was changed', () => {
    const { totals, difference } = simulate(history(...qualifying), { template: qualify });
    expect(difference).toBeUndefined();
    expect(totals).toEqual({ before: { cases: 1, tasks: 6, transitions: 2 }, after: { cases: 1, tasks: 6, transitions: 2 } });
  });

  it('does without what a template did and no longer would, and without the moves that need it', () => {
    const template = qualify.replace("event.to_stage == 'UNVERIFIED'", "event.to_stage == 'UNVERIFIED' && event.org_kind == 'engineering_firm'");
    const steps = [
      logged('call', { activity_type: 'CALL', outcome_code: 'REACHED_DECISION_MAKER' }, { caseId: CASE }),
      moved('QUALIFYING', 'DISQUALIFIED', { caseId: CASE }),
    ];
    const { totals, difference } = simulate(history(...qualifying, ...steps), { template });
    expect(totals).toEqual({ before: { cases: 1, tasks: 6, transitions: 3 }, after: { cases: 0, tasks: 0, transitions: 1 } });
    expect(difference).toMatchObject({
      because: { event: 'OrgStageChanged', by: { template: 'qualify_company', rule: 'start' } },
      before: { stage: 'DISQUALIFIED' },
      after: { stage: 'UNVERIFIED', transitions: [{ from: 'QUALIFYING', to: 'DISQUALIFIED', unmet: ['STAGE_CHANGED'] }] },
    });
  });

  it('takes what people did to a case and its tasks for the case of that type that another event opened', () => {
    const template = qualify.replace("event.to_stage == 'UNVERIFIED'", "event.to_stage in ['UNVERIFIED', 'DORMANT']");
    const caseId = deriveId('started_by_hand');
    const task = ids.templateTask(caseId, 'fit_assessment');
    const codes = { task_type: 'FIT_ASSESSMENT', task_key: 'fit_assessment', origin: 'TEMPLATE', status: 'DONE' };
    const { difference } = simulate(
      history(
        created(),
        moved(undefined, 'DORMANT'),
        { type: 'CaseOpened', caseId, aggregateId: caseId, codes: { case_type: 'QUALIFY_COMPANY', template: 'qualify_company' } },
        { type: 'TaskCompleted', caseId, aggregateId: task, codes, day: 1 },
        logged('mail', { activity_type: 'EMAIL', outcome_code: 'BOUNCED' }, { caseId, day: 2 }),
      ),
      { template },
    );
    // The very same work, but for due dates of nothing: it was opened in the minute before.
    expect(difference).toBeUndefined();
  });

  it('lets stay what was let through although the history does not show why', () => {
    const stages = yaml('stages.yaml').replace('condition: cases.open == 0', 'condition: cases.open < 9');
    const { difference } = simulate(history(...qualifying, moved('QUALIFYING', 'QUALIFIED_LEAD', { caseId: CASE })), { stages });
    expect(difference).toBeUndefined();
  });

  it('tells what only time brings about, up to the present', () => {
    const { difference } = simulate(history(...qualifying), { template: qualify.replace('days: 14', 'days: 10') });
    expect(difference?.before.cases).toEqual([{ caseType: 'QUALIFY_COMPANY', escalated: 'NO_ACTIVITY', at: '2026-03-16T08:01:00.000Z' }]);
    expect(difference?.after.cases).toEqual([{ caseType: 'QUALIFY_COMPANY', escalated: 'NO_ACTIVITY', at: '2026-03-12T08:01:00.000Z' }]);
  });

  it('puts the change in force at its instant, between the events', () => {
    const again = history(...qualifying, ...reopened);
    const template = qualify.replace('priority: HIGH', 'priority: URGENT');
    const { totals, difference } = simulate(again, { template }, new Date(BEGIN + 7 * 86_400_000));
    expect(totals.before).toEqual({ cases: 1, tasks: 6, transitions: 2 });
    expect(difference?.after.tasks).toEqual([expect.objectContaining({ taskType: 'OPS_DATA_CHECK', priority: 'URGENT' })]);
  });

  it('takes a company up where what is kept of it begins', () => {
    const { totals } = simulate(history(moved('SALES_ACCEPTED', 'QUALIFYING')), { template: qualify });
    expect(totals.before).toEqual({ cases: 1, tasks: 6, transitions: 1 });
  });

  it('knows companies that differ most first, and only so many', () => {
    const after = changeRules(templates, catalog, { template: { path: 'template', text: qualify.replace('priority: HIGH', 'priority: URGENT') } });
    const simulation = createSimulation({ before: inForce, after, since: undefined, until: UNTIL }, 2);
    const twice = [...qualifying, ...reopened];
    for (let n = 0; n < 130; n += 1) simulation.company(deriveId('org', n), history(...(n === 50 ? twice : qualifying)));
    const { orgs, changedOrgs, differences } = simulation.result();
    expect({ orgs, changedOrgs }).toEqual({ orgs: 130, changedOrgs: 130 });
    expect(differences.map(({ size }) => size)).toEqual([4, 2]);
    expect(differences[0]?.orgId).toBe(deriveId('org', 50));
  });
});

describe('changed rules', () => {
  it('are refused when the rest does not suit them, naming the template and never a path', () => {
    const second = qualify.replace('key: qualify_company', 'key: other');
    const problems = () => {
      try {
        changeRules(templates, catalog, { template: { path: 'template', text: second } });
      } catch (error) {
        return error instanceof CatalogError ? error.problems : [];
      }
      return [];
    };
    expect(problems()).toEqual([expect.objectContaining({ file: 'template', path: 'case.type', message: 'qualify_company opens cases of the type QUALIFY_COMPANY too.' })]);
  });
});
