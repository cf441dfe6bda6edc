import type { CreateTasks } from '@tom/contracts/messages';
import type { NewTask } from '@tom/contracts/tom/task/v1/events';
import type { BatchContext, Envelope } from '@tom/messaging';
import { readCancellations } from '../adapters/org-table.ts';
import { draftsOf } from '../adapters/task-events.ts';
import type { Deps } from '../deps.ts';
import { newTask } from '../domain/new-task.ts';
import { noSource, type TaskOrigin } from '../domain/task.ts';
import { andThen, CLOSED_MEANWHILE, cancelForRule, unchanged, type TaskDecision } from '../domain/task-actions.ts';

/**
 * Creates what a template (or rule) asks for, once per task id. What was cancelled meanwhile, with its case or company,
 * is born cancelled.
 */
export function onCreateTasks({ tasks }: Pick<Deps, 'tasks'>) {
  return async ({ tx, now, items }: BatchContext<CreateTasks>): Promise<void> => {
    const commands = items.map((item) => item.envelope.data);
    const cancelled = await readCancellations(
      tx,
      commands.map(({ orgId }) => orgId),
      commands.flatMap(({ caseId }) => (caseId ? [caseId] : [])),
    );
    const decided = items.map(({ envelope, emit }) => {
      const { orgId, caseId } = envelope.data;
      const before = cancelled.orgBefore.get(orgId);
      const tooLate = (caseId !== undefined && cancelled.cases.has(caseId)) || (before !== undefined && new Date(envelope.time) < before);
      const decisions = envelope.data.tasks.map((given) =>
        andThen(created(envelope, given), (task) =>
          tooLate ? cancelForRule(task, CLOSED_MEANWHILE, envelope.actor, now) : unchanged(task),
        ),
      );
      return { envelope, emit, decisions };
    });
    const fresh = await tasks.insert(tx, decided.flatMap(({ decisions }) => decisions.map(({ next }) => next)));
    const told = new Set<string>();
    for (const { envelope, emit, decisions } of decided) {
      for (const { next, events } of decisions) {
        if (!fresh.has(next.taskId) || told.has(next.taskId)) continue;
        told.add(next.taskId);
        emit(...draftsOf(events, { actor: envelope.actor }));
      }
    }
  };
}

/** Dated by the command: what asks for it decides whether it is from before a cancellation. */
function created(envelope: Envelope<CreateTasks>, given: NewTask): TaskDecision {
  const { orgId, caseId } = envelope.data;
  const { source } = given;
  return newTask({
    taskId: given.taskId,
    orgId,
    caseId: caseId ?? null,
    contactId: given.contactId ?? null,
    taskType: given.taskType,
    title: given.title,
    description: given.description ?? null,
    assignedQueue: given.assignedQueue,
    assigneeRole: given.assigneeRole,
    assignee: given.assignee ?? null,
    priority: given.priority,
    dueAt: given.dueAt ? new Date(given.dueAt) : null,
    dueIsEndOfDay: given.dueIsEndOfDay,
    origin: given.origin as TaskOrigin,
    source: source
      ? {
          activityId: source.activityId ?? null,
          template: source.template ?? null,
          version: source.version ?? null,
          rule: source.rule ?? null,
          taskKey: source.taskKey ?? null,
        }
      : noSource,
    createdAt: new Date(envelope.time),
    createdBy: envelope.actor,
  });
}
