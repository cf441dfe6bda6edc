import { DomainError, type Decision } from '@tom/kernel';
import { caseStatus, type CaseStatus, type Escalation, type WorkFacts } from './case-status.ts';
import type { Output } from './requirement.ts';
import type { HandOver, Return } from './transfer.ts';

/** A case as it is stored. `revision` counts every event, `version` only what a PATCH can write. */
export interface CaseItem {
  readonly caseId: string;
  readonly number: number;
  readonly orgId: string;
  readonly caseType: string;
  readonly engine: string;
  readonly phase?: string | undefined;
  readonly status: CaseStatus;
  readonly ownerRole: string;
  readonly ownerQueue: string;
  readonly owner?: string | undefined;
  readonly ownedSince?: Date | undefined;
  /** The role in which the owner claimed it. */
  readonly claimedRole?: string | undefined;
  readonly priority: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly dueAt?: Date | undefined;
  readonly openedAt: Date;
  readonly openedBy: string;
  readonly closedAt?: Date | undefined;
  readonly outcomeCode?: string | undefined;
  readonly outcomeNote?: string | undefined;
  readonly template?: string | undefined;
  readonly templateVersion?: number | undefined;
  readonly returnCount: number;
  readonly escalated: boolean;
  readonly outputsDemanded: boolean;
  /** The command that asked for the stage with which it was opened. */
  readonly openingCommandId?: string | undefined;
  readonly version: number;
  readonly revision: number;
  readonly editedAt: Date;
  readonly editedBy: string;
}

