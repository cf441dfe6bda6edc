import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as messages from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import type { OutgoingCall } from '@tom/runtime';
import { NOON, activityEvent, activityOf, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system.stop());

// NOON is Tuesday, 12:00 in Berlin; the week ends on Sunday, 15 March.
const DUE = {
  lastWeek: '2026-03-03T08:00:00.000Z',
  yesterday: '2026-03-09T16:00:00.000Z',
  thisMorning: '2026-03-10T07:00:00.000Z',
  rightNow: NOON,
  thisEvening: '2026-03-10T22:59:59.999Z',
  tomorrow: '2026-03-10T23:00:00.000Z',
  sunday: '2026-03-15T22:59:59.999Z',
  monday: '2026-03-15T23:00:00.000Z',
} as const;

/** Six hundred ways to be in a queue are too many for one: each test has its own. */
const queues = { order: 'CUSTOMER_INBOUND', paging: 'ORDER_ADMIN', next: 'OUTSIDE_SALES', crowd: 'SALES_OPS', counts: 'INSIDE_SALES' };
const roles: Readonly<Record<string, string>> = {
  CUSTOMER_INBOUND: 'customer_inbound', ORDER_ADMIN: 'order_admin', OUTSIDE_SALES: 'outside_sales', SALES_OPS: 'ops', INSIDE_SALES: 'inside_sales',
};

async function add(queue: string, given: { title: string; dueAt?: string; priority?: string; assignee?: string; taskType?: string }) {
  return system.task({ assignedQueue: queue, ...given }, system.mia());
}

async function titles(queue: string, given: object = {}, caller: OutgoingCall = system.ida()): Promise<string[]> {
  const { items } = await system.client.listQueueTasks({ queue, taskTypes: [], pageSize: 200, ...given }, caller);
  return items.map(({ task }) => task?.title ?? '');
}

