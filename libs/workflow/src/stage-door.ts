import type { StageFacts } from '@tom/catalog';
import type { UnmetRule } from '@tom/kernel';
import type { CaseItem } from './case.ts';
import type { LeadingEngine } from './template.ts';

/** One row of the table of transitions, as far as it decides what a move closes. */
export interface DoorRow {
  readonly from: string;
  readonly to: string;
  readonly defaultOutcome?: string;
}

/** An open case, as far as a change of stage can close it. */
export interface ClosableCase {
  readonly caseId: string;
  readonly outcomes: readonly { readonly outcome: string; readonly stage: string }[];
}

/** The company as guards read it. */
export interface OrgAtDoor {
  readonly orgKind: string;
  readonly status: string;
  readonly currentStage: string;
  readonly stageSince: Date;
  readonly wasCustomer: boolean;
}

/** An open case as guards read it. */
export interface CaseAtDoor {
  readonly caseType: string;
  readonly engine: string;
  readonly owner?: string | undefined;
  /** Its owner claimed it in the role of the engine that leads it. */
  readonly claimedByEngineRole: boolean;
}

/** What the owners of the facts answered; a section that nobody asked for is absent. */
export interface FactsOfOwners {
  readonly cases?: readonly CaseAtDoor[];
  readonly activities?: { readonly contactsSince: number; readonly pendingFollowUps: number };
  readonly tasks?: { readonly nextStepsToday: number; readonly nextStepsFuture: number };
}

/** The case since whose opening contacts count. */
export const QUALIFY_COMPANY = 'QUALIFY_COMPANY';
const WORK_LEAD = 'WORK_LEAD';
const OUTSIDE_SALES = 'outside_sales';

/** The rule that stands in for a row that does not exist. */
export function notAllowed(from: string, to: string): UnmetRule {
  return {
    rule: 'TRANSITION_NOT_ALLOWED',
    met: false,
    message: {
      de: `Von ${from} führt kein Schritt nach ${to}.`,
      en: `No step leads from ${from} to ${to}.`,
    },
    value: from,
  };
}


/**
 * The case that a move closes, and with which outcome: the one asked for, else the first whose template leads to the
 * stage. From a row with an outcome of its own (LOST) that one; an outcome that is another row's is the last choice.
 */
export function closedBy(
  cases: readonly ClosableCase[],
  row: DoorRow,
  asked: { readonly caseId?: string | undefined; readonly outcomeCode?: string | undefined },
  outcomesOfOtherRows: ReadonlySet<string>,
): { readonly caseId: string; readonly outcomeCode: string } | undefined {
  for (const open of cases) {
    if (asked.caseId !== undefined && open.caseId !== asked.caseId) continue;
    const leading = open.outcomes.filter(({ stage }) => stage === row.to).map(({ outcome }) => outcome);
    const wanted = asked.outcomeCode ?? row.defaultOutcome;
    const outcomeCode =
      leading.find((outcome) => outcome === wanted) ??
      (asked.outcomeCode === undefined
        ? (leading.find((outcome) => !outcomesOfOtherRows.has(outcome)) ?? leading[0])
        : undefined);
    if (outcomeCode !== undefined) return { caseId: open.caseId, outcomeCode };
  }
  return undefined;
}


/** Outcomes that belong to another row to the same stage (LOST: only from SALES_ACCEPTED). */
export function outcomesOfOtherRows(rows: readonly DoorRow[], row: DoorRow): ReadonlySet<string> {
  const others = rows.filter((other) => other.to === row.to && other.from !== row.from);
  const outcomes = others.flatMap((other) => (other.defaultOutcome === undefined ? [] : [other.defaultOutcome]));
  return new Set(outcomes.filter((outcome) => outcome !== row.defaultOutcome));
}

/** What guards read, of the company as it is and of what was gathered; this is also what the history keeps. */
export function stageFacts(
  org: OrgAtDoor,
  request: { readonly reasonCode?: string | null | undefined; readonly reasonNote?: string | null | undefined },
  gathered: FactsOfOwners,
): Partial<StageFacts> & Pick<StageFacts, 'org' | 'request'> {
  const { cases, activities, tasks } = gathered;
  const ofType = (type: string) => cases?.filter((open) => open.caseType === type) ?? [];
  return {
    org: {
      org_kind: org.orgKind,
      status: org.status,
      current_stage: org.currentStage,
      stage_since: org.stageSince.toISOString(),
      was_customer: org.wasCustomer,
    },
    request: { ...(request.reasonCode ? { reason_code: request.reasonCode } : {}), has_note: Boolean(request.reasonNote) },
    ...(activities && {
      activities: {
        contacts_since_case: activities.contactsSince,
        pending_follow_ups: activities.pendingFollowUps,
      },
    }),
    ...(tasks && { tasks: { next_steps_today: tasks.nextStepsToday, next_steps_future: tasks.nextStepsFuture } }),
    ...(cases && {
      cases: {
        open: cases.length,
        open_types: cases.map((open) => open.caseType),
        qualify_open: ofType(QUALIFY_COMPANY).length > 0,
        work_lead_open: ofType(WORK_LEAD).length > 0,
        work_lead_claimed: ofType(WORK_LEAD).some(claimedByField),
      },
    }),
  };
}

/** A lead that was handed over may be claimed by another engine: that is no acceptance. */
function claimedByField({ owner, engine, claimedByEngineRole }: CaseAtDoor): boolean {
  return owner !== undefined && claimedByEngineRole && engine === OUTSIDE_SALES;
}

/** An open case as guards read it, and what a move can close it with. */
export function caseAtDoor(
  item: CaseItem,
  engines: ReadonlyMap<string, Pick<LeadingEngine, 'role'>>,
  completion: readonly { readonly outcome: string; readonly stage?: string | undefined }[],
): CaseAtDoor & ClosableCase {
  return {
    caseId: item.caseId,
    caseType: item.caseType,
    engine: item.engine,
    owner: item.owner,
    claimedByEngineRole: item.owner !== undefined && item.claimedRole === engines.get(item.engine)?.role,
    outcomes: completion.flatMap(({ outcome, stage }) => (stage === undefined ? [] : [{ outcome, stage }])),
  };
}
