import { outcomeOf, type Template } from '@tom/catalog';
import type { OrgStageChanged } from '@tom/contracts/messages';
import type { BatchContext, BatchItem } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import {
  type CaseDecision,
  type CaseItem,
  close,
  type OpenCase,
  type OrgFacts,
  planStageChange,
  release,
  stageChangeFields,
  type StageChangePlan,
  untouched,
  withStatus,
} from '@tom/workflow';
import { cancelCaseTasksDraft, cancelOrgTasksDraft, caseDrafts } from '../adapters/case-messages.ts';
import { lockOpenCasesOfOrgs, updateCases, workFactsOf } from '../adapters/case-table.ts';
import { observe } from '../adapters/observation-tables.ts';
import { knownOrgs, orgFactsOf, orgOfEvent, projectOrgs, raiseStage } from '../adapters/org-projection.ts';
import { openTasksOf, openTemplateTasksOf } from '../adapters/work-projection.ts';
import type { HandlerDeps } from './deps.ts';
import type { Occasion } from './occasion.ts';
import { runRules } from './run-rules.ts';
import { startTemplates } from './start-templates.ts';

type Item = BatchItem<OrgStageChanged>;

interface Planned {
  readonly item: Item;
  readonly org: OrgFacts;
  readonly plan: StageChangePlan;
}

/** The rule under which a template closes its case, or gives it back. */
const COMPLETION_RULE = 'completion';

/**
 * Everything that follows from a stage change, in one transaction and a handful of statements for all companies of the
 * batch: cases closed or given back, tasks cancelled, cases opened by templates with their tasks and the stage they
 * want.
 */
export async function onOrgStageChanged(
  deps: HandlerDeps,
  { tx, now, items }: BatchContext<OrgStageChanged>,
): Promise<void> {
  for (const wave of wavesOf(items)) {
    const planned = await planWave(deps, tx, wave);
    await endWork(tx, now, planned);
    await startTemplates(
      deps,
      tx,
      now,
      planned.flatMap(({ item, org, plan }) => plan.starts.map((template) => ({ ...item, org, template }))),
    );
    const evaluations = await runRules(deps, tx, now, planned.flatMap(occasionsOf));
    const observations = planned.map(({ item: { envelope } }) => ({
      envelope,
      caseId: envelope.data.caseId,
      codes: codesOf(envelope.data),
    }));
    observe(tx, now, observations, [...planned.flatMap(({ plan }) => plan.evaluations), ...evaluations]);
  }
  tx.afterCommit(() => items.forEach(({ envelope }) => deps.watch.changed(envelope.data.orgId)));
}

/** A later change of a company must see what an earlier one did: each wave has at most one of each company. */
function wavesOf(items: readonly Item[]): readonly (readonly Item[])[] {
  const waves: Item[][] = [];
  const next = new Map<string, number>();
  for (const item of items) {
    const { orgId } = item.envelope.data;
    const wave = next.get(orgId) ?? 0;
    next.set(orgId, wave + 1);
    (waves[wave] ??= []).push(item);
  }
  return waves;
}

async function planWave({ templates }: HandlerDeps, tx: Tx, wave: readonly Item[]): Promise<readonly Planned[]> {
  const news = await projectOrgs(
    tx,
    wave.map(({ envelope }) => orgOfEvent(envelope.data.org, envelope.revision, envelope.revision)),
  );
  const stale = wave.filter(({ envelope }) => !news.has(envelope.data.orgId)).map(({ envelope }) => envelope);
  const current = await knownOrgs(
    tx,
    stale.map((envelope) => envelope.data.orgId),
  );
  const superseded = new Set<string>();
  for (const { data, revision } of stale) if (!(await raiseStage(tx, data.orgId, revision))) superseded.add(data.orgId);

  const cases = await lockOpenCasesOfOrgs(
    tx,
    wave.map(({ envelope }) => envelope.data.orgId),
  );
  const templateOf = await templates.ofCases(tx, cases);
  const triggers = templates.triggeredBy('OrgStageChanged');
  return wave.map((item) => {
    const { data, id } = item.envelope;
    const org = current.get(data.orgId) ?? orgFactsOf(data.org);
    const open = cases
      .filter((open) => open.orgId === data.orgId)
      .map((open) => openCase(open, templateOf(open), data));
    const change = { ...data, eventId: id, superseded: superseded.has(data.orgId) };
    return { item, org, plan: planStageChange(change, org, open, triggers) };
  });
}

function openCase(item: CaseItem, template: Template | undefined, { fromStage, toStage }: OrgStageChanged): OpenCase {
  const known = template !== undefined && fromStage !== undefined;
  return { item, template, usualOutcome: known ? outcomeOf(template, fromStage, toStage) : undefined };
}

async function endWork(tx: Tx, now: Date, planned: readonly Planned[]): Promise<void> {
  const closing = planned.flatMap(({ plan }) => plan.closings.map((closing) => closing.item.caseId));
  const releasing = planned.flatMap(({ plan }) => plan.releases.map((released) => released.caseId));
  const tasksOfCases = await openTemplateTasksOf(tx, closing);
  const cancelled = planned.filter(({ plan }) => plan.cancelsTasks).map(({ org }) => org.orgId);
  const tasksOfOrgs = await openTasksOf(tx, cancelled);
  const work = await workFactsOf(tx, releasing);
  const changed: CaseItem[] = [];
  const carryOut = (item: Item, decision: CaseDecision): void => {
    changed.push(decision.next);
    item.emit(...caseDrafts(decision.events, attributionOf(decision.next, item)));
  };
  for (const { item, plan } of planned) {
    const { data } = item.envelope;
    for (const { item: ending, outcome } of plan.closings) {
      const note = (data.caseId === ending.caseId ? data.outcomeNote : undefined) ?? data.reasonNote;
      carryOut(item, close(ending, { code: outcome, note }, now));
      item.emit(cancelCaseTasksDraft(ending, tasksOfCases.get(ending.caseId) ?? [], attributionOf(ending, item)));
    }
    for (const released of plan.releases) {
      carryOut(item, withStatus(release(released), work.get(released.caseId) ?? untouched, now));
    }
    if (!plan.cancelsTasks) continue;
    const org = { orgId: data.orgId, stage: data.toStage, before: data.changedAt };
    item.emit(cancelOrgTasksDraft(org, tasksOfOrgs.get(data.orgId) ?? [], { actor: item.envelope.actor }));
  }
  await updateCases(tx, changed);
}

/** Who moved the company did this; the template says why. */
function attributionOf(item: CaseItem, { envelope }: Item) {
  const { template, templateVersion } = item;
  if (template === undefined || templateVersion === undefined) return { actor: envelope.actor };
  return { actor: envelope.actor, template, templateVersion, rule: COMPLETION_RULE };
}

/** The cases that go on, for rules of theirs on stage changes; without one the company itself, for rules alone. */
function occasionsOf({ item, org, plan }: Planned): readonly Occasion[] {
  const { envelope, emit } = item;
  const fields = stageChangeFields(envelope.data, org);
  const occasion = { type: 'OrgStageChanged' as const, envelope, emit, orgId: org.orgId, fields };
  const [first, ...more] = plan.staying.map(({ caseId }) => ({ ...occasion, caseId }));
  return [first ?? occasion, ...more.map((other) => ({ ...other, ofCaseOnly: true }))];
}

function codesOf(data: OrgStageChanged) {
  return {
    from_stage: data.fromStage,
    to_stage: data.toStage,
    reason_code: data.reasonCode,
    outcome_code: data.outcomeCode,
    org_kind: data.org.orgKind,
    stages_version: data.stagesVersion,
  };
}
