import type { ReactNode } from 'react';
import { FigureLink } from './figure-link.tsx';
import type { Figure } from './queries.ts';
import classes from './bars.module.css';

export interface Segment {
  readonly tone: 'accent' | 'mid' | 'neutral' | 'red' | 'yellow' | 'green';
  readonly label: string;
  readonly figure: Figure;
}

interface BarProps {
  readonly label: string;
  readonly segments: readonly Segment[];
  /** What the longest bar of the chart stands for. */
  readonly most: number;
  /** Right behind the bar. */
  readonly value: ReactNode;
  /** Below it. */
  readonly note?: ReactNode;
  /** In a column at the edge. */
  readonly aside?: ReactNode;
}

/** One bar of segments, each leading to what is behind it. */
export function Bar({ label, segments, most, value, note, aside }: BarProps) {
  return (
    <li className={classes['bar']}>
      <span className={`cut ${classes['label'] ?? ''}`}>{label}</span>
      <span className={classes['track']}>
        {segments
          .filter(({ figure }) => figure.count > 0)
          .map(({ tone, label: what, figure }) => (
            <FigureLink key={tone} figure={figure} what={`${label}, ${what}`} className={`${classes['segment'] ?? ''} ${classes[tone] ?? ''}`} style={{ flexBasis: `${(figure.count / Math.max(most, 1)) * 82}%` }} />
          ))}
        <span className={`fig ${classes['value'] ?? ''}`}>{value}</span>
      </span>
      {aside !== undefined && <span className={`fig ${classes['aside'] ?? ''}`}>{aside}</span>}
      {note !== undefined && <span className={classes['note']}>{note}</span>}
    </li>
  );
}
