import { queryBuilder, type KnexQuery } from '@tom/postgres';
import type { Org } from '../domain/org.ts';
import { orgColumns } from './orgs.ts';
import type { Reader } from './reader.ts';

export type NextTaskFilter = 'none' | 'overdue' | 'today' | 'later';

/** Which companies; everything absent or empty does not filter. */
export interface OrgFilter {
  readonly q?: string | undefined;
  readonly stages: readonly string[];
  readonly statuses: readonly string[];
  readonly orgKinds: readonly string[];
  readonly owner?: string | undefined;
  readonly city?: string | undefined;
  readonly nextTask?: NextTaskFilter | undefined;
  readonly industry?: string | undefined;
  readonly without?: readonly Lacking[] | undefined;
  readonly stageSince?: Span | undefined;
  readonly entered?: (Span & { readonly stage: string }) | undefined;
  readonly left?: (Span & { readonly stage: string }) | undefined;
  /** Of the present journey; `passed` and `farthest` are stages of the path, in its order. */
  readonly journey?: JourneyFilter | undefined;
  readonly activity?: (Span & ActivityFilter) | undefined;
}

/** From the first instant on, before the second; an end that is not named is open. */
export interface Span {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Companies that began their journey at one of `begun` or before, and went on to one of `reached`. */
export interface JourneyFilter {
  readonly begun: Span;
  readonly passed?: { readonly upTo: readonly string[]; readonly from: readonly string[] } | undefined;
  /** One of these was the farthest: in it, and in none beyond it. */
  readonly farthest?: readonly { readonly stage: string; readonly beyond: readonly string[] }[] | undefined;
}

export interface ActivityFilter {
  readonly type?: string | undefined;
  readonly outcomes?: readonly string[] | undefined;
  readonly by?: string | undefined;
}

const lackable = { industry: 'o.industry', owner: 'o.account_owner', city: 'o.city' } as const;
export type Lacking = keyof typeof lackable;
export const lackableNames = Object.keys(lackable) as readonly Lacking[];

/** A company with what a list shows beside it. `sortKey` is the value it is ordered by, as text that sorts the same. */
export interface ListedOrg extends Org {
  readonly sortKey: string;
  readonly taskId: string | null;
  readonly taskType: string;
  readonly taskTitle: string;
  readonly taskQueue: string;
  readonly taskAssignee: string | null;
  readonly taskDueAt: Date | null;
  readonly taskPriority: string | null;
  readonly taskDueIsEndOfDay: boolean | null;
  readonly activityType: string | null;
  readonly activityOutcome: string | null;
  readonly activityAt: Date;
}

/** Every order has an index of its own; the key is passed on as text, which is exact for times too. */
const sorts = {
  name: { column: 'o.name_sort', type: 'text', descending: false },
  '-name': { column: 'o.name_sort', type: 'text', descending: true },
  createdAt: { column: 'o.created_at', type: 'timestamptz', descending: false },
  '-createdAt': { column: 'o.created_at', type: 'timestamptz', descending: true },
  updatedAt: { column: 'o.updated_at', type: 'timestamptz', descending: false },
  '-updatedAt': { column: 'o.updated_at', type: 'timestamptz', descending: true },
  stageSince: { column: 'o.stage_since', type: 'timestamptz', descending: false },
  '-stageSince': { column: 'o.stage_since', type: 'timestamptz', descending: true },
  nextTask: { column: 'w.next_sort', type: 'timestamptz', descending: false },
} as const;

export type OrgSort = keyof typeof sorts;
export const orgSorts = Object.keys(sorts) as readonly OrgSort[];
/** Newest first; the only order (with its reverse) in which nothing ever changes its place. */
export const defaultSort: OrgSort = '-createdAt';

interface Instants {
  readonly now: Date;
  readonly endOfToday: Date;
}

/** One page of companies. */
export function listOrgs(
  reader: Reader,
  filter: OrgFilter,
  page: { readonly sort: OrgSort; readonly after: readonly [string, string] | undefined; readonly limit: number },
  instants: Instants,
): Promise<ListedOrg[]> {
  const { column, type, descending } = sorts[page.sort];
  const direction = descending ? 'desc' : 'asc';
  // org_id is compared in the table whose index gives the order.
  const idColumn = page.sort === 'nextTask' ? 'w.org_id' : 'o.org_id';
  const chosen = conditions(filter, instants, true);
  if (page.after) {
    chosen.push([`(${column}, ${idColumn}) ${descending ? '<' : '>'} (?::${type}, ?::uuid)`, [...page.after]]);
  }
  return reader.run<ListedOrg>(
    queryBuilder.raw(
      `select ${orgColumns}, ${column}::text as "sortKey",
         t.task_id as "taskId", t.task_type as "taskType", t.title as "taskTitle", t.assigned_queue as "taskQueue",
         t.assignee as "taskAssignee", t.due_at as "taskDueAt", t.priority as "taskPriority",
         t.due_is_end_of_day as "taskDueIsEndOfDay",
         a.activity_type as "activityType", a.outcome_code as "activityOutcome", a.occurred_at as "activityAt"
       from org o join org_outlook w on w.org_id = o.org_id
       left join org_task t on t.task_id = w.next_task_id
       left join org_activity a on a.activity_id = w.last_activity_id
       ${where(chosen)}
       order by ${column} ${direction}, ${idColumn} ${direction} limit ?`,
      [...values(chosen), page.limit] as never,
    ),
  );
}

/**
 * Companies by stage under the filter without its stages. Without any filter it reads the stage's index alone (about
 * 15 ms per 100,000 companies); counters kept by every write would make all writers wait for eight rows.
 */
export async function countByStage(reader: Reader, filter: OrgFilter, instants: Instants): Promise<ReadonlyMap<string, number>> {
  const chosen = conditions(filter, instants, false);
  const outlook = filter.nextTask === undefined ? '' : 'join org_outlook w on w.org_id = o.org_id';
  const query: KnexQuery = queryBuilder.raw(
    `select o.current_stage as stage, count(*) as companies from org o ${outlook} ${where(chosen)} group by o.current_stage`,
    values(chosen) as never,
  );
  const rows = await reader.run<{ stage: string; companies: number }>(query);
  return new Map(rows.map((row) => [row.stage, row.companies]));
}

type Condition = readonly [text: string, values: readonly unknown[]];

function conditions(filter: OrgFilter, { now, endOfToday }: Instants, withStages: boolean): Condition[] {
  const chosen: Condition[] = [];
  // Lowered by the server, as the column is: JavaScript lowers some letters differently.
  if (filter.q !== undefined) chosen.push([`o.search_text like '%' || lower(?) || '%'`, [literal(filter.q)]]);
  if (withStages && filter.stages.length > 0) chosen.push(['o.current_stage = any (?::text[])', [filter.stages]]);
  if (filter.statuses.length > 0) chosen.push(['o.status = any (?::text[])', [filter.statuses]]);
  if (filter.orgKinds.length > 0) chosen.push(['o.org_kind = any (?::text[])', [filter.orgKinds]]);
  if (filter.owner !== undefined) chosen.push(['o.account_owner = ?', [filter.owner]]);
  if (filter.city !== undefined) chosen.push(['lower(o.city) = lower(?)', [filter.city]]);
  switch (filter.nextTask) {
    case 'none':
      chosen.push([`w.next_sort = 'infinity'`, []]);
      break;
    case 'overdue':
      chosen.push(['w.next_sort < ?', [now]]);
      break;
    case 'today':
      chosen.push(['w.next_sort >= ? and w.next_sort < ?', [now, endOfToday]]);
      break;
    case 'later':
      chosen.push([`w.next_sort >= ? and w.next_sort < 'infinity'`, [endOfToday]]);
      break;
    case undefined:
  }
  if (filter.industry !== undefined) chosen.push(['o.industry = ?', [filter.industry]]);
  for (const name of filter.without ?? []) chosen.push([`${lackable[name]} is null`, []]);
  if (filter.stageSince) chosen.push(...within('o.stage_since', filter.stageSince));
  chosen.push(...behind(filter));
  return chosen;
}

/** What reports tell of, as the companies behind a figure. */
function behind({ entered, left, journey, activity }: OrgFilter): Condition[] {
  const chosen: Condition[] = [];
  if (entered) chosen.push(found('org_stage_history', [['to_stage = ?', [entered.stage]], ...within('at', entered)]));
  if (left) chosen.push(found('org_stage_history', [['from_stage = ? and from_since is not null', [left.stage]], ...within('at', left)]));
  if (journey) {
    const conditions = within('begun_at', journey.begun);
    if (journey.passed) conditions.push(['visited && ?::text[] and visited && ?::text[]', [journey.passed.upTo, journey.passed.from]]);
    if (journey.farthest) {
      const one = journey.farthest.map(() => '(visited @> array[?] and not visited && ?::text[])').join(' or ');
      conditions.push([`(${one})`, journey.farthest.flatMap(({ stage, beyond }) => [stage, beyond])]);
    }
    chosen.push(found('org_journey', conditions));
  }
  if (activity) {
    const { type, outcomes, by } = activity;
    const conditions: Condition[] = [['not deleted', []], ...within('occurred_at', activity)];
    if (type !== undefined) conditions.push(['activity_type = ?', [type]]);
    if (outcomes) conditions.push(['outcome_code = any (?::text[])', [outcomes]]);
    if (by !== undefined) conditions.push(['logged_by = ?', [by]]);
    chosen.push(found('org_activity', conditions));
  }
  return chosen;
}

function within(column: string, { from, to }: Span): Condition[] {
  return [
    ...(from === undefined ? [] : [[`${column} >= ?`, [from]] as const]),
    ...(to === undefined ? [] : [[`${column} < ?`, [to]] as const]),
  ];
}

function found(table: string, conditions: readonly Condition[]): Condition {
  const all = conditions.length === 0 ? 'true' : conditions.map(([text]) => text).join(' and ');
  return [`o.org_id in (select org_id from ${table} where ${all})`, conditions.flatMap(([, given]) => given)];
}

/** `%` and `_` are letters in a search. */
export function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, (letter) => `\\${letter}`);
}

function where(chosen: readonly Condition[]): string {
  return chosen.length === 0 ? '' : `where ${chosen.map(([text]) => `(${text})`).join(' and ')}`;
}

function values(chosen: readonly Condition[]): readonly unknown[] {
  return chosen.flatMap(([, bound]) => bound);
}
