import type { ReactNode } from 'react';
import classes from './chip.module.css';

export type Tone = 'neutral' | 'accent' | 'green' | 'yellow' | 'red' | 'line';

/** A small word on a soft ground. Green, yellow and red mean something, or are not there. */
export function Chip({ tone = 'neutral', children, title }: { readonly tone?: Tone; readonly children: ReactNode; readonly title?: string }) {
  return (
    <span className={`${classes['chip'] ?? ''} ${classes[tone] ?? ''}`} title={title}>
      {children}
    </span>
  );
}
