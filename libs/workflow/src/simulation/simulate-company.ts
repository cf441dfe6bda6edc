import { createPlayback } from '../playback/playback.ts';
import type { Because, Entry, Rulebook } from '../playback/run.ts';
import type { ObservedEvent } from './observed.ts';
import { createReplay, type Forgiven } from './replay.ts';

/** One thing that came of a replay, in words that do not depend on ids. */
export interface Item {
  /** A deed is what a rule did to a case beside tasks: a note, an escalation. */
  readonly kind: 'case' | 'deed' | 'task' | 'transition';
  readonly shown: Readonly<Record<string, unknown>>;
  readonly because: Because;
}

/** What a company's history comes to under one set of templates and stages. */
export interface Outcome {
  /** From the instant on from which it counts. */
  readonly items: readonly Item[];
  readonly stage: string;
  /** Moves that were made. */
  readonly moves: number;
}

export interface Question {
  /** What is in force. */
  readonly before: Rulebook;
  /** The same with what is changed, in force from `since` on. */
  readonly after: Rulebook;
  readonly since: Date | undefined;
  /** The present: so long time passes after the last event. */
  readonly until: Date;
}

/** Plays a company's history, its events in order, with what is in force and with what is changed. */
export function simulateCompany(orgId: string, history: readonly ObservedEvent[], question: Question): { readonly before: Outcome; readonly after: Outcome } {
  const forgiven: Forgiven = new Map();
  const before = outcomeOfHistory(orgId, history, question, undefined, forgiven);
  return { before, after: outcomeOfHistory(orgId, history, question, question.after, forgiven) };
}

function outcomeOfHistory(
  orgId: string,
  history: readonly ObservedEvent[],
  { before, since, until }: Question,
  changed: Rulebook | undefined,
  forgiven: Forgiven,
): Outcome {
  const items: (Item & { readonly of: string })[] = [];
  let moves = 0;
  const counts = (at: Date): boolean => since === undefined || at >= since;
  function record(entry: Entry): void {
    const { because } = entry;
    if (!counts(because.at)) return;
    if (entry.kind === 'case_opened') {
      const { caseId, caseType, template } = entry.item;
      items.push({ kind: 'case', of: caseId, shown: { caseType, template }, because });
    } else if (entry.kind === 'escalated') {
      const shown = { caseType: entry.item.caseType, escalated: entry.reason, at: because.at.toISOString() };
      items.push({ kind: 'deed', of: '', shown, because });
    } else if (entry.kind === 'note_added') {
      items.push({ kind: 'deed', of: '', shown: { caseType: entry.item.caseType, note: entry.body }, because });
    } else if (entry.kind === 'task_created') {
      const { taskId, taskType, queue, role, priority, title, dueAt } = entry.task;
      const rule = because.by && `${because.by.template}.${because.by.rule}`;
      items.push({ kind: 'task', of: taskId, shown: { taskType, queue, role, priority, title, dueAt: dueAt?.toISOString(), rule }, because });
    } else if (entry.kind === 'transition') {
      const { from, to, unmet } = entry;
      if (unmet.length === 0) moves += 1;
      items.push({ kind: 'transition', of: '', shown: { from, to, ...(unmet.length > 0 && { unmet }) }, because });
    }
  }

  const playback = createPlayback(orgId, before, { record, outputsAssumed: true, overdueTold: true });
  let pending = changed;
  const replay = createReplay(playback, history, {
    judged: changed !== undefined,
    forgiven,
    onMove: (event, { from, to, unmet }) => {
      if (!counts(event.at)) return;
      if (unmet.length === 0) moves += 1;
      const because = { eventId: event.eventId, event: event.type, at: event.at };
      items.push({ kind: 'transition', of: '', shown: { from, to, ...(unmet.length > 0 && { unmet }) }, because });
    },
  });
  const putInForce = (at: Date): void => {
    if (!pending || !counts(at)) return;
    if (since) playback.advance(since);
    playback.use(pending);
    pending = undefined;
  };
  for (const event of history) {
    putInForce(event.at);
    replay(event);
  }
  putInForce(until);
  playback.advance(until);
  const { company } = playback;
  return {
    items: items.map(({ of, ...item }) => ({ ...item, shown: { ...item.shown, ...endOf(item.kind, of, playback) } })),
    stage: company.door.stage,
    moves,
  };
}

/** How a case or task ended. */
function endOf(kind: Item['kind'], id: string, { company }: ReturnType<typeof createPlayback>) {
  if (kind === 'case') {
    const { outcomeCode: outcome, phase, priority } = company.cases.get(id) ?? {};
    return { outcome, phase, priority };
  }
  return kind === 'task' ? { status: company.tasks.get(id)?.status } : {};
}
