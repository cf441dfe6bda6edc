import type { Text } from '@tom/kernel';

export type CaseStatus =
  'NEW' | 'IN_PROGRESS' | 'WAITING_INTERNAL' | 'WAITING_EXTERNAL' | 'ESCALATED' | 'BLOCKED' | 'CLOSED';

/** What a case's status is computed from, beside the case itself. */
export interface WorkFacts {
  /** Open tasks of the case. */
  readonly openTasks: number;
  /** Of those, the ones that wait for customer or supplier. */
  readonly waitingTasks: number;
  /** Of those, the ones of another role than the case's owner role. */
  readonly otherRoleTasks: number;
  /** A task of it was completed, or an activity logged for it. */
  readonly worked: boolean;
  /** A mandatory output of the present phase, or one that a return named, is missing. */
  readonly outputsMissing: boolean;
}

/** Work facts of a case that nobody has touched and that has no tasks yet. */
export const untouched: WorkFacts = {
  openTasks: 0,
  waitingTasks: 0,
  otherRoleTasks: 0,
  worked: false,
  outputsMissing: false,
};

/** The part of a case that its status depends on. */
export interface StatusCase {
  readonly closedAt?: Date | undefined;
  readonly owner?: string | undefined;
  readonly dueAt?: Date | undefined;
  readonly returnCount: number;
  readonly escalated: boolean;
  readonly outputsDemanded: boolean;
}

/** Why a case needs attention. */
export type Escalation = 'DUE_DATE_PASSED' | 'RETURNED_TOO_OFTEN' | 'RULE';

/** So many returns are nothing unusual. */
const USUAL_RETURNS = 2;

/** Whether a case was returned so often that somebody has to look at it. */
export function returnedTooOften({ returnCount }: Pick<StatusCase, 'returnCount'>): boolean {
  return returnCount > USUAL_RETURNS;
}

export interface StatusVerdict {
  readonly status: CaseStatus;
  readonly reason: Text;
  /** With ESCALATED. */
  readonly escalation?: Escalation;
}

const escalationTexts: Readonly<Record<Escalation, Text>> = {
  DUE_DATE_PASSED: { de: 'Die Frist ist abgelaufen.', en: 'The due date has passed.' },
  RETURNED_TOO_OFTEN: { de: 'Mehr als zweimal zurückgegeben.', en: 'It was returned more than twice.' },
  RULE: { de: 'Eine Regel hat eskaliert.', en: 'A rule escalated it.' },
};

function escalationOf(item: StatusCase, now: Date): Escalation | undefined {
  if (item.dueAt && item.dueAt <= now) return 'DUE_DATE_PASSED';
  if (returnedTooOften(item)) return 'RETURNED_TOO_OFTEN';
  return item.escalated ? 'RULE' : undefined;
}

/** The computed status (domain.md §6): the first that holds wins. Never set by hand. */
export function caseStatus(item: StatusCase, work: WorkFacts, now: Date): StatusVerdict {
  const verdict = (status: CaseStatus, de: string, en: string): StatusVerdict => ({ status, reason: { de, en } });
  if (item.closedAt) return verdict('CLOSED', 'Der Fall ist abgeschlossen.', 'The case is closed.');
  if (item.outputsDemanded && work.outputsMissing) {
    return verdict('BLOCKED', 'Pflichtergebnisse der Phase fehlen.', 'Mandatory outputs of the phase are missing.');
  }
  const escalation = escalationOf(item, now);
  if (escalation) return { status: 'ESCALATED', reason: escalationTexts[escalation], escalation };
  if (work.waitingTasks > 0) {
    return verdict(
      'WAITING_EXTERNAL',
      'Eine Aufgabe wartet auf Kunde oder Lieferant.',
      'A task waits for customer or supplier.',
    );
  }
  if (work.openTasks > 0 && work.otherRoleTasks === work.openTasks) {
    return verdict(
      'WAITING_INTERNAL',
      'Alle offenen Aufgaben liegen bei einer anderen Rolle.',
      'All open tasks are with another role.',
    );
  }
  if (item.owner !== undefined)
    return verdict('IN_PROGRESS', 'Jemand hat den Fall übernommen.', 'Somebody has claimed it.');
  if (work.worked) {
    return verdict(
      'IN_PROGRESS',
      'Eine Aufgabe oder Aktivität wurde erledigt.',
      'A task or an activity of it was done.',
    );
  }
  return verdict('NEW', 'Noch niemand hat daran gearbeitet.', 'Nobody has worked on it yet.');
}
