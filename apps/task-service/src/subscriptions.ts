import * as messages from '@tom/contracts/messages';
import { subscription, type Subscription } from '@tom/messaging';
import type { Deps } from './deps.ts';
import { onActivityDeleted } from './handlers/on-activity-deleted.ts';
import { onActivityLogged } from './handlers/on-activity-logged.ts';
import { onActivityUpdated } from './handlers/on-activity-updated.ts';
import { onCancelCaseTasks } from './handlers/on-cancel-case-tasks.ts';
import { onCancelOrgTasks } from './handlers/on-cancel-org-tasks.ts';
import { onCreateTasks } from './handlers/on-create-tasks.ts';
import { onOrgErased } from './handlers/on-org-erased.ts';
import { onOrgEvent } from './handlers/on-org-event.ts';

/** What reaches this service, and who handles it. */
export function subscriptions(deps: Pick<Deps, 'catalog' | 'tasks'>): readonly Subscription[] {
  return [
    subscription({ on: messages.ActivityLogged, handleMany: onActivityLogged(deps) }),
    subscription({ on: messages.ActivityUpdated, handle: onActivityUpdated(deps) }),
    subscription({ on: messages.ActivityDeleted, handle: onActivityDeleted(deps) }),

    subscription({ on: messages.CreateTasks, handleMany: onCreateTasks(deps) }),
    subscription({ on: messages.CancelCaseTasks, handle: onCancelCaseTasks(deps) }),
    subscription({ on: messages.CancelOrgTasks, handle: onCancelOrgTasks(deps) }),

    subscription({ on: messages.OrgCreated, handleMany: onOrgEvent }),
    subscription({ on: messages.OrgUpdated, handleMany: onOrgEvent }),
    subscription({ on: messages.OrgStageChanged, handleMany: onOrgEvent }),
    subscription({ on: messages.OrgErased, handle: onOrgErased(deps) }),
  ];
}
