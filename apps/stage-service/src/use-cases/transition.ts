import type { StageTransition } from '@tom/catalog';
import type { ActivityFields } from '@tom/contracts/tom/activity/v1/activity';
import type { TransitionResponse } from '@tom/contracts/tom/stage/v1/stage_service';
import type { OpenCaseFact } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError, ids, isDomainError, newId } from '@tom/kernel';
import { requestOrigin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { evaluateGuard } from '@tom/rules';
import type { CallContext } from '@tom/runtime';
import { closedBy, notAllowed, outcomesOfOtherRows, stageFacts } from '@tom/workflow';
import { checkActivity, withActivity, type CheckedActivity } from '../adapters/check-activity.ts';
import { gatherFacts, sectionsReadBy, type GatheredFacts } from '../adapters/gather-facts.ts';
import { logActivity, orgMessage, orgStageChanged } from '../adapters/messages.ts';
import { findOrg, lockOrg } from '../adapters/orgs.ts';
import { lastStageChange } from '../adapters/stage-history.ts';
import { writeMoves } from '../adapters/write-move.ts';
import type { Deps } from '../deps.ts';
import { wasErased, type Org } from '../domain/org.ts';
import { moveStage, reasonViolations, refused, stageChanged } from '../domain/stage.ts';
import { expectedAfter } from '../domain/consequences.ts';

export interface TransitionCommand {
  readonly orgId: string;
  readonly fromStage?: string | undefined;
  readonly toStage: string;
  readonly reasonCode?: string | undefined;
  readonly reasonNote?: string | undefined;
  readonly duplicateOfOrgId?: string | undefined;
  readonly caseId?: string | undefined;
  readonly outcomeCode?: string | undefined;
  readonly outcomeNote?: string | undefined;
  readonly activity?: ActivityFields | undefined;
  /** Where the activity's fields stand in the request: `activity.`, or nothing when it is a bare follow-up. */
  readonly activityAt?: string | undefined;
}

/** All that is known before the pivot. `seen` is the company as it was when the facts were gathered. */
interface Prepared {
  readonly seen: Org;
  readonly row: StageTransition;
  readonly gathered: GatheredFacts;
  readonly activity: (CheckedActivity & { readonly activityId: string }) | undefined;
  readonly closes: { readonly caseId: string; readonly outcomeCode: string } | undefined;
}

/**
 * The one door. Gathers outside any transaction, then moves the company in one (`write` opens it and keeps the answer
 * for a repetition). Refused, nothing has changed; moved, nothing can be refused any more.
 */
export async function transition(
  deps: Deps,
  command: TransitionCommand,
  call: CallContext,
  write: (work: (tx: Tx) => Promise<TransitionResponse>) => Promise<TransitionResponse>,
): Promise<TransitionResponse> {
  const org = await findOrg(deps.database, command.orgId);
  if (org === undefined) throw DomainError.notFound('This company');
  const prepared = await prepare(deps, command, call, org);
  return write((tx) => pivot(deps, tx, command, call, prepared));
}

async function prepare(deps: Deps, command: TransitionCommand, call: CallContext, seen: Org): Promise<Prepared> {
  const { stages } = deps.catalog;
  const from = command.fromStage ?? seen.currentStage;
  const row = stages.find(from, command.toStage);
  await checkReason(deps, command, row);
  const { gathered, activity } = await gather(deps, command, call, seen, row);
  if (seen.erasedAt !== null) throw wasErased();
  if (seen.currentStage !== from) throw stageChanged(seen, await lastStageChange(deps.database, seen.orgId));
  if (row === undefined) throw refused(from, command.toStage, [notAllowed(from, command.toStage)]);
  const closes = closedBy(gathered.cases ?? [], row, command, outcomesOfOtherRows(stages.transitions, row));
  if (command.outcomeCode !== undefined && closes === undefined) {
    const expected = `an outcome that leads to ${command.toStage}`;
    throw DomainError.invalid([{ path: 'outcomeCode', message: 'is no outcome of this case for this move', expected }]);
  }
  return { seen, row, gathered, activity, closes };
}

async function checkReason(deps: Deps, command: TransitionCommand, row: StageTransition | undefined): Promise<void> {
  if (row === undefined) return;
  const violations = [...reasonViolations(row, command, deps.catalog.stages.reasons)];
  const other = command.duplicateOfOrgId;
  if (other !== undefined && !violations.some(({ path }) => path === 'duplicateOfOrgId')) {
    const known = other !== command.orgId && (await findOrg(deps.database, other)) !== undefined;
    if (!known) {
      violations.push({ path: 'duplicateOfOrgId', message: 'is no other company', expected: 'the id of another company' });
    }
  }
  if (violations.length > 0) throw DomainError.invalid(violations);
}

async function gather(
  deps: Deps,
  command: TransitionCommand,
  call: CallContext,
  seen: Org,
  row: StageTransition | undefined,
): Promise<Pick<Prepared, 'gathered' | 'activity'>> {
  const { owners, catalog, clock } = deps;
  // Cases always: whoever moves a company has to know which case that closes.
  const sections = sectionsReadBy(row === undefined ? [] : [row]).add('cases');
  const asked = { orgId: seen.orgId, stageSince: seen.stageSince, sections };
  const checking =
    command.activity === undefined ? undefined : resolveActivity(deps, command, call, command.activity);
  const [facts, checked] = await Promise.all([gatherFacts(owners, call, [asked]), checking]);
  const gathered = facts[0] ?? {};
  if (command.caseId !== undefined) await checkCase(deps, command.caseId, call, seen.orgId, gathered.cases ?? []);
  if (checked === undefined) return { gathered, activity: undefined };
  return {
    gathered: await withActivity(owners, call, catalog, gathered, checked.fields, clock.now()),
    activity: { ...checked, activityId: activityIdOf(call, seen.orgId) },
  };
}

/** An activity that comes with the move of a case belongs to that case, unless it says otherwise. */
function resolveActivity(
  deps: Deps,
  command: TransitionCommand,
  call: CallContext,
  activity: ActivityFields,
): Promise<CheckedActivity> {
  const fields = { ...activity, caseId: activity.caseId ?? command.caseId };
  return checkActivity(deps.owners, call, command.orgId, fields, command.activityAt ?? 'activity.');
}

/** The same request gives the same id, also when it is sent again; without a key each request is another one. */
function activityIdOf(call: CallContext, orgId: string): string {
  const { key, route } = call.idempotency ?? { key: newId(), route: `POST /orgs/${orgId}/stage` };
  const method = route.slice(0, Math.max(0, route.indexOf(' ')));
  return ids.requestStep(call.caller.actor, method, route, key, 'activity');
}

/** A case that is named must be the company's own, and open. */
async function checkCase(
  deps: Deps,
  caseId: string,
  call: CallContext,
  orgId: string,
  open: readonly OpenCaseFact[],
): Promise<void> {
  if (open.some((known) => known.caseId === caseId)) return;
  const unknown = DomainError.invalid([
    { path: 'caseId', message: 'is no case of this company', expected: 'the id of one of its cases' },
  ]);
  try {
    const { case: found } = await deps.owners.workflow.getCase({ caseId }, call);
    if (found?.orgId !== orgId) throw unknown;
    throw DomainError.stateRefused('The case is not open.', found.status);
  } catch (error) {
    throw isDomainError(error) && error.code === 'NOT_FOUND' ? unknown : error;
  }
}

async function pivot(
  deps: Deps,
  tx: Tx,
  command: TransitionCommand,
  call: CallContext,
  { seen, row, gathered, activity, closes }: Prepared,
): Promise<TransitionResponse> {
  const { stages } = deps.catalog;
  const org = await lockOrg(tx, command.orgId);
  if (org === undefined) throw DomainError.notFound('This company');
  if (org.erasedAt !== null) throw wasErased();
  // Also one that has left and come back: the facts were those of its stay before.
  if (org.currentStage !== row.from || org.stageSince.getTime() !== seen.stageSince.getTime()) {
    throw stageChanged(org, await lastStageChange(tx, org.orgId));
  }
  const reasonCode = command.reasonCode ?? row.defaultReason ?? null;
  const facts = stageFacts(org, { reasonCode, reasonNote: command.reasonNote }, gathered);
  const verdict = evaluateGuard(row.guard, facts);
  if (!verdict.ok) throw refused(row.from, row.to, verdict.unmet);
  const now = deps.clock.now();
  const { next, change } = moveStage(
    org,
    { stage: row.to, status: stages.stages.get(row.to)?.status ?? org.status },
    {
      eventId: newId(),
      toStage: row.to,
      reasonCode,
      reasonNote: command.reasonNote ?? null,
      duplicateOfOrgId: command.duplicateOfOrgId ?? null,
      actor: call.caller.actor,
      caseId: closes?.caseId ?? command.caseId ?? null,
      outcomeCode: closes?.outcomeCode ?? null,
      facts,
      stagesVersion: stages.version,
      template: null,
      templateVersion: null,
      rule: null,
    },
    now,
  );
  const rest = { fromStageSince: org.stageSince, activityId: activity?.activityId, outcomeNote: command.outcomeNote };
  const commands = activity
    ? [logActivity({ ...activity, orgId: org.orgId, createdBy: call.caller.id, createdAt: change.at })]
    : [];
  await Promise.all([
    writeMoves(tx, deps.catalog.stages, [next], [change]),
    deps.outbox.append(tx, requestOrigin(call), [orgStageChanged(next, change, rest), ...commands]),
  ]);
  return {
    org: orgMessage(next),
    caseId: closes?.caseId,
    activityId: activity?.activityId,
    expected: expectedAfter(row.to, { closesCase: closes !== undefined, logsActivity: activity !== undefined }),
    unchanged: false,
  };
}
