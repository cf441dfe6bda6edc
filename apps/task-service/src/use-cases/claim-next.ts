import { NextResponse } from '@tom/contracts/tom/task/v1/task_service';
import { isDomainError } from '@tom/kernel';
import type { CallContext } from '@tom/runtime';
import { lockNext } from '../adapters/next-task.ts';
import type { Deps } from '../deps.ts';
import { whyNext } from '../domain/why-next.ts';
import { claimTask } from '../domain/task-actions.ts';
import { applyToTasks } from './change-task.ts';
import { once } from './once.ts';

/** Gives the next unassigned task of the queues to the caller; each task to exactly one. */
export async function claimNext(deps: Deps, call: CallContext, request: object, queues: readonly string[]): Promise<NextResponse> {
  const { catalog, clock } = deps;
  return once(deps, call, request, NextResponse, async (tx) => {
    const now = clock.now();
    const taskId = await lockNext(tx, queues, catalog.business.calendar, now);
    if (taskId === undefined) return { task: undefined, why: undefined };
    const [view] = await applyToTasks(deps, tx, call, [taskId], (task, person) => claimTask(task, person, now));
    if (!view || isDomainError(view)) throw view ?? new Error(`Task ${taskId} was locked and is gone`);
    return { task: view, why: whyNext(view.task, catalog, now) };
  });
}
