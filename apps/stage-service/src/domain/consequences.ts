import type { TransitionRow } from './stage.ts';

/** Stages in which nothing is left to do: every open task of the company is cancelled. */
const ENDS: ReadonlySet<string> = new Set(['DISQUALIFIED', 'ARCHIVED']);

/** Full names of the messages that will follow a move; whoever waits for its consequences waits for these. */
export function expectedAfter(
  toStage: string,
  move: { readonly closesCase: boolean; readonly logsActivity: boolean },
): string[] {
  return [
    ...(move.closesCase ? ['tom.workflow.v1.CaseClosed'] : []),
    ...(move.logsActivity ? ['tom.activity.v1.ActivityLogged'] : []),
    ...(ENDS.has(toStage) ? ['tom.task.v1.CancelOrgTasks'] : []),
  ];
}

/** Outcomes that belong to another row to the same stage (LOST: only from SALES_ACCEPTED). */
export function outcomesOfOtherRows(rows: readonly TransitionRow[], row: TransitionRow): ReadonlySet<string> {
  const others = rows.filter((other) => other.to === row.to && other.from !== row.from);
  const outcomes = others.flatMap((other) => (other.defaultOutcome === undefined ? [] : [other.defaultOutcome]));
  return new Set(outcomes.filter((outcome) => outcome !== row.defaultOutcome));
}
