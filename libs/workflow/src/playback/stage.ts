import { outcomeOf } from '@tom/catalog';
import { close, release, withStatus } from '../case.ts';
import { planStageChange, stageChangeFields } from '../stage-change.ts';
import type { OrgFacts } from '../org.ts';
import { byRule, changeCase, startTemplates, workOf } from './cases.ts';
import { openCases } from './company.ts';
import type { Message } from './messages.ts';
import { runRules, type Occasion } from './rules.ts';
import type { Run } from './run.ts';

/** The rule under which a template closes its case, or gives it back. */
const COMPLETION_RULE = 'completion';

/** Everything that follows from a stage change, in the order of on-org-stage-changed. */
export function onStageChanged(run: Run, cause: Extract<Message, { readonly type: 'OrgStageChanged' }>): void {
  const { company, rules } = run;
  if (!company.org) return;
  const status = rules.catalog.stages.stages.get(cause.toStage)?.status ?? company.org.status;
  const org: OrgFacts = { ...company.org, currentStage: cause.toStage, status, stageSince: cause.at };
  company.org = org;
  const open = openCases(company).toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1));
  const plan = planStageChange(
    { ...cause, eventId: cause.id, superseded: false },
    org,
    open.map((item) => {
      const template = company.templateOf.get(item.caseId);
      const known = template !== undefined && cause.fromStage !== undefined;
      return { item, template, usualOutcome: known ? outcomeOf(template, cause.fromStage, cause.toStage) : undefined };
    }),
    rules.triggeredBy('OrgStageChanged'),
  );
  const work = new Map(plan.releases.map((item) => [item.caseId, workOf(run, item)]));
  for (const { item, outcome } of plan.closings) {
    const template = company.templateOf.get(item.caseId);
    const by = template && byRule(template, COMPLETION_RULE);
    changeCase(run, cause, close(item, { code: outcome }, cause.at), { by });
    run.emit(cause, { type: 'CancelCaseTasks', caseId: item.caseId, types: [], caseGoesOn: false }, item.caseId, { by });
  }
  for (const item of plan.releases) {
    changeCase(run, cause, withStatus(release(item), work.get(item.caseId) ?? workOf(run, item), cause.at));
  }
  if (plan.cancelsTasks) run.emit(cause, { type: 'CancelOrgTasks' }, company.orgId);
  for (const evaluation of plan.evaluations) run.record(cause, { kind: 'looked', evaluation });
  startTemplates(run, cause, org, plan.starts.flatMap(({ key }) => rules.currentOf(key) ?? []));
  const occasion = { type: 'OrgStageChanged', fields: stageChangeFields(cause, org) };
  const [first, ...more] = plan.staying.map(({ caseId }): Occasion => ({ ...occasion, caseId }));
  runRules(run, cause, [first ?? occasion, ...more.map((other) => ({ ...other, ofCaseOnly: true }))]);
}
