import {
  ActivityDeleted,
  ActivityLogged,
  ActivityUpdated,
  CaseClaimed,
  CaseClosed,
  CaseEscalated,
  CaseHandedOver,
  CaseOpened,
  CasePhaseChanged,
  CaseReleased,
  CaseRequirementFulfilled,
  CaseReturned,
  CaseStatusChanged,
  OrgCreated,
  OrgErased,
  OrgStageChanged,
  OrgUpdated,
  StageTransitionRefused,
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
} from '@tom/contracts/messages';
import { subscription, type BatchContext, type MessageType, type Subscription } from '@tom/messaging';
import {
  closedFields,
  escalatedFields,
  fulfilledFields,
  handedOverFields,
  openedFields,
  phaseFields,
  releasedFields,
  returnedFields,
  statusFields,
} from '@tom/workflow';
import type { HandlerDeps } from './handlers/deps.ts';
import { onActivityDeleted } from './handlers/on-activity-deleted.ts';
import { onActivityLogged } from './handlers/on-activity-logged.ts';
import { onActivityUpdated } from './handlers/on-activity-updated.ts';
import { onCaseChanged, type CaseEventData, type FieldsOf } from './handlers/on-case-changed.ts';
import { onCaseClaimed } from './handlers/on-case-claimed.ts';
import { onOrgCreated } from './handlers/on-org-created.ts';
import { onOrgErased } from './handlers/on-org-erased.ts';
import { onOrgStageChanged } from './handlers/on-org-stage-changed.ts';
import { onOrgUpdated } from './handlers/on-org-updated.ts';
import { onStageTransitionRefused } from './handlers/on-stage-transition-refused.ts';
import { onTaskChanged, type TaskEvent } from './handlers/on-task-changed.ts';

/** What this service listens to, and what it does then. */
export function subscriptions(deps: HandlerDeps): readonly Subscription[] {
  const task = <T extends TaskEvent>(on: MessageType<T>) =>
    subscription({ on, handleMany: (context: BatchContext<T>) => onTaskChanged(deps, context) });
  const ownCase = <T extends CaseEventData>(on: MessageType<T>, fieldsOf: FieldsOf<T>) =>
    subscription({ on, handleMany: (context: BatchContext<T>) => onCaseChanged(deps, context, fieldsOf) });
  return [
    subscription({ on: OrgCreated, handleMany: onOrgCreated }),
    subscription({ on: OrgUpdated, handleMany: onOrgUpdated }),
    subscription({ on: OrgStageChanged, handleMany: (context) => onOrgStageChanged(deps, context) }),
    subscription({ on: StageTransitionRefused, handle: onStageTransitionRefused }),
    subscription({ on: OrgErased, handle: (context) => onOrgErased(deps.catalog, context) }),
    task(TaskCreated),
    task(TaskUpdated),
    task(TaskClaimed),
    task(TaskReleased),
    task(TaskStarted),
    task(TaskReassigned),
    task(TaskRescheduled),
    task(TaskCompleted),
    task(TaskCancelled),
    task(TaskReopened),
    task(TaskBecameOverdue),
    subscription({ on: ActivityLogged, handleMany: (context) => onActivityLogged(deps, context) }),
    subscription({ on: ActivityUpdated, handleMany: onActivityUpdated }),
    subscription({ on: ActivityDeleted, handle: onActivityDeleted }),
    ownCase(CaseOpened, openedFields),
    subscription({ on: CaseClaimed, handleMany: (context) => onCaseClaimed(deps, context) }),
    ownCase(CaseReleased, releasedFields),
    ownCase(CaseRequirementFulfilled, fulfilledFields),
    ownCase(CasePhaseChanged, phaseFields),
    ownCase(CaseHandedOver, handedOverFields),
    ownCase(CaseReturned, returnedFields),
    ownCase(CaseStatusChanged, statusFields),
    ownCase(CaseEscalated, escalatedFields),
    ownCase(CaseClosed, closedFields),
  ];
}
