import { useState } from 'react';
import { formatTime, useTexts } from '../../../i18n/index.ts';
import { Button } from '../../../parts/index.ts';
import { texts } from '../texts.ts';
import classes from './edit.module.css';
import type { Conflict } from './use-record-edit.ts';

interface ConflictChoiceProps {
  readonly conflict: Conflict;
  labelOf(field: string): string;
  onResolve(keep: readonly string[]): void;
}

/** Two people changed the same field: mine, theirs, and what stood there before. */
export function ConflictChoice({ conflict: { by, at, fields }, labelOf, onResolve }: ConflictChoiceProps) {
  const say = useTexts(texts);
  const [mine, setMine] = useState<readonly string[]>(fields.map(({ field }) => field));
  const pick = (field: string, isMine: boolean) => setMine((kept) => (isMine ? [...new Set([...kept, field])] : kept.filter((each) => each !== field)));
  const names = fields.map(({ field }) => labelOf(field)).join(', ');
  return (
    <div className="stack" role="alertdialog" aria-label={say('conflictTitle', { by, field: names })}>
      <p className="strong">{say('conflictTitle', { by, field: names })}</p>
      {fields.map(({ field, mine: my, theirs, before }) => (
        <fieldset key={field} className={classes['conflict']}>
          <legend>{labelOf(field)}</legend>
          <div className={classes['sides']}>
            <button type="button" aria-pressed={mine.includes(field)} onClick={() => pick(field, true)} data-autofocus>
              <b>{say('mine')}</b>
              {my || say('empty')}
            </button>
            <button type="button" aria-pressed={!mine.includes(field)} onClick={() => pick(field, false)}>
              <b>{at ? `${by}, ${formatTime(new Date(at))}` : by}</b>
              {theirs || say('empty')}
            </button>
          </div>
          <p className="dim">{say('before', { value: before || say('empty') })}</p>
        </fieldset>
      ))}
      <div className="row wrap">
        <Button look="primary" onClick={() => onResolve(mine)}>
          {mine.length === fields.length ? say('keepMine') : mine.length === 0 ? say('takeTheirs', { by }) : say('keepChosen')}
        </Button>
        {mine.length === fields.length && <Button onClick={() => onResolve([])}>{say('takeTheirs', { by })}</Button>}
      </div>
    </div>
  );
}
