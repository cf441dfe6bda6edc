import IconCalendar from '@tabler/icons-react/icons/IconCalendar';
import { useId, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import { useMeta } from '../api/index.ts';
import { dayNumber, formatDate, formatShortDay, formatTime, useTexts } from '../i18n/index.ts';
import { useNow } from '../parts/index.ts';
import { dueInWords } from '../parts/due.tsx';
import { dueTexts } from '../parts/due.texts.ts';
import { icon } from '../parts/icon.ts';
import { followUpChoices, type FollowUpChoice } from './follow-up-choices.ts';
import classes from './follow-up-field.module.css';
import { readFollowUp } from './follow-up-text.ts';
import { logTexts } from './texts.ts';
import { isWorkingTime, workingHoursOf } from './working-hours.ts';

/** What was typed, and the instant that it meant when it was: a draft of yesterday still means the same. */
export interface FollowUpValue {
  readonly text: string;
  readonly at?: string;
  /** It was filled in by the form and not by the person. */
  readonly offered?: boolean;
}

interface FollowUpFieldProps {
  readonly value: FollowUpValue;
  onChange(value: FollowUpValue): void;
  /** Working days until one usually tries again, of what was chosen. */
  readonly usualDays?: number | undefined;
  readonly required?: boolean;
  /** Why it is mandatory. */
  readonly why?: ReactNode;
  readonly inputRef?: Ref<HTMLInputElement> | undefined;
}

/** When to come back to it: typed as one says it, or one of the usual times; the instant that it means is shown at once. */
export function FollowUpField({ value, onChange, usualDays, required = false, why, inputRef }: FollowUpFieldProps) {
  const say = useTexts(logTexts);
  const id = useId();
  const now = useNow();
  const { business } = useMeta();
  const hours = workingHoursOf(business);
  const choices = followUpChoices(now, hours, usualDays);
  const label = useChoiceLabel();
  const choose = (choice: FollowUpChoice) => onChange({ text: label(choice, now), at: choice.at.toISOString() });
  const type = (text: string) => {
    const read = readFollowUp(text, new Date(), hours);
    onChange({ text, ...(read?.kind === 'at' ? { at: read.at.toISOString() } : {}) });
  };
  const step = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const at = choices.findIndex((choice) => choice.at.toISOString() === value.at);
    const next = choices[(at + move + choices.length) % choices.length];
    if (next) choose(at < 0 && move < 0 ? (choices.at(-1) ?? next) : next);
  };
  const told = <Told value={value} now={now} />;
  return (
    <div className={classes['field']}>
      <label htmlFor={id} className={classes['label']}>
        {say('followUp')}
        {required && <span className={classes['required']} aria-hidden="true">*</span>}
        {why && <span className={classes['why']}>{why}</span>}
      </label>
      <div className={classes['line']}>
        <input
          id={id}
          ref={inputRef}
          className={classes['input']}
          value={value.text}
          placeholder={say('followUpHint')}
          autoComplete="off"
          aria-required={required}
          aria-invalid={value.text.trim() !== '' && value.at === undefined}
          aria-describedby={`${id}-read`}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={step}
        />
        <span id={`${id}-read`} className={classes['read']} aria-live="polite">
          {told}
        </span>
      </div>
      <div className={classes['choices']} role="group" aria-label={say('choices')}>
        {choices.map((choice) => (
          <button key={choice.kind} type="button" aria-pressed={choice.at.toISOString() === value.at} onClick={() => choose(choice)}>
            {label(choice, now)}
            <ChoiceTime choice={choice} />
          </button>
        ))}
      </div>
    </div>
  );
}

/** What the field was understood as. */
function Told({ value: { text, at }, now }: { readonly value: FollowUpValue; readonly now: Date }) {
  const say = useTexts(logTexts);
  const { business } = useMeta();
  const hours = workingHoursOf(business);
  if (text.trim() === '') return null;
  if (at === undefined) {
    const read = readFollowUp(text, now, hours);
    const words = read?.kind === 'past' ? say('past', { when: `${formatShortDay(read.at)} ${formatTime(read.at)}` }) : say('unknown');
    return <span className="red">{words}</span>;
  }
  const instant = new Date(at);
  const sameYear = Math.abs(dayNumber(instant) - dayNumber(now)) < 300;
  return (
    <>
      <IconCalendar {...icon} />
      <span>
        <b className="fig">
          {sameYear ? formatShortDay(instant) : `${formatShortDay(instant)} (${formatDate(instant)})`}, {formatTime(instant)}
        </b>
        {instant <= now ? <span className="red"> {say('past', { when: '' }).trim()}</span> : !isWorkingTime(instant, hours) && <span className="yellow"> {say('outside')}</span>}
      </span>
    </>
  );
}

function useChoiceLabel(): (choice: FollowUpChoice, now: Date) => string {
  const say = useTexts(logTexts);
  const sayDue = useTexts(dueTexts);
  return ({ kind, at }, now) => {
    if (kind === 'inAnHour') return say('inAnHour');
    if (kind === 'inAWeek') return say('inAWeek');
    return dueInWords({ dueAt: at.toISOString() }, now, sayDue).words;
  };
}

/** Beside a choice in words, when that is. */
function ChoiceTime({ choice: { kind, at } }: { readonly choice: FollowUpChoice }) {
  if (kind === 'inAnHour') return <span className="dim fig">{formatTime(at)}</span>;
  if (kind === 'inAWeek') return <span className="dim fig">{`${formatShortDay(at)} ${formatTime(at)}`}</span>;
  return null;
}
