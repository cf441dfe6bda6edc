import type { EventTypeName } from '@tom/catalog';
import type { Task } from '@tom/contracts/tom/task/v1/task';
import type { BatchContext, BatchItem } from '@tom/messaging';
import { taskEventsOfRules, taskFields } from '@tom/workflow';
import { observe, shortName } from '../adapters/observation-tables.ts';
import { knownTask, projectTasks } from '../adapters/work-projection.ts';
import type { HandlerDeps } from './deps.ts';
import { recomputeStatus } from './recompute-status.ts';
import { runRules } from './run-rules.ts';
import { runTriggers } from './start-templates.ts';

/** Every event of a task tells the task as it is after it. */
export interface TaskEvent {
  readonly task: Task;
}

/** One handler for all events of tasks: each carries the task, and the latest revision is how it is. */
export async function onTaskChanged(deps: HandlerDeps, { tx, now, items }: BatchContext<TaskEvent>): Promise<void> {
  const affected = await projectTasks(
    tx,
    items.map(({ envelope }) => knownTask(envelope.data.task, envelope.revision)),
  );
  const causes = new Map(
    items.flatMap((item) => (item.envelope.data.task.caseId ? [[item.envelope.data.task.caseId, item]] : [])),
  );
  await recomputeStatus(tx, now, affected, causes);
  const occasions = items.flatMap(occasionOf);
  const evaluations = [
    ...(await runTriggers(deps, tx, now, occasions)),
    ...(await runRules(deps, tx, now, occasions)),
  ];
  observe(
    tx,
    now,
    items.map(({ envelope }) => ({ envelope, caseId: envelope.data.task.caseId, codes: codesOf(envelope.data.task) })),
    evaluations,
  );
}

function occasionOf({ envelope, emit }: BatchItem<TaskEvent>) {
  const type = shortName(envelope.type);
  if (!taskEventsOfRules.has(type)) return [];
  const { task } = envelope.data;
  const seen = { ...task, taskKey: task.source?.taskKey, queue: task.assignedQueue, role: task.assigneeRole };
  const fields = taskFields(seen, envelope.actor);
  return [{ type: type as EventTypeName, envelope, emit, orgId: task.orgId, caseId: task.caseId, fields }];
}

function codesOf(task: Task) {
  return {
    task_type: task.taskType,
    task_key: task.source?.taskKey,
    queue: task.assignedQueue,
    role: task.assigneeRole,
    status: task.status,
    waiting_for: task.waitingFor,
    origin: task.origin,
    priority: task.priority,
    due_at: task.dueAt,
  };
}
