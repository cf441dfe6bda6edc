import { roleOfClaim, type Roles } from './claim-role.ts';

// Events as conditions read them (`event.<field>`), for whoever lets rules look at them.

interface SeenActivity {
  readonly activityType: string;
  readonly direction?: string | undefined;
  readonly outcomeCode?: string | undefined;
  readonly occurredAt?: Date | string | undefined;
  readonly followUpAt?: Date | string | undefined;
  readonly createdBy: string;
}

export function activityFields(activity: SeenActivity) {
  return {
    activity_type: activity.activityType,
    direction: activity.direction,
    outcome_code: activity.outcomeCode,
    occurred_at: activity.occurredAt,
    follow_up_at: activity.followUpAt,
    created_by: activity.createdBy,
  };
}

interface SeenTask {
  readonly taskKey?: string | undefined;
  readonly taskType: string;
  readonly queue: string;
  readonly role: string;
  readonly origin: string;
  readonly priority: string;
  readonly assignee?: string | undefined;
}

export function taskFields(task: SeenTask, actor: string) {
  return {
    task_key: task.taskKey,
    task_type: task.taskType,
    queue: task.queue,
    role: task.role,
    origin: task.origin,
    priority: task.priority,
    completed_by: task.assignee ?? actor,
  };
}

interface SeenCase {
  readonly caseType: string;
  readonly engine: string;
  readonly phase?: string | undefined;
  readonly template?: string | undefined;
  readonly outcomeCode?: string | undefined;
  readonly status: string;
}

export function caseFields(
  item: SeenCase,
  before: { readonly previousOwner?: string | undefined; readonly previousStatus?: string | undefined },
  actor: string,
) {
  return {
    case_type: item.caseType,
    engine: item.engine,
    phase: item.phase ?? '',
    template: item.template,
    released_by: before.previousOwner ?? actor,
    outcome_code: item.outcomeCode ?? '',
    status: item.status,
    previous_status: before.previousStatus ?? '',
  };
}

interface SeenClaim {
  readonly caseType: string;
  readonly engine: string;
  readonly owner?: string | undefined;
  readonly ownerRole: string;
}

export function claimFields(
  configuration: { readonly roles: Roles },
  claimed: SeenClaim,
  ofPerson: readonly string[],
  actor: string,
) {
  return {
    case_type: claimed.caseType,
    engine: claimed.engine,
    claimed_by: claimed.owner ?? actor,
    claimed_by_role: roleOfClaim(configuration, claimed.ownerRole, ofPerson),
    claimed_by_roles: ofPerson,
  };
}

/** The events of tasks that rules may name. */
export const taskEventsOfRules: ReadonlySet<string> = new Set([
  'TaskCreated',
  'TaskCompleted',
  'TaskCancelled',
  'TaskBecameOverdue',
]);
