import type { ReactNode } from 'react';
import classes from './segmented.module.css';

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly count?: number | undefined;
  readonly tone?: 'red' | 'yellow' | undefined;
}

interface SegmentedProps<V extends string> {
  /** What is chosen here, for who cannot see it. */
  readonly label: string;
  readonly look?: 'tabs' | 'box';
  readonly choices: readonly Choice<V>[];
  readonly value: V;
  onChange(value: V): void;
}

/** One of a few, each with how many there are. */
export function Segmented<V extends string>({ label, look = 'box', choices, value, onChange }: SegmentedProps<V>) {
  return (
    <div className={classes[look]} role="group" aria-label={label}>
      {choices.map((choice) => (
        <button key={choice.value} type="button" aria-pressed={choice.value === value} onClick={() => onChange(choice.value)}>
          {choice.label}
          {choice.count !== undefined && <span className={`fig ${classes['count'] ?? ''} ${choice.tone && choice.count > 0 ? choice.tone : ''}`}>{choice.count}</span>}
        </button>
      ))}
    </div>
  );
}
