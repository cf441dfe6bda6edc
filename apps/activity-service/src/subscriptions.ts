import * as messages from '@tom/contracts/messages';
import { subscription, type Subscription } from '@tom/messaging';
import type { ReportDeps } from './handlers/log-reports.ts';
import { onCaseEvent } from './handlers/on-case-event.ts';
import { onContactAdded } from './handlers/on-contact-added.ts';
import { onContactRemoved } from './handlers/on-contact-removed.ts';
import { onLogActivity } from './handlers/on-log-activity.ts';
import { onOrgErased } from './handlers/on-org-erased.ts';
import { onOrgEvent } from './handlers/on-org-event.ts';
import { checkReport, gatherForReport, onReportActivity } from './handlers/on-report-activity.ts';
import { onTaskCreated } from './handlers/on-task-created.ts';
import { tell } from './handlers/tell.ts';

/** What reaches this service, and who handles it. Its own events are not among it: their entries are written with them. */
export function subscriptions(deps: ReportDeps & Parameters<typeof gatherForReport>[0]): readonly Subscription[] {
  const { catalog } = deps;
  const handleMany = tell(catalog);
  const org = onOrgEvent(deps);
  const contactRemoved = onContactRemoved(catalog);
  const caseEvent = onCaseEvent(catalog);
  return [
    subscription({ on: messages.LogActivity, handle: onLogActivity(catalog) }),
    subscription({
      on: messages.ReportActivity,
      foreign: {},
      check: checkReport(catalog),
      gather: gatherForReport(deps),
      handle: onReportActivity(deps),
    }),

    subscription({ on: messages.OrgCreated, handleMany: org }),
    subscription({ on: messages.OrgUpdated, handleMany: org }),
    subscription({ on: messages.OrgStageChanged, handleMany: org }),
    subscription({ on: messages.OrgErased, handle: onOrgErased(catalog) }),
    subscription({ on: messages.StageTransitionRefused, handleMany }),
    subscription({ on: messages.GuardOverridden, handleMany }),
    subscription({ on: messages.ContactAdded, handleMany: onContactAdded(catalog) }),
    subscription({ on: messages.ContactUpdated, handleMany }),
    subscription({ on: messages.ContactRemoved, handleMany: contactRemoved }),
    subscription({ on: messages.ContactErased, handleMany: contactRemoved }),

    subscription({ on: messages.TaskCreated, handleMany: onTaskCreated(catalog) }),
    subscription({ on: messages.TaskCompleted, handleMany }),
    subscription({ on: messages.TaskCancelled, handleMany }),
    subscription({ on: messages.TaskReopened, handleMany }),
    subscription({ on: messages.TaskReassigned, handleMany }),
    subscription({ on: messages.TaskRescheduled, handleMany }),
    subscription({ on: messages.TaskBecameOverdue, handleMany }),

    subscription({ on: messages.CaseOpened, handleMany: caseEvent }),
    subscription({ on: messages.CaseUpdated, handleMany: caseEvent }),
    subscription({ on: messages.CaseClaimed, handleMany: caseEvent }),
    subscription({ on: messages.CaseReleased, handleMany: caseEvent }),
    subscription({ on: messages.CaseNoteAdded, handleMany: caseEvent }),
    subscription({ on: messages.CaseRequirementFulfilled, handleMany: caseEvent }),
    subscription({ on: messages.CasePhaseChanged, handleMany: caseEvent }),
    subscription({ on: messages.CaseStatusChanged, handleMany: caseEvent }),
    subscription({ on: messages.CaseEscalated, handleMany: caseEvent }),
    subscription({ on: messages.CaseHandedOver, handleMany: caseEvent }),
    subscription({ on: messages.CaseReturned, handleMany: caseEvent }),
    subscription({ on: messages.CaseClosed, handleMany: caseEvent }),
  ];
}
