import { type ActivityLogged } from '@tom/contracts/messages';
import type { HypotheticalFacts } from '@tom/contracts/tom/stage/v1/stage_service';
import type { Catalog } from '@tom/catalog';
import type { FactOwners } from './fact-owners.ts';

/**
 * The owners of facts as they would answer about one company: cases and tasks as they were said to be, activities as they
 * are and the `logged` ones besides. What was not said is asked of the owner.
 */
export function hypotheticalOwners(
  owners: FactOwners,
  catalog: Catalog,
  orgId: string,
  { cases, nextStepsToday, nextStepsFuture }: HypotheticalFacts,
  logged: readonly ActivityLogged[],
  now: Date,
): FactOwners {
  const knowsTasks = nextStepsToday !== undefined && nextStepsFuture !== undefined;
  const contacts = logged.filter(({ activity }) => catalog.codes.activityTypes.get(activity.activityType)?.contact).length;
  // With the tasks known, the follow-up of an activity is a task already.
  const followUps = knowsTasks
    ? 0
    : logged.filter(({ activity }) => activity.followUpAt !== undefined && new Date(activity.followUpAt) > now).length;
  return {
    workflow: { ...owners.workflow, getCaseFacts: async () => ({ facts: [{ orgId, open: cases }] }) },
    activity: {
      ...owners.activity,
      async getActivityFacts(request, call) {
        const { facts } = await owners.activity.getActivityFacts(request, call);
        return {
          facts: facts.map((fact) => ({
            ...fact,
            contactsSince: fact.contactsSince + contacts,
            pendingFollowUps: fact.pendingFollowUps + followUps,
          })),
        };
      },
    },
    task: knowsTasks
      ? { ...owners.task, getTaskFacts: async () => ({ facts: [{ orgId, nextStepsToday, nextStepsFuture, open: 0 }] }) }
      : owners.task,
  };
}
