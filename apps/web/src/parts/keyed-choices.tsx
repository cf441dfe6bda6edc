import { useRef, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import { useSingleKeys } from '../app/keys.ts';
import classes from './keyed-choices.module.css';

export interface KeyedChoice {
  readonly value: string;
  readonly label: string;
}

interface KeyedChoicesProps {
  readonly label: ReactNode;
  readonly required?: boolean;
  readonly choices: readonly KeyedChoice[];
  readonly value: string | undefined;
  onChange(value: string): void;
  /** A dialog begins here. */
  readonly autoFocus?: boolean;
  /** The button that has the focus when the group is entered. */
  readonly entry?: Ref<HTMLButtonElement> | undefined;
}

/** One of a few, all in sight, each with its digit; arrows move as in any group of radio buttons. */
export function KeyedChoices({ label, required, choices, value, onChange, autoFocus, entry }: KeyedChoicesProps) {
  const group = useRef<HTMLFieldSetElement>(null);
  const digits = useSingleKeys();
  const entryIndex = Math.max(0, choices.findIndex((each) => each.value === value));
  const move = (event: KeyboardEvent, index: number) => {
    const step = { ArrowRight: 1, ArrowDown: 2, ArrowLeft: -1, ArrowUp: -2 }[event.key];
    const to = step === undefined ? undefined : choices[index + step];
    if (!to) return;
    event.preventDefault();
    onChange(to.value);
    group.current?.querySelectorAll('button')[index + (step ?? 0)]?.focus();
  };
  return (
    <fieldset className={classes['choices']} role="radiogroup" aria-required={required} ref={group}>
      <legend>
        {label}
        {required && <span className={classes['required']} aria-hidden="true"> *</span>}
      </legend>
      {choices.map((choice, index) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === value}
          tabIndex={index === entryIndex ? 0 : -1}
          className={classes['choice']}
          onClick={() => onChange(choice.value)}
          onKeyDown={(event) => move(event, index)}
          data-autofocus={(autoFocus && index === entryIndex) || undefined}
          {...(index === entryIndex && entry ? { ref: entry } : {})}
        >
          {digits && index < 9 && <kbd aria-hidden="true">{index + 1}</kbd>}
          <span className="cut">{choice.label}</span>
        </button>
      ))}
    </fieldset>
  );
}
