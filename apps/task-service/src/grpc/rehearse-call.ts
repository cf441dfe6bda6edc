import type { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { DomainError, isDomainError } from '@tom/kernel';
import { rehearse } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import type { CallContext, Handlers } from '@tom/runtime';
import { readTaskFacts } from '../adapters/task-list.ts';
import { readViews } from '../adapters/task-view.ts';
import type { Deps } from '../deps.ts';
import { completeTask } from '../domain/task-actions.ts';
import { applyToTasks } from '../use-cases/change-task.ts';
import { requireReading } from '../use-cases/rights.ts';
import { createChecks } from './checks.ts';

const MOST_TASKS = 200;
const MOST_MESSAGES = 500;

/** What this service would tell; its own handlers and actions say it, in a transaction that leaves nothing. */
export function rehearseCall(deps: Deps): Pick<Handlers<typeof TaskServiceService>, 'rehearse'> {
  const { catalog, clock } = deps;

  async function mustBeOfCompany(tx: Tx, orgId: string, taskIds: readonly string[]): Promise<void> {
    const known = new Set((await readViews(tx, taskIds)).flatMap(({ task }) => (task?.orgId === orgId ? [task.taskId] : [])));
    const violations = taskIds.flatMap((taskId, index) =>
      known.has(taskId)
        ? []
        : [{ path: `completeTaskIds[${index}]`, message: 'is not a task of this company', expected: 'the id of one of its tasks' }],
    );
    if (violations.length > 0) throw DomainError.invalid(violations);
  }

  /** Each by itself, as many at once are completed; answers those that the caller could not complete. */
  async function complete(tx: Tx, outbox: Deps['outbox'], call: CallContext, taskIds: readonly string[]) {
    const now = clock.now();
    const outcomes = await applyToTasks({ ...deps, outbox }, tx, call, taskIds, (task, person) =>
      completeTask(task, person, { result: null }, now),
    );
    return outcomes.flatMap((outcome, index) => {
      if (!isDomainError(outcome)) return [];
      const { code, message, details } = outcome;
      return [{ taskId: taskIds[index] ?? '', problem: { code, message, details: { ...details } } }];
    });
  }

  return {
    async rehearse({ orgId, seed, completeTaskIds, messages }, call) {
      const checks = createChecks();
      checks.id('orgId', orgId, true);
      completeTaskIds.forEach((taskId, index) => checks.id(`completeTaskIds[${index}]`, taskId, true));
      if (completeTaskIds.length > MOST_TASKS) checks.refuse('completeTaskIds', 'is too long', `at most ${MOST_TASKS} ids`);
      if (messages.length > MOST_MESSAGES) checks.refuse('messages', 'is too long', `at most ${MOST_MESSAGES} messages`);
      checks.done();
      requireReading(deps, call);
      const taskIds = [...new Set(completeTaskIds.map((taskId) => taskId.toLowerCase()))];
      let refused: Awaited<ReturnType<typeof complete>> = [];
      const { told, value } = await rehearse(deps, {
        seed,
        messages,
        subscriptions: deps.subscriptions,
        async before(tx, outbox) {
          if (taskIds.length === 0) return;
          await mustBeOfCompany(tx, orgId.toLowerCase(), taskIds);
          refused = await complete(tx, outbox, call, taskIds);
        },
        async after(tx) {
          const now = clock.now();
          return readTaskFacts(tx, [orgId], catalog.business.calendar.startOfDay(now), now);
        },
      });
      return { messages: told.map(({ headers, ...message }) => ({ ...message, headers: { ...headers } })), facts: value[0], refused };
    },
  };
}
