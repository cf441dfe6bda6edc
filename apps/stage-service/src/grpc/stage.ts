import { can, require as requireRight, type StageTransition } from '@tom/catalog';
import {
  TransitionResponse as TransitionResponseCodec,
  type StageHistoryEntry,
  type StageServiceService,
  type StageTransition as StageTransitionMessage,
  type TransitionRequest,
} from '@tom/contracts/tom/stage/v1/stage_service';
import { decodePageToken, DomainError, encodePageToken, isUuid } from '@tom/kernel';
import { evaluateGuard } from '@tom/rules';
import type { CallContext, Handlers } from '@tom/runtime';
import { stageFacts } from '@tom/workflow';
import { checkInput, lengths } from '../adapters/check-input.ts';
import { gatherFacts, sectionsReadBy, type GatheredFacts } from '../adapters/gather-facts.ts';
import { ruleMessage } from '../adapters/messages.ts';
import { findOrg } from '../adapters/orgs.ts';
import { listStageChanges, stagePath } from '../adapters/stage-history.ts';
import type { Deps } from '../deps.ts';
import type { Org } from '../domain/org.ts';
import { reasonViolations, type StageChange } from '../domain/stage.ts';
import { overrideStage } from '../use-cases/override-stage.ts';
import { transition, type TransitionCommand } from '../use-cases/transition.ts';
import { pageSizeOf, pathId } from './input.ts';
import { answeredBefore, writeOnce } from './write.ts';

type StageHandlers = Pick<
  Handlers<typeof StageServiceService>,
  'explainStage' | 'transition' | 'overrideStage' | 'listStageHistory'
>;

const COMPANY = 'This company';
const NEWEST = 2_147_483_647;

/** The stage machine: what is possible, the one door, the override, and what happened. */
export function stageHandlers(deps: Deps): StageHandlers {
  const { catalog, database } = deps;
  return {
    async explainStage(request, call) {
      requireRight(catalog.roles, call.caller.roles, 'read');
      const org = await findOrg(database, pathId(request.orgId, COMPANY));
      if (org === undefined) throw DomainError.notFound(COMPANY);
      const [steps, transitions] = await Promise.all([stagePath(database, org.orgId), explainTransitions(deps, org, call)]);
      const now = deps.clock.now();
      return {
        currentStage: org.currentStage,
        since: org.stageSince.toISOString(),
        path: steps.map(({ stage, at }, index) => {
          const until = steps[index + 1]?.at ?? now;
          const seconds = Math.max(0, Math.floor((until.getTime() - at.getTime()) / 1000));
          return { stage, enteredAt: at.toISOString(), seconds: String(seconds) };
        }),
        transitions,
      };
    },

    async transition(request, call) {
      const command = checkTransition(deps, request);
      await requireMoving(deps, command, call);
      const orgId = pathId(request.orgId, COMPANY);
      const answered = await answeredBefore(deps, call, request, TransitionResponseCodec);
      if (answered !== undefined) return answered;
      return transition(deps, { ...command, orgId }, call, (work) =>
        writeOnce(deps, call, request, TransitionResponseCodec, work),
      );
    },

    async overrideStage(request, call) {
      const input = checkInput();
      input.choice('toStage', request.toStage, catalog.stages.stages.keys(), { required: true });
      input.text('reason', request.reason, { max: lengths.note, required: true });
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'override_guard');
      const orgId = pathId(request.orgId, COMPANY);
      const answered = await answeredBefore(deps, call, request, TransitionResponseCodec);
      if (answered !== undefined) return answered;
      return overrideStage(deps, { ...request, orgId }, call, (work) =>
        writeOnce(deps, call, request, TransitionResponseCodec, work),
      );
    },

    async listStageHistory(request, call: CallContext) {
      const input = checkInput();
      const pageSize = pageSizeOf(input, request.pageSize);
      input.done();
      const scope = { list: 'stage_history', orgId: request.orgId };
      const before = decodePageToken(scope, request.pageToken);
      requireRight(catalog.roles, call.caller.roles, 'read');
      const orgId = pathId(request.orgId, COMPANY);
      const rows = await listStageChanges(database, orgId, before === undefined ? NEWEST : Number(before[0]), pageSize + 1);
      // Every company has at least the row of its creation.
      if (rows.length === 0 && before === undefined) throw DomainError.notFound(COMPANY);
      const page = rows.slice(0, pageSize);
      const last = rows.length > pageSize ? page.at(-1) : undefined;
      return { items: page.map(historyEntry), nextPageToken: last && encodePageToken(scope, [last.revision]) };
    },
  };
}

/** Every transition that leads on from where the company is, judged on the facts of their owners. */
export async function explainTransitions(
  { catalog, owners }: Pick<Deps, 'catalog' | 'owners'>,
  org: Org,
  call: CallContext,
): Promise<StageTransitionMessage[]> {
  // Nothing leads on from an erased company.
  const rows = org.erasedAt === null ? catalog.stages.from(org.currentStage) : [];
  const asked = { orgId: org.orgId, stageSince: org.stageSince, sections: sectionsReadBy(rows) };
  const [gathered = {}] = await gatherFacts(owners, call, [asked]);
  return rows.map((row) => explained(org, row, gathered));
}

