import * as messages from '@tom/contracts/messages';
import { assertNever } from '@tom/kernel';
import type { Draft } from '@tom/messaging';
import type { TaskEvent } from '../domain/task.ts';
import { toMessage } from './task-view.ts';

/** Whom an event is told as; without it the origin's actor. */
export interface Teller {
  readonly actor?: string;
}

/** Events of tasks as messages; a creation names the template, version and rule that asked for it. */
export function draftsOf(events: readonly TaskEvent[], teller: Teller = {}): readonly Draft[] {
  return events.map((event) => draftOf(event, teller));
}

function draftOf(event: TaskEvent, teller: Teller): Draft {
  const { taskId, orgId, revision, source } = event.task;
  const task = toMessage(event.task);
  const about = {
    aggregateId: taskId,
    orgId,
    revision,
    ...teller,
    ...(event.type === 'TaskCreated' && source.template !== null && { template: source.template }),
    ...(event.type === 'TaskCreated' && source.version !== null && { templateVersion: source.version }),
    ...(event.type === 'TaskCreated' && source.rule !== null && { rule: source.rule }),
  };
  const draft = <T>(type: Draft<T>['type'], data: T): Draft<T> => ({ ...about, type, data });
  switch (event.type) {
    case 'TaskCreated':
      return draft(messages.TaskCreated, { task });
    case 'TaskUpdated':
      return draft(messages.TaskUpdated, { task, changedFields: [...event.changedFields] });
    case 'TaskClaimed':
      return draft(messages.TaskClaimed, { task });
    case 'TaskReleased':
      return draft(messages.TaskReleased, { task, previousAssignee: event.previousAssignee ?? undefined });
    case 'TaskStarted':
      return draft(messages.TaskStarted, { task });
    case 'TaskReassigned':
      return draft(messages.TaskReassigned, {
        task,
        previousQueue: event.previousQueue,
        previousRole: event.previousRole,
        previousAssignee: event.previousAssignee ?? undefined,
      });
    case 'TaskRescheduled':
      return draft(messages.TaskRescheduled, { task, previousDueAt: event.previousDueAt?.toISOString() });
    case 'TaskCompleted':
      return draft(messages.TaskCompleted, { task, activityId: event.activityId ?? undefined });
    case 'TaskCancelled':
      return draft(messages.TaskCancelled, { task, reason: event.reason });
    case 'TaskReopened':
      return draft(messages.TaskReopened, { task });
    case 'TaskBecameOverdue':
      return draft(messages.TaskBecameOverdue, { task });
    default:
      return assertNever(event);
  }
}
