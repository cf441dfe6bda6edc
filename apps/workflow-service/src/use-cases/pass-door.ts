import type { TransitionRequest, TransitionResponse } from '@tom/contracts/tom/stage/v1/stage_service';
import { DomainError, ids, isDomainError, newId } from '@tom/kernel';
import { furtherStep, type CallContext } from '@tom/runtime';
import type { CaseItem } from '@tom/workflow';
import { caseById } from '../adapters/case-table.ts';
import { forgetDoorRequest, notedRequest, noteDoorRequest } from '../adapters/door-request-table.ts';
import { knownOrgs, type KnownOrg } from '../adapters/org-projection.ts';
import type { Deps } from '../deps.ts';

/**
 * How long an answer waits for what this service's own handlers make of a transition; the gateway waits for the rest.
 */
const WAIT_MS = 1_500;

/** A request for the one door on behalf of a case. */
export interface DoorRequest {
  readonly requestId: string;
  readonly bodyHash: string;
  /**
   * Set when it was asked before: what it was checked against need not be so any more, and the very same is asked
   * again, so that the door knows it and answers as it did.
   */
  readonly askedFrom?: string | undefined;
}

/** Recognises a request that comes again by its Idempotency-Key; with another body it is refused. */
export async function recogniseDoorRequest(
  { database }: Deps,
  call: CallContext,
  bodyHash: string,
): Promise<DoorRequest> {
  if (call.idempotency === undefined) return { requestId: newId(), bodyHash };
  const { key, route } = call.idempotency;
  const requestId = ids.requestStep(call.caller.actor, 'door', route, key, 'case');
  const before = await notedRequest(database, requestId);
  if (before !== undefined && before.bodyHash !== bodyHash) {
    throw new DomainError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request.');
  }
  return { requestId, bodyHash, askedFrom: before?.fromStage };
}

/**
 * The company of a case, at a stage that this service has heard of: a move that happened but whose event is still on
 * its way is waited for, so that no second move is made on top of the first. If it does not come, the door itself
 * refuses.
 */
export async function settledOrg(
  { database, stage, watch }: Deps,
  call: CallContext,
  orgId: string,
): Promise<KnownOrg> {
  const now = await stage.getOrg({ orgId }, call);
  const since = new Date(now.stageSince ?? 0).getTime();
  const read = async () => (await knownOrgs(database, [orgId])).get(orgId);
  const caughtUp = async () => {
    const org = await read();
    return org && org.stageSince.getTime() >= since ? org : undefined;
  };
  const org = (await watch.until(orgId, caughtUp, WAIT_MS)) ?? (await read());
  if (!org) throw new DomainError('UNAVAILABLE', 'The company is not known here yet; try again.');
  return org;
}

export interface Passage extends DoorRequest {
  readonly fromStage: string;
  readonly toStage: string;
  readonly wishes: Partial<TransitionRequest>;
  /** Whether this side is through with it. */
  readonly done: (item: CaseItem) => boolean;
}

/** Notes the request, goes through the door with the caller's own token, and waits for what follows on this side. */
export async function passDoor(
  deps: Deps,
  call: CallContext,
  item: CaseItem,
  passage: Passage,
): Promise<{ item: CaseItem; answer: TransitionResponse }> {
  const { database, clock, watch } = deps;
  const { requestId, bodyHash, fromStage, done } = passage;
  const { caseId, orgId } = item;
  await noteDoorRequest(database, { requestId, caseId, fromStage, bodyHash, createdAt: clock.now() });
  const answer = await askDoor(deps, call, item, passage);
  const after = async () => {
    const current = await caseById(database, caseId);
    return current && done(current) ? current : undefined;
  };
  const changed = await watch.until(orgId, after, WAIT_MS);
  return { item: changed ?? (await caseById(database, caseId)) ?? item, answer };
}

async function askDoor(
  { database, stage }: Deps,
  call: CallContext,
  item: CaseItem,
  passage: Passage,
): Promise<TransitionResponse> {
  const { fromStage, toStage, wishes, requestId } = passage;
  const request = { ...wishes, orgId: item.orgId, caseId: item.caseId, fromStage, toStage };
  try {
    return await stage.transition(request, furtherStep(call, 'transition'));
  } catch (error) {
    // Whether an answer that did not come was a refusal is not known: then the request stays known as it is.
    if (isDomainError(error) && error.kind !== 'unavailable') await forgetDoorRequest(database, requestId);
    throw error;
  }
}
