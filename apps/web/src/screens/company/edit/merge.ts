/** The fields of a record as a form shows them: texts, empty where there is no value. */
export type Fields = Readonly<Record<string, string>>;

/** One field that two people changed at once. */
export interface FieldConflict {
  readonly field: string;
  readonly mine: string;
  readonly theirs: string;
  readonly before: string;
}

/** What of my changes touches a field that somebody else has changed to something else since I began. */
export function conflictsOf(mine: Fields, before: Fields, current: Fields): readonly FieldConflict[] {
  return Object.entries(mine).flatMap(([field, value]) => {
    const was = before[field] ?? '';
    const theirs = current[field] ?? '';
    return theirs !== was && theirs !== value ? [{ field, mine: value, theirs, before: was }] : [];
  });
}

/** My changes that still change something. */
export function changesOf(mine: Fields, current: Fields): Fields {
  return Object.fromEntries(Object.entries(mine).filter(([field, value]) => value.trim() !== (current[field] ?? '')));
}

/** Changes as a merge patch: an emptied field is cleared, and what is within something else is put there. */
export function mergePatchOf(changes: Fields, within: Readonly<Record<string, string>> = {}): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(changes)) {
    const given = value.trim() || null;
    const parent = within[field];
    if (parent === undefined) patch[field] = given;
    else patch[parent] = { ...(patch[parent] as object | undefined), [field]: given };
  }
  return patch;
}
