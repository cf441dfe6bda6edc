import {
  CaseClosed,
  CaseOpened,
  CreateTasks,
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskRescheduled,
} from '@tom/contracts/messages';
import type { MessageType } from '@tom/contracts';
import type { NewTask } from '@tom/contracts/tom/task/v1/events';
import type { Task } from '@tom/contracts/tom/task/v1/task';
import type { Case } from '@tom/contracts/tom/workflow/v1/case';
import type { ForetoldCase, ForetoldCases, ForetoldCause, ForetoldTask } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { parseHeaders, parseValue, type OutgoingMessage } from '@tom/messaging';
import type { CaseItem } from '@tom/workflow';

type Headers = ReturnType<typeof parseHeaders>;

/** A message that was rehearsed, understood. */
interface Read<T> extends Headers {
  readonly data: T;
}

/** Messages that were rehearsed, and what they say. */
export interface Heard {
  of<T>(type: MessageType<T>): readonly Read<T>[];
  /** Those that carry a case, in order. */
  cases(): readonly Case[];
  causeOf(message: Headers): ForetoldCause | undefined;
}

/** Reads what was rehearsed. */
export function heardIn(messages: readonly OutgoingMessage[]): Heard {
  const all = messages.map((message) => ({ ...parseHeaders(message), value: message.value }));
  const byId = new Map(all.map((message) => [message.id, message]));
  const of = <T>(type: MessageType<T>) =>
    all
      .filter((message) => message.type === type.typeName)
      .map(({ value, ...headers }) => ({ ...headers, data: type.decode(parseValue(value)) }));
  return {
    of,
    cases: () =>
      all.filter(({ topic }) => topic === CaseOpened.topic).map(({ value }) => CaseOpened.decode(parseValue(value)).case),
    causeOf(message) {
      const cause = message.causationId === undefined ? undefined : byId.get(message.causationId);
      const by = [message, cause].find((each) => each?.template !== undefined);
      return by?.template === undefined ? undefined : { template: by.template, version: by.templateVersion ?? 0, rule: by.rule };
    },
  };
}

/** What happens to tasks; one that is created only to be cancelled is neither. */
export function foretoldTasks(heard: Heard) {
  const born = new Set(heard.of(TaskCreated).map(({ data }) => data.task.taskId));
  const ended = new Set(heard.of(TaskCancelled).map(({ data }) => data.task.taskId));
  const opened = new Set(heard.of(CaseOpened).map(({ data }) => data.case.caseId));
  const shown = (task: Task, more: Partial<ForetoldTask> = {}): ForetoldTask => ({
    ...noTask,
    ...fieldsOf(task),
    taskId: born.has(task.taskId) ? undefined : task.taskId,
    caseId: task.caseId !== undefined && opened.has(task.caseId) ? undefined : task.caseId,
    ...more,
  });
  return {
    created: heard.of(TaskCreated).flatMap(({ data: { task } }) => (ended.has(task.taskId) ? [] : [shown(task, { cause: sourceOf(task) })])),
    completed: heard.of(TaskCompleted).map(({ data: { task } }) => shown(task)),
    moved: heard.of(TaskRescheduled).map(({ data: { task, previousDueAt } }) => shown(task, { previousDueAt })),
    cancelled: heard
      .of(TaskCancelled)
      .flatMap((message) =>
        born.has(message.data.task.taskId)
          ? []
          : [shown(message.data.task, { reason: message.data.reason, cause: heard.causeOf(message) })],
      ),
  };
}

/** What templates ask for, while nobody can say what would become of it. */
export function requestedTasks(heard: Heard): readonly ForetoldTask[] {
  return heard.of(CreateTasks).flatMap(({ data }) => data.tasks.map((task) => ({ ...noTask, ...fieldsOf(task), cause: sourceOf(task) })));
}

const noTask = { taskId: undefined, caseId: undefined, cause: undefined, previousDueAt: undefined, reason: undefined };

function fieldsOf(task: Task | NewTask) {
  const { taskType, title, assignedQueue, assigneeRole, assignee, priority, dueAt, dueIsEndOfDay, origin } = task;
  return { taskType, title, assignedQueue, assigneeRole, assignee, priority, dueAt, dueIsEndOfDay, origin };
}

function sourceOf({ source }: Task | NewTask): ForetoldCause | undefined {
  if (source?.template === undefined) return undefined;
  return { template: source.template, version: source.version ?? 0, rule: source.rule };
}

/** What happens to cases; `known` are those that are there, as they are. A case that is opened in vain is none. */
export function foretoldCases(heard: Heard, known: ReadonlyMap<string, CaseItem>): ForetoldCases {
  const closed = heard.of(CaseClosed).map(({ data }) => data.case);
  const gone = new Set(closed.map(({ caseId }) => caseId));
  const opened = new Set(heard.of(CaseOpened).map(({ data }) => data.case.caseId));
  const last = new Map(heard.cases().map((item) => [item.caseId, item]));
  const shown = [...last.values()].map((item) => ({ item, was: known.get(item.caseId) }));
  return {
    opened: shown.filter(({ item }) => opened.has(item.caseId) && !gone.has(item.caseId)).map(({ item }) => showCase(item)),
    closed: shown.filter(({ item }) => gone.has(item.caseId) && !opened.has(item.caseId)).map(({ item, was }) => showCase(item, was)),
    changed: shown.flatMap(({ item, was }) =>
      was === undefined || gone.has(item.caseId) || !differs(item, was) ? [] : [showCase(item, was)],
    ),
  };
}

function differs(item: Case, was: CaseItem): boolean {
  const fields = ['status', 'engine', 'phase', 'ownerRole', 'ownerQueue', 'owner', 'returnCount', 'priority'] as const;
  return fields.some((field) => item[field] !== was[field]);
}

function showCase(item: Case, was?: CaseItem): ForetoldCase {
  const { caseType, title, engine, phase, status, ownerRole, ownerQueue, owner, outcomeCode, template, templateVersion, returnCount } = item;
  return {
    caseId: was?.caseId,
    number: was && String(was.number),
    caseType, title, engine, phase, status, ownerRole, ownerQueue, owner, outcomeCode, template, templateVersion, returnCount,
    previousStatus: was && was.status !== status ? was.status : undefined,
  };
}
