import { useId, type Ref } from 'react';
import { useTexts } from '../i18n/index.ts';
import classes from './log-form.module.css';
import { logTexts } from './texts.ts';

interface NoteFieldProps {
  readonly value: string;
  readonly required: boolean;
  readonly why: string | undefined;
  readonly inputRef: Ref<HTMLTextAreaElement>;
  onChange(value: string): void;
}

export function NoteField({ value, required, why, inputRef, onChange }: NoteFieldProps) {
  const say = useTexts(logTexts);
  const id = useId();
  return (
    <div className={classes['note']}>
      <label htmlFor={id}>
        {say('note')}
        {required && <i aria-hidden="true">*</i>}
        {required && <span>{why}</span>}
      </label>
      <textarea id={id} ref={inputRef} rows={3} maxLength={10_000} value={value} aria-required={required} onChange={(event) => onChange(event.currentTarget.value)} />
    </div>
  );
}
