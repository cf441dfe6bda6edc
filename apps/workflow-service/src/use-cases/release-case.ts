import { require } from '@tom/catalog';
import { DomainError, isUuid } from '@tom/kernel';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { type CaseItem, claimStages, mustBeOpen, mustNotBelongToAnother, release, stageOnRelease } from '@tom/workflow';
import { caseById } from '../adapters/case-table.ts';
import type { Deps } from '../deps.ts';
import { changeCase, mayActForOthers, requireForCase } from './change-case.ts';
import { passDoor, settledOrg, type DoorRequest } from './pass-door.ts';

export interface ReleaseCase {
  readonly caseId: string;
  readonly reasonCode?: string | undefined;
  readonly reasonNote?: string | undefined;
}

/** What giving the case back means: the stages that the company moves between, if the claim had moved it. */
export interface Releasing {
  readonly item: CaseItem;
  readonly move?: { readonly from: string; readonly to: string } | undefined;
}

/** Checks rights and finds out whether the company has to move back. */
export async function resolveReleasing(
  deps: Deps,
  call: CallContext,
  command: ReleaseCase,
  request: DoorRequest,
): Promise<Releasing> {
  const { database, catalog, templates } = deps;
  require(catalog.roles, call.caller.roles, 'work_cases');
  const item = isUuid(command.caseId) ? await caseById(database, command.caseId) : undefined;
  if (!item) throw DomainError.notFound('The case');
  requireForCase(deps, call, 'work_cases', item);
  const template = (await templates.ofCases(database, [item]))(item);
  if (!template || item.closedAt || claimStages(template).size === 0) return { item };
  // Where the case was handed over to, the claim did not move the company, and giving it back moves nothing either.
  if (item.engine !== template.case?.engine) return { item };
  const from = request.askedFrom ?? (await settledOrg(deps, call, item.orgId)).currentStage;
  const to = stageOnRelease(catalog.stages, template, from);
  return to === undefined ? { item } : { item, move: { from, to } };
}

function mustBeReleasable(deps: Deps, call: CallContext, item: CaseItem): void {
  mustBeOpen(item);
  if (item.owner === undefined) throw DomainError.stateRefused('Nobody has this case.', item.status);
  if (!mayActForOthers(deps, call, item)) mustNotBelongToAnother(item, call.caller.id);
}

/** Takes the owner away; the company stays where it is. */
export async function releaseHere(deps: Deps, tx: Tx, call: CallContext, command: ReleaseCase): Promise<CaseItem> {
  return changeCase(deps, tx, call, {
    caseId: command.caseId,
    right: 'work_cases',
    rule: (item) => {
      mustBeReleasable(deps, call, item);
      return release(item);
    },
  });
}

/** Gives the company back; its case loses its owner on the event of that. */
export async function releaseThroughDoor(
  deps: Deps,
  call: CallContext,
  command: ReleaseCase,
  { item, move }: Releasing & { readonly move: { readonly from: string; readonly to: string } },
  request: DoorRequest,
) {
  // What was waited for may have released or closed it.
  if (request.askedFrom === undefined)
    mustBeReleasable(deps, call, (await caseById(deps.database, item.caseId)) ?? item);
  return passDoor(deps, call, item, {
    ...request,
    fromStage: move.from,
    toStage: move.to,
    wishes: { reasonCode: command.reasonCode, reasonNote: command.reasonNote },
    done: (current) => current.owner === undefined || current.closedAt !== undefined,
  });
}
