import { useState } from 'react';
import type { Company } from './queries.ts';

/** Which of two like animations marks the last change of a company that somebody else made; undefined before the first. */
export function useFlash(company: Company): 'odd' | 'even' | undefined {
  const print = printOf(company);
  const [seen, setSeen] = useState({ print, changes: 0 });
  if (seen.print !== print) setSeen({ print, changes: seen.changes + 1 });
  if (seen.changes === 0) return undefined;
  return seen.changes % 2 === 0 ? 'even' : 'odd';
}

function printOf({ name, currentStage, accountOwner, version, nextTask, lastActivity, unmetForNext }: Company): string {
  return JSON.stringify([name, currentStage, accountOwner, version, nextTask?.taskId, nextTask?.dueAt, lastActivity?.at, unmetForNext.length]);
}
