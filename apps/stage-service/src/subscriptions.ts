import {
  ActivityDeleted,
  ActivityLogged,
  ActivityUpdated,
  RegisterOrg,
  ReportActivity,
  TaskBecameOverdue,
  TaskCancelled,
  TaskClaimed,
  TaskCompleted,
  TaskCreated,
  TaskReassigned,
  TaskReleased,
  TaskReopened,
  TaskRescheduled,
  TaskStarted,
  TaskUpdated,
  TransitionStage,
} from '@tom/contracts/messages';
import { subscription, type Subscription } from '@tom/messaging';
import type { Deps } from './deps.ts';
import { onActivityDeleted } from './handlers/on-activity-deleted.ts';
import { onActivityLogged } from './handlers/on-activity-logged.ts';
import { checkRegistration, onRegisterOrg } from './handlers/on-register-org.ts';
import { onTaskEvent } from './handlers/on-task-event.ts';
import { gatherForTransition, onTransitionStage } from './handlers/on-transition-stage.ts';

/** What this service consumes, and who handles it. */
export function subscriptions(deps: Deps): readonly Subscription[] {
  return [
    subscription({ on: TransitionStage, gather: gatherForTransition(deps), handleMany: onTransitionStage(deps) }),
    subscription({
      on: RegisterOrg,
      foreign: { others: [ReportActivity.typeName] },
      check: checkRegistration(deps),
      handle: onRegisterOrg(deps),
    }),
    subscription({ on: ActivityLogged, handleMany: onActivityLogged }),
    subscription({ on: ActivityUpdated, handleMany: onActivityLogged }),
    subscription({ on: ActivityDeleted, handleMany: onActivityDeleted }),
    subscription({ on: TaskCreated, handleMany: onTaskEvent }),
    subscription({ on: TaskUpdated, handleMany: onTaskEvent }),
    subscription({ on: TaskClaimed, handleMany: onTaskEvent }),
    subscription({ on: TaskReleased, handleMany: onTaskEvent }),
    subscription({ on: TaskStarted, handleMany: onTaskEvent }),
    subscription({ on: TaskReassigned, handleMany: onTaskEvent }),
    subscription({ on: TaskRescheduled, handleMany: onTaskEvent }),
    subscription({ on: TaskCompleted, handleMany: onTaskEvent }),
    subscription({ on: TaskCancelled, handleMany: onTaskEvent }),
    subscription({ on: TaskReopened, handleMany: onTaskEvent }),
    subscription({ on: TaskBecameOverdue, handleMany: onTaskEvent }),
  ];
}