describe('a queue view', () => {
  it('is in order: overdue first, then due day, then priority, then time', async () => {
    const queue = queues.order;
    await add(queue, { title: 'no date, urgent', priority: 'URGENT' });
    await add(queue, { title: 'no date' });
    await add(queue, { title: 'monday', dueAt: DUE.monday, priority: 'URGENT' });
    await add(queue, { title: 'sunday', dueAt: DUE.sunday });
    await add(queue, { title: 'tomorrow', dueAt: DUE.tomorrow, priority: 'LOW' });
    await add(queue, { title: 'evening, normal', dueAt: DUE.thisEvening });
    await add(queue, { title: 'afternoon, normal', dueAt: '2026-03-10T14:00:00.000Z' });
    await add(queue, { title: 'evening, high', dueAt: DUE.thisEvening, priority: 'HIGH' });
    await add(queue, { title: 'right now', dueAt: DUE.rightNow });
    await add(queue, { title: 'morning, low', dueAt: DUE.thisMorning, priority: 'LOW' });
    await add(queue, { title: 'morning, urgent', dueAt: '2026-03-10T09:00:00.000Z', priority: 'URGENT' });
    await add(queue, { title: 'yesterday', dueAt: DUE.yesterday });
    await add(queue, { title: 'last week, low', dueAt: DUE.lastWeek, priority: 'LOW' });
    const expected = [
      'last week, low', 'yesterday', 'morning, urgent', 'right now', 'morning, low',
      'evening, high', 'afternoon, normal', 'evening, normal', 'tomorrow', 'sunday', 'monday', 'no date, urgent', 'no date',
    ];
    expect(await titles(queue)).toEqual(expected);
    // The same in pages of every size.
    for (const pageSize of [1, 4, 5]) expect(await throughPages(queue, pageSize)).toEqual(expected);
  });

  it('shows a bucket by the business day, a type, and whose they are', async () => {
    const queue = queues.order;
    expect(await titles(queue, { bucket: 'overdue' })).toHaveLength(5);
    expect(await titles(queue, { bucket: 'today' })).toEqual(['evening, high', 'afternoon, normal', 'evening, normal']);
    expect(await titles(queue, { bucket: 'week' })).toEqual(['tomorrow', 'sunday']);
    expect(await titles(queue, { bucket: 'later' })).toEqual(['monday', 'no date, urgent', 'no date']);
    const cora = system.call('cora', ['customer_inbound']);
    await system.client.getMe({}, cora);
    await add(queue, { title: 'cora’s', assignee: 'cora', taskType: 'SEND_OFFER' });
    expect(await titles(queue, { assignee: 'me' }, cora)).toEqual(['cora’s']);
    expect(await titles(queue, { assignee: 'unassigned' }, cora)).toHaveLength(13);
    expect(await titles(queue, { taskTypes: ['SEND_OFFER'] })).toEqual(['cora’s']);
    const mine = await system.client.listMyTasks({ pageSize: 0 }, cora);
    expect(mine.items.map(({ task }) => task?.title)).toEqual(['cora’s']);
  });

  it('knows neither other queues nor other words', async () => {
    await expect(titles('NOWHERE')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(titles(queues.order, { bucket: 'soon', assignee: 'you', pageSize: 201, taskTypes: ['X'] })).rejects.toMatchObject({
      details: { violations: [{ path: 'assignee' }, { path: 'bucket' }, { path: 'taskType' }, { path: 'pageSize' }] },
    });
    await expect(titles(queues.order, { pageToken: 'bm9uc2Vuc2U' })).rejects.toMatchObject({ details: { violations: [{ path: 'pageToken' }] } });
  });
});

/** Titles page by page; `between` runs after each page. */
async function throughPages(queue: string, pageSize: number, between: () => Promise<unknown> = async () => undefined): Promise<string[]> {
  const seen: string[] = [];
  let pageToken: string | undefined;
  do {
    const page = await system.client.listQueueTasks(
      { queue, taskTypes: [], pageSize, ...(pageToken !== undefined && { pageToken }) },
      system.ida(),
    );
    seen.push(...page.items.map(({ task }) => task?.title ?? ''));
    pageToken = page.nextPageToken;
    if (pageToken !== undefined) await between();
  } while (pageToken !== undefined);
  return seen;
}

describe('going through the pages', () => {
  it('shows each task that was there all the time once, while others move, add, claim and finish and time goes by', async () => {
    const queue = queues.paging;
    const dues = Object.values(DUE);
    const tasks = await Promise.all(
      Array.from({ length: 48 }, (_, index) =>
        add(queue, { title: `T${index}`, ...(index % 9 > 0 && { dueAt: dues[index % 8] ?? NOON }), priority: ['LOW', 'NORMAL', 'HIGH'][index % 3] ?? 'LOW' }),
      ),
    );
    const finished = new Set<string>();
    let turn = 0;
    let added = 0;
    const seen = await throughPages(queue, 5, async () => {
      turn += 1;
      const boss = system.mia();
      // Moved to the front, to the back, and up in priority: wherever they were, shown already or not.
      for (const index of [turn * 5, turn * 5 + 1, 47 - turn, 40 - turn]) {
        const task = tasks[index];
        if (!task || finished.has(task.title)) continue;
        await system.client.rescheduleTask({ taskId: task.taskId, dueAt: turn % 2 ? '2026-02-01T08:00:00Z' : '2026-12-01T08:00:00Z' }, boss);
      }
      const raised = tasks[20 + turn];
      if (raised && !finished.has(raised.title)) {
        await system.client.updateTask({ taskId: raised.taskId, version: 1, updateMask: ['priority'], fields: { priority: 'URGENT' } }, boss);
      }
      const gone = tasks[10 + turn * 2];
      if (gone && turn < 4) {
        finished.add(gone.title);
        await system.client.completeTask({ taskId: gone.taskId }, boss);
      }
      const claimed = tasks[turn];
      if (claimed) await system.client.claimTask({ taskId: claimed.taskId }, boss);
      await add(queue, { title: `new ${(added += 1)}`, dueAt: DUE.lastWeek });
      system.clock.advance(3_600_000);
    });
    system.clock.set(NOON);
    const stayed = tasks.map(({ title }) => title).filter((title) => !finished.has(title));
    expect(seen.filter((title) => stayed.includes(title)).sort()).toEqual([...stayed].sort());
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('holds while many write at the same time', async () => {
    const queue = queues.paging;
    const tasks = await Promise.all(Array.from({ length: 60 }, (_, index) => add(queue, { title: `B${index}`, dueAt: DUE.monday })));
    let stop = false;
    const writer = async (own: number) => {
      for (let step = own; !stop; step += 4) {
        const task = tasks[step % 60];
        const day = String(1 + ((step * 7) % 28)).padStart(2, '0');
        if (task) await system.client.rescheduleTask({ taskId: task.taskId, dueAt: `2026-0${1 + (step % 6)}-${day}T08:00:00Z` }, system.mia());
      }
    };
    const writers = [0, 1, 2, 3].map(writer);
    for (let round = 0; round < 4; round += 1) {
      const seen = (await throughPages(queue, 7)).filter((title) => title.startsWith('B'));
      expect(seen.sort()).toEqual(tasks.map(({ title }) => title).sort());
    }
    stop = true;
    await Promise.all(writers);
  });
});

describe('the counts', () => {
  it('are per queue, bucket and whose the tasks are, the caller’s queues first', async () => {
    const queue = queues.counts;
    for (const dueAt of [DUE.lastWeek, DUE.rightNow, DUE.thisEvening, DUE.sunday, DUE.monday]) await add(queue, { title: 'free', dueAt });
    await add(queue, { title: 'mine', assignee: 'ida' });
    await system.client.getMe({}, system.ingo());
    await add(queue, { title: 'his', assignee: 'ingo', dueAt: DUE.tomorrow });
    const done = await add(queue, { title: 'done' });
    await system.client.cancelTask({ taskId: done.taskId, reason: 'x' }, system.mia());
    const { items } = await system.client.listQueues({}, system.ida());
    expect(items[0]).toEqual({
      queue, label: { de: 'Innendienst', en: 'Inside sales' }, open: 7, overdue: 2, today: 1, week: 2, later: 2, unassigned: 5, mine: 1,
      oldestDueAt: DUE.lastWeek,
      byMine: { overdue: 0, today: 0, week: 0, later: 1 },
      byUnassigned: { overdue: 2, today: 1, week: 1, later: 1 },
      byAny: { overdue: 2, today: 1, week: 2, later: 2 },
    });
    expect(items.map((item) => item.queue).sort()).toEqual(Object.keys(roles).sort());
    const ops = await system.client.listQueues({}, system.olga());
    expect(ops.items[0]?.queue).toBe('SALES_OPS');
  });
});

describe('the next task', () => {
  const queue = queues.next;
  const otto = () => system.call('otto', ['outside_sales']);

  it('is the first unassigned one in order, and says why in two languages', async () => {
    expect(await system.client.peekNext({ queue }, otto())).toEqual({});
    expect(await system.client.claimNext({ queue }, otto())).toEqual({});
    await add(queue, { title: 'second', dueAt: DUE.yesterday });
    await add(queue, { title: 'taken', dueAt: DUE.lastWeek, assignee: 'otto' });
    await add(queue, { title: 'first', dueAt: DUE.yesterday, priority: 'HIGH' });
    const peeked = await system.client.peekNext({ queue }, otto());
    expect(peeked.task?.task).toMatchObject({ title: 'first' });
    expect(peeked.task?.task?.assignee).toBeUndefined();
    expect(peeked.why).toEqual({
      de: 'Überfällig seit 09.03.2026, 17:00, Priorität Hoch: die erste freie Aufgabe in „Außendienst“.',
      en: 'Overdue since 09/03/2026, 17:00, priority high: the first free task in “Outside sales”.',
    });
    const first = await system.client.claimNext({ queue }, otto());
    expect(first.task?.task).toMatchObject({ title: 'first', assignee: 'otto', status: 'OPEN' });
    const key = { key: newId(), route: 'POST /my/claim-next' };
    const second = await system.client.claimNext({}, system.call('otto', ['outside_sales'], { idempotency: key }));
    expect(second.task?.task).toMatchObject({ title: 'second' });
    expect(await system.client.claimNext({}, system.call('otto', ['outside_sales'], { idempotency: key }))).toEqual(second);
    expect(await system.client.claimNext({ queue }, otto())).toEqual({});
    const told = await system.told(second.task?.task?.orgId ?? '');
    expect(told.map(({ type, actor }) => [type.split('.').at(-1), actor])).toEqual([['TaskCreated', 'user:mia'], ['TaskClaimed', 'user:otto']]);
  });

  it('is only for those who work the queue', async () => {
    await expect(system.client.claimNext({ queue }, system.ida())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(system.client.peekNext({ queue: 'NOWHERE' }, otto())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(system.client.claimNext({}, system.service())).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('goes over all queues of the roles in one order', async () => {
    await add('CUSTOMER_INBOUND', { title: 'oldest of all', dueAt: '2026-01-05T08:00:00.000Z' });
    await add(queue, { title: 'oldest outside', dueAt: '2026-01-06T08:00:00.000Z' });
    const both = system.call('both', ['outside_sales', 'customer_inbound']);
    expect((await system.client.claimNext({}, both)).task?.task?.title).toBe('oldest of all');
    expect((await system.client.claimNext({}, both)).task?.task?.title).toBe('oldest outside');
  });

  it('gives out a released CALL_BACK from its due day on', async () => {
    const orgId = newId();
    const { envelope } = activityEvent(activityOf(orgId, { followUpAt: DUE.tomorrow, queue, caseId: newId(), createdBy: 'otto' }), 1);
    await system.republish(messages.ActivityLogged, envelope);
    await system.settled();
    const [callBack] = await system.tasksOf(orgId);
    await system.client.releaseTask({ taskId: callBack?.taskId ?? '' }, otto());
    expect(await system.client.claimNext({ queue }, otto())).toEqual({});
    system.clock.set('2026-03-10T23:00:00.000Z');
    expect((await system.client.claimNext({ queue }, otto())).task?.task?.taskId).toBe(callBack?.taskId);
    system.clock.set(NOON);
  });

  it('goes to exactly one person each: 20 who press at the same time share 200 tasks', async () => {
    const crowd = queues.crowd;
    const tasks = await Promise.all(
      Array.from({ length: 200 }, (_, index) => add(crowd, { title: `N${index}`, dueAt: DUE.monday, priority: index % 2 ? 'HIGH' : 'LOW' })),
    );
    const given = new Map<string, string[]>();
    const press = async (person: string) => {
      for (;;) {
        const { task } = await system.client.claimNext({ queue: crowd }, system.call(person, ['ops']));
        if (!task?.task) return;
        given.set(task.task.taskId, [...(given.get(task.task.taskId) ?? []), person]);
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => press(`ops${index}`)));
    expect([...given.keys()].sort()).toEqual(tasks.map(({ taskId }) => taskId).sort());
    expect([...given.values()].filter((persons) => persons.length !== 1)).toEqual([]);
    // What each was told is what is written down.
    for (const task of tasks) {
      const view = await system.client.getTask({ taskId: task.taskId }, system.ida());
      expect(view.task?.assignee).toBe(given.get(task.taskId)?.[0]);
    }
  });

  it('is none only when there is none: one that is held for a moment is waited for', async () => {
    const crowd = queues.crowd;
    const { taskId } = await add(crowd, { title: 'held', dueAt: DUE.monday });
    const { sql } = await import('@tom/postgres');
    const hold = sql('test.hold', 'select 1 from task where task_id = $1 for update');
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const holding = system.database.transaction(async (tx) => {
      await tx.query(hold, [taskId]);
      await held;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const asked = system.client.claimNext({ queue: crowd }, system.olga());
    await new Promise((resolve) => setTimeout(resolve, 100));
    letGo();
    await holding;
    expect((await asked).task?.task?.taskId).toBe(taskId);
  });
});
