import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideDeletion, decideFollowUp, type ActivitySeen, type FollowUp } from './follow-up.ts';
import { callBack } from './new-task.ts';
import { isOpen, type Task } from './task.ts';

const NOW = new Date('2026-03-10T11:00:00.000Z');
const target = { queue: 'INSIDE_SALES', role: 'inside_sales' };

type Told = { readonly deleted: true; readonly revision: number } | ({ readonly deleted: false } & ActivitySeen);

/** What the handlers do with the decisions, in memory. */
function deliver(events: readonly Told[]): { known: FollowUp | undefined; tasks: Task[]; created: number } {
  let known: FollowUp | undefined;
  let created = 0;
  const tasks = new Map<string, Task>();
  for (const event of events) {
    const present = tasks.get(known?.taskId ?? '');
    const decision = event.deleted
      ? decideDeletion(known, present, { activityId: 'a', orgId: 'o', revision: event.revision, caseId: null }, NOW)
      : decideFollowUp(known, present, event, { ...target, queue: event.queue ?? target.queue }, NOW);
    if (!decision) continue;
    known = decision.next;
    if (decision.task) tasks.set(decision.task.next.taskId, decision.task.next);
    if (decision.create) {
      created += 1;
      expect(tasks.has(decision.create.taskId)).toBe(false);
      const { next } = callBack({
        ...decision.create, activityId: 'a', orgId: 'o', caseId: known.caseId, contactId: null, subject: null, loggedBy: 'ida',
        agreedAt: NOW, queue: known.queue ?? target.queue, role: target.role,
      });
      tasks.set(next.taskId, next);
    }
  }
  return { known, tasks: [...tasks.values()], created };
}

/** The life of an activity as its service tells it: one event for each revision, follow_up_revision as the proto says. */
const life = fc
  .tuple(
    fc.array(
      fc.record({
        followUp: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
        changesFollowUp: fc.boolean(),
        caseId: fc.constantFrom('c1', 'c2', null),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    fc.boolean(),
  )
  .map(([steps, deleted]) => {
    const events: Told[] = [];
    let followUpAt: Date | null = null;
    let followUpRevision = 0;
    steps.forEach((step, index) => {
      const revision = index + 1;
      const wanted: Date | null = step.followUp === null ? null : new Date(NOW.getTime() + step.followUp * 86_400_000);
      if ((index === 0 || step.changesFollowUp) && wanted?.getTime() !== followUpAt?.getTime()) {
        followUpAt = wanted;
        followUpRevision = revision;
      }
      const queue = step.caseId === 'c2' ? 'OUTSIDE_SALES' : step.caseId === 'c1' ? 'SALES_OPS' : null;
      events.push({ deleted: false, activityId: 'a', orgId: 'o', revision, followUpAt, followUpRevision, caseId: step.caseId, queue });
    });
    if (deleted) events.push({ deleted: true, revision: steps.length + 1 });
    return events;
  });

/** The same events in any order, some of them more than once; each at least once. */
const delivery = life.chain((events) =>
  fc
    .tuple(
      fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
      fc.array(fc.tuple(fc.constantFrom(...events), fc.nat()), { maxLength: 8 }),
    )
    .map(([shuffled, repeated]) => {
      const order = [...shuffled];
      for (const [event, place] of repeated) order.splice(place % (order.length + 1), 0, event);
      return { events, order };
    }),
);

const openOnes = (tasks: readonly Task[]) =>
  tasks.filter(isOpen).map(({ dueAt, caseId, assignedQueue, assignee }) => ({ dueAt, caseId, assignedQueue, assignee }));

describe('the follow-up of an activity', () => {
  it('ends in the same single call-back whatever the order and however often its events come', () => {
    fc.assert(
      fc.property(delivery, ({ events, order }) => {
        const inOrder = deliver(events);
        const anyOrder = deliver(order);
        expect(openOnes(inOrder.tasks).length).toBeLessThanOrEqual(1);
        expect(openOnes(anyOrder.tasks)).toEqual(openOnes(inOrder.tasks));
        const last = events.at(-1);
        const wanted = last && !last.deleted ? last.followUpAt : null;
        expect(openOnes(anyOrder.tasks).map(({ dueAt }) => dueAt)).toEqual(wanted ? [wanted] : []);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never has two open at any moment of a delivery', () => {
    fc.assert(
      fc.property(delivery, ({ order }) => {
        for (let length = 1; length <= order.length; length += 1) {
          expect(openOnes(deliver(order.slice(0, length)).tasks).length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('makes as many as there were agreements after the one before had ended, not more', () => {
    const at = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
    const told = (revision: number, followUpAt: Date | null, followUpRevision: number): Told => ({
      deleted: false, activityId: 'a', orgId: 'o', revision, followUpAt, followUpRevision, caseId: null, queue: null,
    });
    const result = deliver([told(1, at(1), 1), told(2, null, 2), told(3, at(3), 3), told(4, at(4), 4), told(5, at(4), 4)]);
    expect(result).toMatchObject({ created: 2, known: { generation: 2 } });
    expect(result.tasks.map(({ status, dueAt }) => [status, dueAt])).toEqual([['CANCELLED', at(1)], ['OPEN', at(4)]]);
  });
});
