import type { Catalog } from '@tom/catalog';
import type { ActivityFields } from '@tom/contracts/tom/activity/v1/activity';
import { DomainError, isDomainError, type Violation } from '@tom/kernel';
import type { CallContext } from '@tom/runtime';
import type { FactOwners } from './fact-owners.ts';
import type { GatheredFacts } from './gather-facts.ts';

/** An activity that activity-service would log, resolved. */
export interface CheckedActivity {
  readonly fields: ActivityFields;
  readonly queue: string | undefined;
}

/**
 * Asks activity-service whether it would log the activity that comes with a move. Its refusal is the move's refusal;
 * `at` is where the activity's fields stand in the request (`activity.`, or nothing for a bare follow-up).
 */
export async function checkActivity(
  owners: FactOwners,
  call: CallContext,
  orgId: string,
  fields: ActivityFields,
  at: string,
): Promise<CheckedActivity> {
  const { idempotency: _written, ...reading } = call;
  try {
    const checked = await owners.activity.checkActivity({ orgId, fields }, reading);
    return { fields: checked.fields ?? fields, queue: checked.queue };
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'INVALID') throw error;
    const violations = (error.details['violations'] ?? []) as readonly Violation[];
    throw DomainError.invalid(violations.map((violation) => ({ ...violation, path: `${at}${violation.path}` })));
  }
}

/**
 * The facts as they will be once the activity is logged: it counts as a contact, its follow-up as a next step, and the
 * task that it completes no longer does.
 */
export async function withActivity(
  owners: FactOwners,
  call: CallContext,
  catalog: Catalog,
  facts: GatheredFacts,
  fields: ActivityFields,
  now: Date,
): Promise<GatheredFacts> {
  const isContact = catalog.codes.activityTypes.get(fields.activityType)?.contact ?? false;
  const hasFollowUp = fields.followUpAt !== undefined && new Date(fields.followUpAt) > now;
  const completed = await completedStep(owners, call, catalog, facts, fields.completesTaskId, now);
  return {
    ...facts,
    ...(facts.activities && {
      activities: {
        contactsSince: facts.activities.contactsSince + (isContact ? 1 : 0),
        pendingFollowUps: facts.activities.pendingFollowUps + (hasFollowUp ? 1 : 0),
      },
    }),
    ...(facts.tasks && {
      tasks: {
        nextStepsToday: facts.tasks.nextStepsToday - (completed.today ? 1 : 0),
        nextStepsFuture: facts.tasks.nextStepsFuture - (completed.future ? 1 : 0),
      },
    }),
  };
}

async function completedStep(
  owners: FactOwners,
  call: CallContext,
  catalog: Catalog,
  facts: GatheredFacts,
  taskId: string | undefined,
  now: Date,
): Promise<{ readonly today: boolean; readonly future: boolean }> {
  if (taskId === undefined || facts.tasks === undefined) return { today: false, future: false };
  const { task } = await owners.task.getTask({ taskId }, call);
  const counts = task?.status === 'OPEN' || task?.status === 'IN_PROGRESS';
  if (!counts || task.origin === 'TEMPLATE' || task.origin === 'INBOUND' || task.dueAt === undefined) {
    return { today: false, future: false };
  }
  const dueAt = new Date(task.dueAt);
  return { today: dueAt >= catalog.business.calendar.startOfDay(now), future: dueAt > now };
}
