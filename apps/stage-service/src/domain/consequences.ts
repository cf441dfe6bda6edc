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