/** One row for a person, with all of its rules. */
function explained(org: Org, row: StageTransition, gathered: GatheredFacts): StageTransitionMessage {
  const verdict = evaluateGuard(row.guard, stageFacts(org, { reasonCode: row.defaultReason }, gathered));
  const reasons = row.setBy === 'workflow' ? [] : row.reasons;
  return {
    to: row.to,
    allowed: verdict.ok,
    needsReason: row.needsReason,
    reasonCodes: reasons.map(({ code, label, needsNote }) => ({ code, label, needsNote })),
    rules: verdict.rules.map(ruleMessage),
    unmet: verdict.unmet.map(ruleMessage),
  };
}

/** Everything that can be said of a request without looking at the company. */
export function checkTransition(deps: Deps, request: TransitionRequest): TransitionCommand {
  const { stages } = deps.catalog;
  const input = checkInput();
  input.choice('toStage', request.toStage, stages.stages.keys(), { required: true });
  input.choice('fromStage', request.fromStage, stages.stages.keys());
  input.choice('reasonCode', request.reasonCode, stages.reasons.keys());
  input.text('reasonNote', request.reasonNote, { max: lengths.note });
  input.text('outcomeNote', request.outcomeNote, { max: lengths.note });
  input.uuid('duplicateOfOrgId', request.duplicateOfOrgId);
  input.uuid('caseId', request.caseId);
  input.instant('followUpAt', request.followUpAt);
  const { activity, followUpAt, fromStage } = request;
  if (followUpAt !== undefined && new Date(followUpAt) < deps.clock.now()) {
    input.refuse('followUpAt', 'lies in the past', 'a time in the future');
  }
  if (request.toStage === 'DISQUALIFIED') {
    const expected = 'nothing: a disqualified company has no next step';
    if (followUpAt !== undefined) input.refuse('followUpAt', 'cannot be agreed', expected);
    if (activity?.followUpAt !== undefined) input.refuse('activity.followUpAt', 'cannot be agreed', expected);
  } else if (followUpAt !== undefined && activity?.followUpAt !== undefined && activity.followUpAt !== followUpAt) {
    input.refuse('followUpAt', 'is another one than that of the activity', 'one follow-up');
  }
  // With the stage that it leaves, the reason can be judged at once; else when the company is known.
  const row = fromStage === undefined ? undefined : stages.find(fromStage, request.toStage);
  if (row !== undefined && (request.reasonCode === undefined || stages.reasons.has(request.reasonCode))) {
    for (const { path, message, expected } of reasonViolations(row, request, stages.reasons)) {
      input.refuse(path, message, expected);
    }
  }
  input.done();
  const bareFollowUp = activity === undefined && followUpAt !== undefined;
  return {
    orgId: request.orgId,
    fromStage,
    toStage: request.toStage,
    reasonCode: request.reasonCode,
    reasonNote: request.reasonNote,
    duplicateOfOrgId: request.duplicateOfOrgId,
    caseId: request.caseId,
    outcomeCode: request.outcomeCode,
    outcomeNote: request.outcomeNote,
    activity: bareFollowUp
      ? { activityType: 'NOTE', followUpAt }
      : activity && { ...activity, followUpAt: activity.followUpAt ?? followUpAt },
    activityAt: bareFollowUp ? '' : 'activity.',
  };
}

/** Throws FORBIDDEN unless the caller may move companies. */
export async function requireMoving(deps: Deps, command: TransitionCommand, { caller }: CallContext): Promise<void> {
  const { roles } = deps.catalog;
  if (!can(roles, caller.roles, 'move_stage')) await refuseStranger(deps, command);
  requireRight(roles, caller.roles, 'move_stage');
}

/**
 * A bad reason comes before a missing right, also when only the company says which reasons there are. Whoever may move it
 * is told so later, after the answer to a repetition was looked for; so this reads nothing for them.
 */
async function refuseStranger({ catalog, database }: Deps, command: TransitionCommand): Promise<void> {
  if (command.fromStage !== undefined || !isUuid(command.orgId)) return;
  const org = await findOrg(database, command.orgId);
  const row = org && catalog.stages.find(org.currentStage, command.toStage);
  const violations = row === undefined ? [] : reasonViolations(row, command, catalog.stages.reasons);
  if (violations.length > 0) throw DomainError.invalid(violations);
}

function historyEntry(change: StageChange): StageHistoryEntry {
  return {
    fromStage: change.fromStage ?? undefined,
    toStage: change.toStage,
    reasonCode: change.reasonCode ?? undefined,
    reasonNote: change.reasonNote ?? undefined,
    at: change.at.toISOString(),
    actor: change.actor,
    caseId: change.caseId ?? undefined,
    facts: change.facts,
    template: change.template ?? undefined,
    templateVersion: change.templateVersion ?? undefined,
    rule: change.rule ?? undefined,
  };
}
