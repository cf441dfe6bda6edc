import { useState } from 'react';
import type { Task } from '../../api/index.ts';

export interface Steady {
  /** What is shown. */
  readonly tasks: readonly Task[];
  /** How many new ones wait above the chosen row. */
  readonly arrived: number;
  /** Lets them in. */
  admit(): void;
}

/**
 * Keeps the chosen row where it is: what arrives above it waits until it is let in, what was just taken by somebody else
 * stays for as long as `lingering` says. `all` is in the order of the list.
 */
export function useSteady(all: readonly Task[], chosen: string | undefined, lingering: ReadonlyMap<string, string>): Steady {
  const ids = all.map(({ taskId }) => taskId);
  const [known, setKnown] = useState<ReadonlySet<string>>(new Set(ids));
  const [last, setLast] = useState<readonly Task[]>(all);
  const at = ids.indexOf(chosen ?? '');
  const waiting = at < 0 ? [] : ids.slice(0, at).filter((id) => !known.has(id));
  const shown = withLingering(all.filter(({ taskId }) => !waiting.includes(taskId)), last, lingering);
  const settled = shown.every((task, index) => task === last[index]) && shown.length === last.length;
  if (!settled) {
    setLast(shown);
    setKnown(new Set([...known, ...shown.map(({ taskId }) => taskId)]));
  }
  return { tasks: shown, arrived: waiting.length, admit: () => setKnown(new Set([...known, ...ids])) };
}

/** Puts rows that have left the list back to where they were, while they linger. */
function withLingering(tasks: readonly Task[], last: readonly Task[], lingering: ReadonlyMap<string, string>): readonly Task[] {
  const present = new Set(tasks.map(({ taskId }) => taskId));
  const shown = [...tasks];
  last.forEach((task, index) => {
    if (lingering.has(task.taskId) && !present.has(task.taskId)) shown.splice(Math.min(index, shown.length), 0, task);
  });
  return shown;
}
