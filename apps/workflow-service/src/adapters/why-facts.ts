import { sql, type Database, type Tx } from '@tom/postgres';
import type { Look, Seen } from '../domain/why.ts';
import { present } from './present.ts';

type Reader = Pick<Database, 'query'> | Tx;

const SEEN = `e.event_id as "eventId", e.type, e.org_id as "orgId", e.case_id as "caseId", e.aggregate_id as "aggregateId",
  e.occurred_at as at, e.correlation_id as "correlationId", e.causation_id as "causationId", e.codes`;
const LOOK = `r.event_id as "eventId", r.template, r.template_version as "templateVersion", r.rule, r.place_id as "placeId",
  r.org_id as "orgId", r.case_id as "caseId", r.fired, r.obstacle, r.condition, r.parts, r.evaluated_at as at`;

/** The queries, for the test of their plans too: each goes by an index that was there already. */
export const whyStatements = {
  seen: sql('why.seen', `select ${SEEN} from observed_event e where event_id = $1`),
  firedAt: sql('why.fired_at', `select ${LOOK} from rule_evaluation r where event_id = $1 and fired order by template, rule`),
  firedByRule: sql(
    'why.fired_by_rule',
    `select ${LOOK} from rule_evaluation r where place_id = $1 and template = $2 and rule = $3 and fired
     order by evaluated_at desc`,
  ),
  // A command carries the correlation of the event that a rule saw, and so does the event that came of it.
  firedInChain: sql(
    'why.fired_in_chain',
    `select ${LOOK} from observed_event e join rule_evaluation r on r.event_id = e.event_id
     where e.org_id = $1 and e.occurred_at <= $3 and e.correlation_id = $2 and r.fired
     order by e.occurred_at desc, r.template, r.rule limit 200`,
  ),
  latestStage: sql(
    'why.latest_stage',
    `select ${SEEN} from observed_event e where org_id = $1 and type = 'OrgStageChanged'
     order by occurred_at desc, revision desc limit 1`,
  ),
  openedWith: sql(
    'why.opened_with',
    `select case_id as "caseId" from case_item where org_id = $1 and opening_command_id = $2`,
  ),
  opening: sql(
    'why.opening',
    `select event_id as "eventId", occurred_at as at, envelope from case_history
     where aggregate_id = $1 and type = 'tom.workflow.v1.CaseOpened' order by revision limit 1`,
  ),
  told: sql('why.told', `select event_id as "eventId", occurred_at as at, envelope from case_history where event_id = $1`),
  idle: sql(
    'why.idle',
    `select ${SEEN} from observed_event e
     where org_id = $1 and occurred_at >= $2 and (occurred_at, event_id) < ($3, $4)
       and exists (select from rule_evaluation r where r.event_id = e.event_id and not r.fired)
     order by occurred_at desc, event_id desc limit $5`,
  ),
  idleLooks: sql(
    'why.idle_looks',
    `select ${LOOK} from rule_evaluation r where event_id = any($1) and not fired order by template, rule, place_id`,
  ),
} as const;

/** An own event about a case as far as its cause is concerned. */
export interface Told {
  readonly eventId: string;
  readonly at: Date;
  readonly actor: string;
  readonly causationId?: string | undefined;
  readonly template?: string | undefined;
  readonly templateVersion?: number | undefined;
  readonly rule?: string | undefined;
}

export interface Before {
  readonly at: string;
  readonly eventId: string;
}

interface HistoryRow {
  readonly eventId: string;
  readonly at: Date;
  readonly envelope: Omit<Told, 'eventId' | 'at'>;
}

/** Later than every event, and after every id. */
const LATEST: Before = { at: '2300-01-01T00:00:00.000Z', eventId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

export async function seenEvent(from: Reader, eventId: string): Promise<Seen | undefined> {
  const [row] = await from.query<object>(whyStatements.seen, [eventId]);
  return row && present<Seen>(row);
}

/** What fired at an event. */
export async function firedAt(from: Reader, eventId: string): Promise<readonly Look[]> {
  return (await from.query<object>(whyStatements.firedAt, [eventId])).map(present<Look>);
}

/** When a rule fired at a case or company, the latest first. */
export async function firedByRule(
  from: Reader,
  placeId: string,
  template: string,
  rule: string,
): Promise<readonly Look[]> {
  return (await from.query<object>(whyStatements.firedByRule, [placeId, template, rule])).map(present<Look>);
}

/** What fired in the chain of causes that an event belongs to, up to it, the latest first. */
export async function firedInChain(from: Reader, { orgId, correlationId, at }: Seen): Promise<readonly Look[]> {
  return (await from.query<object>(whyStatements.firedInChain, [orgId, correlationId, at])).map(present<Look>);
}

export async function latestStageChange(from: Reader, orgId: string): Promise<Seen | undefined> {
  const [row] = await from.query<object>(whyStatements.latestStage, [orgId]);
  return row && present<Seen>(row);
}

/** The case that was opened with this command for a stage. */
export async function caseOpenedWith(from: Reader, orgId: string, commandId: string): Promise<string | undefined> {
  return (await from.query<{ caseId: string }>(whyStatements.openedWith, [orgId, commandId]))[0]?.caseId;
}

/** The event that told of the opening of a case. */
export async function openingOf(from: Reader, caseId: string): Promise<Told | undefined> {
  return toldOf(await from.query<HistoryRow>(whyStatements.opening, [caseId]));
}

export async function toldEvent(from: Reader, eventId: string): Promise<Told | undefined> {
  return toldOf(await from.query<HistoryRow>(whyStatements.told, [eventId]));
}

/** Events of a company at which something looked and did nothing, the newest first. */
export async function idleEvents(
  from: Reader,
  orgId: string,
  since: Date,
  before: Before | undefined,
  limit: number,
): Promise<readonly Seen[]> {
  const { at, eventId } = before ?? LATEST;
  return (await from.query<object>(whyStatements.idle, [orgId, since, at, eventId, limit])).map(present<Seen>);
}

/** What looked at these events and did nothing. */
export async function idleLooks(from: Reader, eventIds: readonly string[]): Promise<readonly Look[]> {
  if (eventIds.length === 0) return [];
  return (await from.query<object>(whyStatements.idleLooks, [eventIds])).map(present<Look>);
}

function toldOf([row]: readonly HistoryRow[]): Told | undefined {
  if (!row) return undefined;
  const { actor, causationId, template, templateVersion, rule } = row.envelope;
  return { eventId: row.eventId, at: row.at, actor, causationId, template, templateVersion, rule };
}
