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
  readonly ownerRole: string;
  readonly ownerQueue: string;
  readonly returnCount: number;
}

/** An event of a case, with the case as it was by then. */
interface OfCase {
  readonly case: SeenCase;
}

interface OfTransfer extends OfCase {
  readonly fromEngine: string;
  readonly fromPhase?: string | undefined;
  readonly fromRole?: string | undefined;
  readonly fromQueue?: string | undefined;
}

/** What every event of a case tells. */
export const caseFields = (item: Pick<SeenCase, 'caseType' | 'engine'>) => ({ case_type: item.caseType, engine: item.engine });

export const openedFields = ({ case: item }: OfCase) => ({ phase: item.phase ?? '', template: item.template });

export const releasedFields = ({ previousOwner }: { readonly previousOwner?: string | undefined }, actor: string) => ({
  released_by: previousOwner ?? actor,
});

export const fulfilledFields = ({ case: item, key }: OfCase & { readonly key: string }) => ({ phase: item.phase ?? '', key });

export const phaseFields = ({ case: item, previousPhase }: OfCase & { readonly previousPhase?: string | undefined }) => ({
  phase: item.phase ?? '',
  previous_phase: previousPhase,
});

export const handedOverFields = ({ case: item, fromEngine, fromPhase, fromRole, fromQueue }: OfTransfer) => ({
  phase: item.phase ?? '',
  role: item.ownerRole,
  queue: item.ownerQueue,
  from_engine: fromEngine,
  from_phase: fromPhase,
  from_role: fromRole,
  from_queue: fromQueue,
});

export const returnedFields = (event: OfTransfer) => ({ ...handedOverFields(event), return_count: event.case.returnCount });

export const statusFields = ({ case: item, previousStatus }: OfCase & { readonly previousStatus: string }) => ({
  status: item.status,
  previous_status: previousStatus,
});

export const escalatedFields = ({ case: item, reason }: OfCase & { readonly reason: string }) => ({
  reason,
  return_count: item.returnCount,
});

export const closedFields = ({ case: item }: OfCase) => ({ outcome_code: item.outcomeCode ?? '' });

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
