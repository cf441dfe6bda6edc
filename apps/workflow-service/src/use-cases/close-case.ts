import { require } from '@tom/catalog';
import { DomainError, isUuid } from '@tom/kernel';
import type { ActivityFields } from '@tom/contracts/tom/activity/v1/activity';
import { requestOrigin } from '@tom/messaging';
import type { Database, Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { type CaseItem, close, missingForOutcome, mustBeOpen, mustBeWorkable, mustHaveOutputs } from '@tom/workflow';
import { cancelCaseTasksDraft } from '../adapters/case-messages.ts';
import { caseById } from '../adapters/case-table.ts';
import { outputsOfCases } from '../adapters/requirement-table.ts';
import { openTemplateTasksOf } from '../adapters/work-projection.ts';
import type { Deps } from '../deps.ts';
import { actorOf, changeCase, requireForCase } from './change-case.ts';
import { passDoor, settledOrg, type DoorRequest } from './pass-door.ts';

export interface CloseCase {
  readonly caseId: string;
  readonly outcomeCode: string;
  readonly outcomeNote?: string | undefined;
  readonly reasonCode?: string | undefined;
  readonly reasonNote?: string | undefined;
  readonly duplicateOfOrgId?: string | undefined;
  readonly followUpAt?: string | undefined;
  readonly activity?: ActivityFields | undefined;
}

/** What closing with this outcome means: the stage that it leads to, if any, and the outputs that it needs. */
export interface Closing {
  readonly item: CaseItem;
  readonly stage?: string | undefined;
  readonly requires: readonly string[];
}

/** Checks rights and outcome; neither changes while a case lives, so they are checked before anything else. */
export async function resolveClosing(deps: Deps, call: CallContext, command: CloseCase): Promise<Closing> {
  const { database, catalog, templates } = deps;
  require(catalog.roles, call.caller.roles, 'work_cases');
  const item = isUuid(command.caseId) ? await caseById(database, command.caseId) : undefined;
  if (!item) throw DomainError.notFound('The case');
  const template = (await templates.ofCases(database, [item]))(item);
  const free = [...catalog.codes.outcomeCodes.values()].filter((outcome) => outcome.withoutTemplate);
  const allowed = template ? template.completion.map(({ outcome }) => outcome) : free.map(({ code }) => code);
  if (!allowed.includes(command.outcomeCode)) {
    throw DomainError.invalid([
      { path: 'outcomeCode', message: 'is no outcome of this case', expected: `one of ${allowed.join(', ')}` },
    ]);
  }
  requireForCase(deps, call, 'work_cases', item);
  const completion = template?.completion.find(({ outcome }) => outcome === command.outcomeCode);
  return { item, stage: completion?.stage, requires: completion?.requires ?? [] };
}

async function mustHaveWhatItNeeds(from: Pick<Database, 'query'> | Tx, { item, requires }: Closing): Promise<void> {
  if (requires.length === 0) return;
  const outputs = await outputsOfCases(from, [item.caseId]);
  mustHaveOutputs(missingForOutcome(item, outputs, requires));
}

/** Closes a case whose outcome leaves the company where it is. */
export async function closeHere(
  deps: Deps,
  tx: Tx,
  call: CallContext,
  command: CloseCase,
  closing: Closing,
): Promise<CaseItem> {
  const item = await changeCase(deps, tx, call, {
    caseId: command.caseId,
    right: 'work_cases',
    rule: async (current, now) => {
      mustBeWorkable(current, actorOf(deps, call, current));
      await mustHaveWhatItNeeds(tx, { ...closing, item: current });
      return close(current, { code: command.outcomeCode, note: command.outcomeNote }, now);
    },
  });
  const tasks = await openTemplateTasksOf(tx, [item.caseId]);
  await deps.outbox.append(tx, requestOrigin(call), [cancelCaseTasksDraft(item, tasks.get(item.caseId) ?? [], {})]);
  return item;
}

/** Closes a case by moving its company; the case closes on the event of that. */
export async function closeThroughDoor(
  deps: Deps,
  call: CallContext,
  command: CloseCase,
  closing: Closing & { readonly stage: string },
  request: DoorRequest,
) {
  const { item, stage: toStage } = closing;
  const fromStage = request.askedFrom ?? (await judgeFrom(deps, call, closing));
  const { outcomeCode, outcomeNote, reasonCode, reasonNote, duplicateOfOrgId, activity, followUpAt } = command;
  return passDoor(deps, call, item, {
    ...request,
    fromStage,
    toStage,
    wishes: { outcomeCode, outcomeNote, reasonCode, reasonNote, duplicateOfOrgId, activity, followUpAt },
    done: (current) => current.closedAt !== undefined,
  });
}

/** The stage that the company is in while the case is open and has what the outcome needs. */
async function judgeFrom(deps: Deps, call: CallContext, closing: Closing): Promise<string> {
  const { item } = closing;
  mustBeWorkable(item, actorOf(deps, call, item));
  await mustHaveWhatItNeeds(deps.database, closing);
  const org = await settledOrg(deps, call, item.orgId);
  // A move that had already happened has closed the case by now.
  mustBeOpen((await caseById(deps.database, item.caseId)) ?? item);
  return org.currentStage;
}
