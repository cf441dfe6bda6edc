import type { ReactNode } from 'react';
import { formatTime, useTexts } from '../../../i18n/index.ts';
import { Button, problemInWords } from '../../../parts/index.ts';
import { texts } from '../texts.ts';
import { ConflictChoice } from './conflict-choice.tsx';
import classes from './edit.module.css';
import type { Editing } from './use-record-edit.ts';

interface EditFormProps {
  readonly editing: Pick<Editing, 'draft' | 'conflict' | 'failure' | 'pending' | 'save' | 'resolve'>;
  readonly children: ReactNode;
  readonly beside?: ReactNode;
  labelOf(field: string): string;
  onClose(): void;
}

/** The frame of a form that changes a record: its fields, or the conflict to be decided first, and saving. */
export function EditForm({ editing, children, beside, labelOf, onClose }: EditFormProps) {
  const say = useTexts(texts);
  const { draft, conflict, failure, pending } = editing;
  if (conflict) return <ConflictChoice conflict={conflict} labelOf={labelOf} onResolve={editing.resolve} />;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        editing.save();
      }}
    >
      {draft.restored && draft.at && (
        <p className="row dim" role="status">
          {say('draftBack', { time: formatTime(draft.at) })}
          <Button small onClick={draft.clear}>{say('discard')}</Button>
        </p>
      )}
      <div className={classes['fields']}>{children}</div>
      {failure && !pending && (
        <p className={classes['failed']} role="alert">
          {say('notSaved')} {problemInWords(failure)}
        </p>
      )}
      <div className="row wrap">
        {beside}
        <Button className="push" onClick={onClose}>{say('cancel')}</Button>
        <Button type="submit" look="primary" busy={pending}>{say('save')}</Button>
      </div>
    </form>
  );
}
