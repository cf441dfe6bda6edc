import { can, require, type Right } from '@tom/catalog';
import { DomainError, isUuid } from '@tom/kernel';
import { requestOrigin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { type Actor, type CaseDecision, type CaseItem, untouched, withStatus } from '@tom/workflow';
import { caseDrafts } from '../adapters/case-messages.ts';
import { lockCase, updateCases, workFactsOf } from '../adapters/case-table.ts';
import type { Deps } from '../deps.ts';

/** A rule for a case, and what goes with it. */
export interface CaseChange {
  readonly caseId: string;
  readonly right: Right;
  /** Whether the request fits the case at all; what it throws comes before rights are looked at. */
  readonly check?: (item: CaseItem) => Promise<void> | void;
  /** Judges the locked case; may read and write the rows that belong to it, for the status is computed afterwards. */
  readonly rule: (item: CaseItem, now: Date) => Promise<CaseDecision> | CaseDecision;
}

/** Applies a rule to a case on behalf of a person: locked, judged, its status computed anew, stored and told. */
export async function changeCase(
  { outbox, clock, catalog }: Deps,
  tx: Tx,
  call: CallContext,
  change: CaseChange,
): Promise<CaseItem> {
  require(catalog.roles, call.caller.roles, change.right);
  const item = isUuid(change.caseId) ? await lockCase(tx, change.caseId) : undefined;
  if (!item) throw DomainError.notFound('The case');
  await change.check?.(item);
  requireForCase({ catalog }, call, change.right, item);
  const now = clock.now();
  const decided = await change.rule(item, now);
  if (decided.events.length === 0) return item;
  // What the status is computed from depends on who leads the case, in which phase and role.
  if (isElsewhere(decided.next, item)) await updateCases(tx, [decided.next]);
  const work = (await workFactsOf(tx, [item.caseId])).get(item.caseId) ?? untouched;
  const { next, events } = withStatus(decided, work, now);
  await updateCases(tx, [next]);
  await outbox.append(tx, requestOrigin(call), caseDrafts(events));
  return next;
}

function isElsewhere(a: CaseItem, b: CaseItem): boolean {
  return a.engine !== b.engine || a.phase !== b.phase || a.ownerRole !== b.ownerRole;
}

/** The caller as rules see who acts on a case. */
export function actorOf(deps: Pick<Deps, 'catalog'>, call: CallContext, item: CaseItem): Actor {
  return { id: call.caller.id, forOthers: mayActForOthers(deps, call, item) };
}

/** Rights to work on a case come from its engine, its queue or its role. Everybody may write notes. */
export function requireForCase(
  { catalog }: Pick<Deps, 'catalog'>,
  call: CallContext,
  right: Right,
  item: CaseItem,
): void {
  if (right === 'write_notes') return;
  require(catalog.roles, call.caller.roles, right, scopeOf(item));
}

/** Whether the caller may act on what somebody else has. */
export function mayActForOthers({ catalog }: Pick<Deps, 'catalog'>, call: CallContext, item: CaseItem): boolean {
  return can(catalog.roles, call.caller.roles, 'reassign_tasks', scopeOf(item));
}

function scopeOf(item: CaseItem) {
  return { engine: item.engine, queue: item.ownerQueue, role: item.ownerRole };
}
