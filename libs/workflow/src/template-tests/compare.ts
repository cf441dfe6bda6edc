import type { Company, PlayedTask } from '../playback/company.ts';
import type { Entry } from '../playback/run.ts';
import { nameOfRule, type RawCase, type RawTask } from './file.ts';
import { localTime } from './local-time.ts';

/** One thing in which a case went differently: what was expected and not seen, what was seen and not expected. */
export interface Difference {
  readonly of: string;
  readonly expected: readonly string[];
  readonly seen: readonly string[];
}

type Then = RawCase['then'];

/** Everything that was recorded is expected, and nothing more. */
export function compare(own: string, then: Then, entries: readonly Entry[], company: Readonly<Company>, timeZone: string): readonly Difference[] {
  const of = <K extends Entry['kind']>(kind: K) => {
    return entries.filter((entry): entry is Extract<Entry, { readonly kind: K }> => entry.kind === kind);
  };
  const fired = of('looked')
    .filter(({ evaluation, waits }) => evaluation.fired && !waits)
    .map(({ evaluation }) => nameOfRule(own, evaluation.template, evaluation.rule));
  const refused = of('transition').flatMap(({ to, unmet }) => (unmet.length > 0 ? [`${to}: ${unmet.join(', ')}`] : []));
  return [
    ...difference('fired', then.fired ?? [], fired),
    ...tasksDifference(then.tasks ?? [], of('task_created').map(({ task }) => task), timeZone),
    ...difference('cancelled', then.cancelled ?? [], of('task_cancelled').map(({ task }) => task.taskType)),
    ...difference('opened', then.opened ?? [], of('case_opened').map(({ item }) => item.caseType)),
    ...difference(
      'closed',
      (then.closed ?? []).map(({ case: type, outcome }) => `${type} ${outcome}`),
      of('case_closed').map(({ item }) => `${item.caseType} ${item.outcomeCode ?? ''}`),
    ),
    ...difference('refused', (then.refused ?? []).map(({ to, unmet }) => `${to}: ${unmet.join(', ')}`), refused),
    ...difference('notes', then.notes ?? [], of('note_added').map(({ body }) => body)),
    ...difference('escalated', then.escalated ?? [], of('escalated').map(({ reason }) => reason)),
    ...difference('stage', then.stage === undefined ? [] : [then.stage], company.door.stage === '' ? [] : [company.door.stage]),
    ...(then.cases ?? []).flatMap((expected) => caseDifference(expected, company)),
  ];
}

/** As lists in any order, each entry for itself. */
function difference(of: string, expected: readonly string[], seen: readonly string[]): readonly Difference[] {
  const left = [...seen];
  const missing = expected.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return missing.length === 0 && left.length === 0 ? [] : [{ of, expected: missing, seen: left }];
}

const taskFields = ['type', 'key', 'title', 'queue', 'role', 'priority', 'assignee', 'due'] as const;

function tasksDifference(expected: readonly RawTask[], seen: readonly PlayedTask[], timeZone: string): readonly Difference[] {
  const left = seen.map((task) => shownTask(task, timeZone));
  const missing = expected.filter((one) => {
    const at = left.findIndex((task) => taskFields.every((field) => one[field] === undefined || one[field] === task[field]));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  if (missing.length === 0 && left.length === 0) return [];
  return [{ of: 'tasks', expected: missing.map(inWords), seen: left.map(inWords) }];
}

function shownTask(task: PlayedTask, timeZone: string): RawTask {
  return {
    type: task.taskType,
    queue: task.queue,
    role: task.role,
    priority: task.priority,
    ...(task.taskKey !== undefined && { key: task.taskKey }),
    ...(task.title !== undefined && { title: task.title }),
    ...(task.assignee !== undefined && { assignee: task.assignee }),
    ...(task.dueAt !== undefined && { due: localTime(task.dueAt, timeZone).slice(0, 10) }),
  };
}

function inWords(task: RawTask): string {
  return taskFields.flatMap((field) => (task[field] === undefined ? [] : [field === 'type' ? task.type : `${field}: ${task[field]}`])).join(', ');
}

/** The latest case of the type, in what is said of it. */
function caseDifference(expected: NonNullable<Then['cases']>[number], company: Readonly<Company>): readonly Difference[] {
  const item = [...company.cases.values()].findLast((each) => each.caseType === expected.type);
  if (!item) return [{ of: 'cases', expected: [expected.type], seen: [] }];
  const fields = (['status', 'phase', 'priority', 'owner'] as const).filter((field) => expected[field] !== undefined);
  const words = (of: { readonly [field in (typeof fields)[number]]?: string | undefined }): string => {
    return `${expected.type} ${fields.map((field) => `${field}: ${of[field] ?? '–'}`).join(', ')}`;
  };
  return words(expected) === words(item) ? [] : [{ of: 'cases', expected: [words(expected)], seen: [words(item)] }];
}
