import type { EventTypeName } from '@tom/catalog';
import { deriveId } from '@tom/kernel';
import type { Draft } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { observe } from '../adapters/observation-tables.ts';
import { isAnyTimerDue, takeDueTimers, type Timer } from '../adapters/timer-table.ts';
import type { Deps } from '../deps.ts';
import { runWaitingRule } from './run-rules.ts';

const BATCH = 100;

/**
 * Lets rules act whose waiting is over, in the transaction that takes their timers out of the table: once, also with
 * several instances, and after however long an absence. Answers how many there were.
 */
export async function onTimersDue(deps: Deps): Promise<number> {
  const { database, clock } = deps;
  if (!(await isAnyTimerDue(database, clock.now()))) return 0;
  let fired = 0;
  for (let taken = BATCH; taken === BATCH; fired += taken) {
    taken = await database.transaction(async (tx) => {
      const timers = await takeDueTimers(tx, clock.now(), BATCH);
      for (const timer of timers) await fire(deps, tx, timer);
      return timers.length;
    });
  }
  return fired;
}

async function fire(deps: Deps, tx: Tx, timer: Timer): Promise<void> {
  const now = deps.clock.now();
  const template = await deps.templates.version(tx, timer.template, timer.templateVersion);
  if (!template) return;
  const drafts: Draft[] = [];
  // The same timer has the same id however often its transaction is tried, and so has everything that it causes.
  const id = deriveId('timer', timer.placeId, timer.template, timer.rule, timer.eventId, timer.dueAt.toISOString());
  const envelope = {
    id,
    type: timer.eventType,
    source: '/tom/workflow-service',
    time: now.toISOString(),
    subject: timer.orgId,
    key: timer.orgId,
    topic: '',
    correlationId: timer.correlationId,
    causationId: timer.eventId,
    depth: timer.depth,
    aggregateId: timer.caseId ?? timer.orgId,
    revision: 0,
    actor: timer.actor,
  };
  const occasion = {
    type: timer.eventType as EventTypeName,
    envelope,
    emit: (...emitted: readonly unknown[]) => void drafts.push(...(emitted as Draft[])),
    orgId: timer.orgId,
    caseId: timer.caseId,
    fields: timer.fields,
  };
  const evaluations = await runWaitingRule(deps, tx, now, occasion, { template, rule: timer.rule });
  const origin = {
    correlationId: timer.correlationId,
    causationId: timer.eventId,
    depth: timer.depth + 1,
    actor: 'service:workflow-service',
    causeTime: timer.eventTime.toISOString(),
  };
  // The event that set the timer may have caused messages of the same kind when it came: these have ids of their own.
  const identified = drafts.map((draft, index) => ({ ...draft, id: draft.id ?? deriveId('timer_message', id, index) }));
  await deps.outbox.append(tx, origin, identified);
  // Kept as an event of its own, so that what follows can be traced over the waiting to the event that began it.
  const codes = { on: timer.eventType, template: timer.template, template_version: timer.templateVersion, rule: timer.rule };
  const due = { ...envelope, type: 'TimerDue', aggregateId: timer.placeId, data: undefined };
  observe(tx, now, [{ envelope: due, caseId: timer.caseId, codes }], evaluations);
}
