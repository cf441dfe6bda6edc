import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem } from '../../../api/index.ts';
import { useDraft } from '../../../app/drafts.ts';
import { changesOf, conflictsOf, type FieldConflict, type Fields } from './merge.ts';

/** What was changed, and what stood there when it was begun. */
interface EditDraft {
  readonly mine: Fields;
  readonly before: Fields;
  readonly version: number;
}

interface RecordEdit<R extends { readonly version: number }> {
  /** Of the form and the record, for its draft. */
  readonly key: string;
  readonly record: R;
  fieldsOf(record: R): Fields;
  send(changes: Fields, version: number): Promise<unknown>;
  onSaved(): void;
}

export interface Conflict {
  readonly by: string;
  readonly at: string | undefined;
  readonly fields: readonly FieldConflict[];
}

/**
 * A record being changed by somebody while others may change it, too. What others changed elsewhere in it is taken over
 * without a word; the same field asks whose value counts.
 */
export function useRecordEdit<R extends { readonly version: number }>({ key, record, fieldsOf, send, onSaved }: RecordEdit<R>) {
  const draft = useDraft<EditDraft>(key, { mine: {}, before: fieldsOf(record), version: record.version });
  const { mine, before } = draft.value;
  const [conflict, setConflict] = useState<Conflict & { readonly version: number }>();
  const values = { ...fieldsOf(record), ...mine };
  const saving = useMutation({
    mutationFn: async ({ fields, base, version }: { readonly fields: Fields; readonly base: Fields; readonly version: number }) => {
      const changes = changesOf(fields, base);
      if (Object.keys(changes).length > 0) await send(changes, version);
    },
    onSuccess: () => {
      draft.clear();
      onSaved();
    },
    onError: (error, { fields, base, version }) => {
      if (!(error instanceof ApiProblem) || error.status !== 412) return;
      const current = error.body['current'] as R;
      const by = typeof error.body['by'] === 'string' ? error.body['by'] : '';
      const [theirs, newer] = [fieldsOf(current), current.version];
      const fought = conflictsOf(changesOf(fields, base), base, theirs);
      if (fought.length > 0) setConflict({ by, at: error.body['at'] as string | undefined, fields: fought, version: newer });
      else if (newer !== version) saving.mutate({ fields: changesOf(fields, base), base: theirs, version: newer });
    },
  });
  const stale = saving.error instanceof ApiProblem && saving.error.status === 412;
  return {
    values,
    draft,
    conflict,
    pending: saving.isPending,
    failure: stale ? null : saving.error,
    set: (field: string, value: string) => draft.change({ ...draft.value, mine: { ...mine, [field]: value } }),
    save: () => saving.mutate({ fields: { ...before, ...mine }, base: before, version: draft.value.version }),
    /** Decides the fields that were fought over; what is not named is theirs. */
    resolve(keep: readonly string[]) {
      if (!conflict) return;
      const dropped = conflict.fields.map(({ field }) => field).filter((field) => !keep.includes(field));
      const kept = Object.fromEntries(Object.entries(mine).filter(([field]) => !dropped.includes(field)));
      const base = Object.fromEntries(conflict.fields.map(({ field, theirs }) => [field, theirs]));
      setConflict(undefined);
      draft.change({ mine: kept, before: { ...before, ...base }, version: conflict.version });
      saving.mutate({ fields: kept, base: { ...before, ...base }, version: conflict.version });
    },
  };
}

export type Editing = ReturnType<typeof useRecordEdit>;
