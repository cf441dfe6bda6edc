import { sql, type Database, type Tx } from '@tom/postgres';
import type { CaseNoteItem } from '@tom/workflow';

const COLUMNS = `note_id as "noteId", case_id as "caseId", note_type as "noteType", body, created_at as "createdAt",
  created_by as "createdBy"`;

const insert = sql(
  'note.insert',
  `insert into case_note (note_id, case_id, note_type, body, created_at, created_by) values ($1, $2, $3, $4, $5, $6)
   on conflict do nothing`,
);
/** Exported for the test of its plan. */
export const pageOfNotes = sql(
  'note.page',
  `select ${COLUMNS} from case_note
   where case_id = $1 and (created_at, note_id) < (coalesce($2::timestamptz, 'infinity'), coalesce($3::uuid,
   'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   order by created_at desc, note_id desc limit $4`,
);

export async function insertNote(tx: Tx, note: CaseNoteItem): Promise<void> {
  await tx.query(insert, [note.noteId, note.caseId, note.noteType, note.body, note.createdAt, note.createdBy]);
}

/** Newest first, after the place of a token. */
export async function notesOfCase(
  database: Pick<Database, 'query'>,
  caseId: string,
  after: { createdAt: string; noteId: string } | undefined,
  limit: number,
): Promise<CaseNoteItem[]> {
  return database.query<CaseNoteItem>(pageOfNotes, [caseId, after?.createdAt ?? null, after?.noteId ?? null, limit]);
}
