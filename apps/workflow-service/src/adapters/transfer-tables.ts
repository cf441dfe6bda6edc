import { sql, type Database, type Tx } from '@tom/postgres';
import type { CasePlace as Place, HandOver, Return, Transfer } from '@tom/workflow';
import { grouped } from './grouped.ts';
import { present } from './present.ts';

const insertHandOver = sql(
  'handover.insert',
  `insert into case_handover (handover_id, case_id, revision, from_engine, from_role, from_queue, from_phase,
     to_engine, to_role, to_queue, to_phase, goal, context, open_points, recommendation, created_at, created_by)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb, $15, $16, $17)`,
);
const insertReturn = sql(
  'return.insert',
  `insert into case_return (return_id, case_id, revision, from_engine, from_role, from_queue, from_phase, to_engine,
     to_role, to_queue, to_phase, reason, missing, created_at, created_by)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14, $15)`,
);
const PLACES = `from_engine as "fromEngine", from_role as "fromRole", from_queue as "fromQueue",
  from_phase as "fromPhase", to_engine as "toEngine", to_role as "toRole", to_queue as "toQueue",
  to_phase as "toPhase", created_at as at, created_by as by`;
const ofCases = sql(
  'transfer.of_cases',
  `select 'handover' as kind, handover_id as id, case_id as "caseId", revision, ${PLACES}, goal, context,
     open_points as "openPoints", recommendation, null as reason, null as missing
   from case_handover where case_id = any($1)
   union all
   select 'return', return_id, case_id, revision, ${PLACES}, null, null, null, null, reason, missing
   from case_return where case_id = any($1)
   order by "caseId", revision`,
);

export async function storeHandOver(tx: Tx, link: HandOver): Promise<void> {
  const { id, caseId, revision, goal, context, openPoints, recommendation, at, by } = link;
  const places = [...columnsOf(link.from), ...columnsOf(link.to)];
  const words = [goal, context, JSON.stringify(openPoints), recommendation];
  await tx.query(insertHandOver, [id, caseId, revision, ...places, ...words, at, by]);
}

export async function storeReturn(tx: Tx, link: Return): Promise<void> {
  const { id, caseId, revision, reason, missing, at, by } = link;
  const places = [...columnsOf(link.from), ...columnsOf(link.to)];
  await tx.query(insertReturn, [id, caseId, revision, ...places, reason, JSON.stringify(missing), at, by]);
}

/** Hand-overs and returns of cases, by case, in their order. */
export async function chainsOf(
  from: Pick<Database, 'query'> | Tx,
  caseIds: readonly string[],
): Promise<ReadonlyMap<string, Transfer[]>> {
  const rows = await from.query<object>(ofCases, [caseIds]);
  return grouped(rows.map((row) => transferOf(present<Row>(row))).map((link) => [link.caseId, link]));
}

type Row = Omit<Transfer, 'from' | 'to'> & Readonly<Record<`${'from' | 'to'}${'Engine' | 'Role' | 'Queue'}`, string>> & {
  readonly fromPhase?: string;
  readonly toPhase?: string;
};

function transferOf(row: Row): Transfer {
  const { fromEngine, fromRole, fromQueue, fromPhase, toEngine, toRole, toQueue, toPhase, ...link } = row;
  const from: Place = { engine: fromEngine, role: fromRole, queue: fromQueue, phase: fromPhase };
  const to: Place = { engine: toEngine, role: toRole, queue: toQueue, phase: toPhase };
  return { ...link, from, to } as Transfer;
}

function columnsOf({ engine, role, queue, phase }: Place): readonly (string | null)[] {
  return [engine, role, queue, phase ?? null];
}
