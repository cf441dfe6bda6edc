import { Tooltip } from '@mantine/core';
import { dayNumber, formatFull, formatShortDay, formatTime, useTexts, type Say } from '../i18n/index.ts';
import { dueTexts } from './due.texts.ts';
import classes from './due.module.css';
import { useNow } from './use-now.ts';

export interface DueOf {
  readonly dueAt?: string | undefined;
  readonly dueIsEndOfDay?: boolean | undefined;
}

export type Urgency = 'over' | 'today' | 'future' | 'none';

type DueSay = typeof dueTexts extends { readonly de: Readonly<Record<infer K extends string, string>> } ? Say<K> : never;

/** When something is due, in words: the one rule of the whole UI. A due at the end of a working day shows no time. */
export function dueInWords({ dueAt, dueIsEndOfDay }: DueOf, now: Date, say: DueSay): { readonly words: string; readonly urgency: Urgency } {
  if (!dueAt) return { words: say('none'), urgency: 'none' };
  const at = new Date(dueAt);
  const days = dayNumber(at) - dayNumber(now);
  if (at <= now) return { words: overdue(at, now, -days, say), urgency: 'over' };
  const time = formatTime(at);
  const urgency = days === 0 ? 'today' : 'future';
  if (days === 0) return { words: dueIsEndOfDay ? say('today') : say('todayAt', { time }), urgency };
  if (days === 1) return { words: dueIsEndOfDay ? say('tomorrow') : say('tomorrowAt', { time }), urgency };
  const day = formatShortDay(at);
  return { words: dueIsEndOfDay ? day : say('dayAt', { day, time }), urgency };
}

function overdue(at: Date, now: Date, days: number, say: DueSay): string {
  const minutes = Math.max(1, Math.floor((now.getTime() - at.getTime()) / 60_000));
  if (days > 0 && minutes >= 12 * 60) return say('daysOver', { count: days });
  return minutes < 60 ? say('minutesOver', { count: minutes }) : say('hoursOver', { count: Math.floor(minutes / 60) });
}

/** A due date in words and colour, with the whole instant behind it. */
export function Due(due: DueOf & { readonly className?: string }) {
  const now = useNow();
  const say = useTexts(dueTexts);
  const { words, urgency } = dueInWords(due, now, say);
  const shown = <span className={`fig ${classes['due'] ?? ''} ${classes[urgency] ?? ''} ${due.className ?? ''}`}>{words}</span>;
  return due.dueAt ? <Tooltip label={formatFull(new Date(due.dueAt))}>{shown}</Tooltip> : shown;
}
