import type { ActivityLogged } from '@tom/contracts/messages';
import type { Activity } from '@tom/contracts/tom/activity/v1/activity';
import type { BatchContext } from '@tom/messaging';
import { activityFields } from '@tom/workflow';
import { observe } from '../adapters/observation-tables.ts';
import { knownActivity, projectActivities } from '../adapters/work-projection.ts';
import type { HandlerDeps } from './deps.ts';
import { recomputeStatus } from './recompute-status.ts';
import { runRules } from './run-rules.ts';
import { runTriggers } from './start-templates.ts';

/** An activity was done for its case, which is work on it. */
export async function onActivityLogged(
  deps: HandlerDeps,
  { tx, now, items }: BatchContext<ActivityLogged>,
): Promise<void> {
  const withCase = items.filter(({ envelope }) => envelope.data.activity.caseId !== undefined);
  if (withCase.length > 0) {
    const affected = await projectActivities(
      tx,
      withCase.map(({ envelope }) => knownActivity(envelope.data.activity, envelope.revision)),
    );
    await recomputeStatus(
      tx,
      now,
      affected,
      new Map(withCase.map((item) => [item.envelope.data.activity.caseId ?? '', item])),
    );
  }
  const occasions = items.map(({ envelope, emit }) => ({
    type: 'ActivityLogged' as const,
    envelope,
    emit,
    orgId: envelope.subject,
    caseId: envelope.data.activity.caseId,
    fields: activityFields(envelope.data.activity),
  }));
  const evaluations = [
    ...(await runTriggers(deps, tx, now, occasions)),
    ...(await runRules(deps, tx, now, occasions)),
  ];
  const observations = items.map(({ envelope }) => ({
    envelope,
    caseId: envelope.data.activity.caseId,
    codes: activityCodes(envelope.data.activity),
  }));
  observe(tx, now, observations, evaluations);
}

/** Codes and times of an activity. */
export function activityCodes(activity: Activity) {
  return {
    activity_type: activity.activityType,
    direction: activity.direction,
    outcome_code: activity.outcomeCode,
    occurred_at: activity.occurredAt,
    follow_up_at: activity.followUpAt,
    queue: activity.queue,
  };
}