export interface CaseNoteItem {
  readonly noteId: string;
  readonly caseId: string;
  readonly noteType: string;
  readonly body: string;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** What happened to a case; `item` is the case after it. */
export type CaseEvent =
  | { readonly kind: 'opened'; readonly item: CaseItem }
  | { readonly kind: 'updated'; readonly item: CaseItem; readonly changedFields: readonly string[] }
  | { readonly kind: 'claimed'; readonly item: CaseItem; readonly roles: readonly string[] }
  | { readonly kind: 'released'; readonly item: CaseItem; readonly previousOwner: string }
  | { readonly kind: 'note_added'; readonly item: CaseItem; readonly note: CaseNoteItem }
  | { readonly kind: 'fulfilled'; readonly item: CaseItem; readonly output: Output }
  | { readonly kind: 'phase_changed'; readonly item: CaseItem; readonly previousPhase: string | undefined }
  | { readonly kind: 'handed_over'; readonly item: CaseItem; readonly handOver: HandOver }
  | { readonly kind: 'returned'; readonly item: CaseItem; readonly returned: Return }
  | { readonly kind: 'status_changed'; readonly item: CaseItem; readonly previousStatus: CaseStatus }
  | { readonly kind: 'escalated'; readonly item: CaseItem; readonly reason: string }
  | { readonly kind: 'closed'; readonly item: CaseItem };

export type CaseDecision = Decision<CaseItem, CaseEvent>;

/** The fields that a PATCH can write. */
export interface CaseEdit {
  readonly title?: string;
  readonly description?: string | undefined;
  readonly priority?: string;
  readonly dueAt?: Date | undefined;
}

/** The case after one more event. */
export function next(item: CaseItem, change: Partial<CaseItem>): CaseItem {
  return { ...item, ...change, revision: item.revision + 1 };
}

/** Any action on a closed case is refused. */
export function mustBeOpen(item: CaseItem): void {
  if (item.closedAt) throw DomainError.stateRefused('The case is closed.', item.status);
}

/** Somebody else's case is refused, naming who has it. */
export function mustNotBelongToAnother(item: CaseItem, person: string): void {
  if (item.owner === undefined || item.owner === person) return;
  throw new DomainError('CASE_CLAIMED_BY', `${item.owner} has this case.`, {
    by: item.owner,
    at: item.ownedSince?.toISOString() ?? item.openedAt.toISOString(),
  });
}

/** Who may act on a case: its owner, anybody of its role while nobody has it, and who may act for others. */
export interface Actor {
  readonly id: string;
  readonly forOthers: boolean;
}

/** An action on a case: it is open, and nobody else has it. */
export function mustBeWorkable(item: CaseItem, actor: Actor): void {
  mustBeOpen(item);
  if (!actor.forOthers) mustNotBelongToAnother(item, actor.id);
}

/** Makes the person the owner; claiming what one has changes nothing. */
export function claim(
  item: CaseItem,
  person: { id: string; role: string; roles: readonly string[] },
  now: Date,
): CaseDecision {
  mustBeOpen(item);
  mustNotBelongToAnother(item, person.id);
  if (item.owner === person.id) return { next: item, events: [] };
  const claimed = next(item, { owner: person.id, ownedSince: now, claimedRole: person.role });
  return { next: claimed, events: [{ kind: 'claimed', item: claimed, roles: person.roles }] };
}

/** Takes the owner away; a case that nobody has stays as it is. */
export function release(item: CaseItem): CaseDecision {
  if (item.owner === undefined || item.closedAt) return { next: item, events: [] };
  const released = next(item, { owner: undefined, ownedSince: undefined, claimedRole: undefined });
  return { next: released, events: [{ kind: 'released', item: released, previousOwner: item.owner }] };
}

/** Closes it; a case that is closed already stays as it is. */
export function close(item: CaseItem, outcome: { code: string; note?: string | undefined }, now: Date): CaseDecision {
  if (item.closedAt) return { next: item, events: [] };
  const closed = next(item, { status: 'CLOSED', closedAt: now, outcomeCode: outcome.code, outcomeNote: outcome.note });
  return { next: closed, events: [{ kind: 'closed', item: closed }] };
}

/** Writes what really differs; the version counts it. */
export function edit(item: CaseItem, wanted: CaseEdit, by: string, now: Date): CaseDecision {
  mustBeOpen(item);
  const changedFields = (Object.keys(wanted) as (keyof CaseEdit)[]).filter(
    (field) => !same(item[field], wanted[field]),
  );
  if (changedFields.length === 0) return { next: item, events: [] };
  const edited = next(item, { ...wanted, version: item.version + 1, editedAt: now, editedBy: by });
  return { next: edited, events: [{ kind: 'updated', item: edited, changedFields }] };
}

export function addNote(item: CaseItem, note: CaseNoteItem): CaseDecision {
  const noted = next(item, {});
  return { next: noted, events: [{ kind: 'note_added', item: noted, note }] };
}

/** Goes on to a phase of its engine; whether it may is judged before. */
export function enterPhase(item: CaseItem, phase: string): CaseDecision {
  if (item.phase === phase || item.closedAt) return { next: item, events: [] };
  const entered = next(item, { phase });
  return { next: entered, events: [{ kind: 'phase_changed', item: entered, previousPhase: item.phase }] };
}

/** A rule demands attention; the status that comes of it tells so. */
export function escalateByRule(item: CaseItem): CaseDecision {
  return { next: item.closedAt ? item : { ...item, escalated: true }, events: [] };
}

/**
 * Adds to a decision what it means for the status; closing tells its own status. A reason to escalate is told when it
 * arises: the return that was one too many told its own.
 */
export function withStatus(decision: CaseDecision, work: WorkFacts, now: Date): CaseDecision {
  // The demand ends with the outputs complete: another one missing later is no block by itself.
  const outputsDemanded = decision.next.outputsDemanded && work.outputsMissing;
  const item = { ...decision.next, outputsDemanded };
  const { status, escalation } = caseStatus(item, work, now);
  if (item.closedAt || status === item.status) return { ...decision, next: item };
  const changed = next(item, { status });
  const told: CaseDecision = {
    next: changed,
    events: [...decision.events, { kind: 'status_changed', item: changed, previousStatus: item.status }],
  };
  if (escalation === undefined || escalation === 'RETURNED_TOO_OFTEN') return told;
  return followedBy(told, (current) => escalate(current, escalation));
}

/** Tells that a case needs attention, and why. */
export function escalate(item: CaseItem, reason: Escalation): CaseDecision {
  const escalated = next(item, {});
  return { next: escalated, events: [{ kind: 'escalated', item: escalated, reason }] };
}

/** Several decisions one after the other. */
export function followedBy(decision: CaseDecision, rule: (item: CaseItem) => CaseDecision): CaseDecision {
  const following = rule(decision.next);
  return { next: following.next, events: [...decision.events, ...following.events] };
}

function same(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
}
