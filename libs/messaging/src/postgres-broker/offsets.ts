import { sql, type Database } from '@tom/postgres';

/** Progress of a partition that a member holds: `expected` is what the log is believed to have committed. */
export interface Progress {
  readonly partitionId: number;
  readonly epoch: number;
  readonly expected: number;
  readonly next: number;
}

/** How a commit ended: with the value now committed, or with the partition in other hands. */
export type CommitResult = { readonly partitionId: number } & (
  { readonly committed: number } | { readonly lost: true }
);

const commitStatement = sql(
  'log.commit',
  `update log_group_partition as g set committed = i.next
   from unnest($3::int[], $4::bigint[], $5::bigint[], $6::bigint[]) as i (partition_id, epoch, expected, next)
   where g.group_name = $1 and g.partition_id = i.partition_id and g.member_id = $2 and g.epoch = i.epoch
     and g.committed = i.expected
   returning g.partition_id, g.committed`,
);

const readStatement = sql(
  'log.committed',
  `select partition_id, committed, epoch from log_group_partition
   where group_name = $1 and member_id = $2 and partition_id = any ($3::int[])`,
);

/**
 * Commits as compare-and-set. On a mismatch the row is read again: a predecessor's last commit may have arrived late,
 * and without that look every further commit would fail for ever. Whoever lost the partition is told so.
 */
export async function commitOffsets(
  database: Database,
  member: { readonly id: string; readonly group: string },
  progress: readonly Progress[],
): Promise<CommitResult[]> {
  let open = [...progress].sort((a, b) => a.partitionId - b.partitionId);
  const results: CommitResult[] = [];
  while (open.length > 0) {
    const done = await database.query<{ partition_id: number; committed: number }>(commitStatement, [
      member.group,
      member.id,
      open.map((item) => item.partitionId),
      open.map((item) => item.epoch),
      open.map((item) => item.expected),
      open.map((item) => item.next),
    ]);
    results.push(...done.map((row) => ({ partitionId: row.partition_id, committed: row.committed })));
    const refused = open.filter((item) => !done.some((row) => row.partition_id === item.partitionId));
    open = refused.length === 0 ? [] : await lookAgain(database, member, refused, results);
  }
  return results;
}

async function lookAgain(
  database: Database,
  member: { readonly id: string; readonly group: string },
  refused: readonly Progress[],
  results: CommitResult[],
): Promise<Progress[]> {
  const rows = await database.query<{ partition_id: number; committed: number; epoch: number }>(readStatement, [
    member.group,
    member.id,
    refused.map((item) => item.partitionId),
  ]);
  const again: Progress[] = [];
  for (const item of refused) {
    const row = rows.find((candidate) => candidate.partition_id === item.partitionId);
    if (!row || row.epoch !== item.epoch) results.push({ partitionId: item.partitionId, lost: true });
    else if (row.committed >= item.next) results.push({ partitionId: item.partitionId, committed: row.committed });
    else again.push({ ...item, expected: row.committed });
  }
  return again;
}
