import type { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { DomainError, isUuid } from '@tom/kernel';
import type { CallContext, Handlers } from '@tom/runtime';
import { isKnownPerson } from '../adapters/person-table.ts';
import { listTasks, readTaskFacts } from '../adapters/task-list.ts';
import { lockViews, readViews } from '../adapters/task-view.ts';
import type { Deps } from '../deps.ts';
import { requireNotTaken, requireOpen, requireWorker } from '../domain/task.ts';
import type { TaskPatch } from '../domain/task-actions.ts';
import { bulkActions, bulkTasks, type BulkAction } from '../use-cases/bulk-tasks.ts';
import { cancel } from '../use-cases/cancel-task.ts';
import { claim } from '../use-cases/claim-task.ts';
import { complete } from '../use-cases/complete-task.ts';
import { createTask } from '../use-cases/create-task.ts';
import { reassign } from '../use-cases/reassign-task.ts';
import { release } from '../use-cases/release-task.ts';
import { reopen } from '../use-cases/reopen-task.ts';
import { reschedule } from '../use-cases/reschedule-task.ts';
import { personBefore, requireCreating, requireReading, requireReassigning, requireWorking } from '../use-cases/rights.ts';
import { start } from '../use-cases/start-task.ts';
import { update } from '../use-cases/update-task.ts';
import { createChecks, pathId, type Checks } from './checks.ts';

const TITLE = 300;
const TEXT = 10_000;
const SHORT = 500;
const MAX_BATCH = 200;

type Calls = Handlers<typeof TaskServiceService>;

/** Tasks one by one, and what guards and activities ask about them. */
export function taskCalls(deps: Deps) {
  const { catalog, clock, database } = deps;
  const { codes, queues, roles } = catalog;

  /** An action on a task of the path, after the checks of its command. */
  async function working<T>(call: CallContext, taskId: string, act: (taskId: string) => Promise<T>, checks?: Checks): Promise<T> {
    checks?.done();
    requireWorking(deps, call);
    return act(pathId('The task', taskId));
  }

  /** Work is given to people who were seen here: a name that nobody bears would hide it from everyone. */
  async function checkPerson(checks: Checks, path: string, userId: string | undefined): Promise<void> {
    if (!userId?.trim() || userId.includes('\0') || (await isKnownPerson(database, userId))) return;
    checks.refuse(path, 'is nobody who has signed in here', 'the id of one of the people in GET /users');
  }

  async function checkReassignment(checks: Checks, request: { queue?: string | undefined; role?: string | undefined; userId?: string | undefined }): Promise<void> {
    checks.code('queue', request.queue, queues);
    checks.code('role', request.role, roles);
    if (request.userId !== undefined) checks.required('userId', request.userId, 200);
    await checkPerson(checks, 'userId', request.userId);
    if (request.queue === undefined && request.role === undefined && request.userId === undefined) {
      checks.refuse('queue', 'is missing', 'a queue, a role or a userId');
    }
  }

  return {
    async createTask(request, call) {
      const checks = createChecks();
      checks.id('orgId', request.orgId, true);
      checks.code('taskType', request.taskType, codes.taskTypes, true);
      checks.required('title', request.title, TITLE);
      checks.code('assignedQueue', request.assignedQueue, queues, true);
      checks.code('assigneeRole', request.assigneeRole, roles);
      checks.text('assignee', request.assignee, 200);
      await checkPerson(checks, 'assignee', request.assignee);
      checks.text('description', request.description, TEXT);
      checks.code('priority', request.priority, codes.priorities);
      checks.instant('dueAt', request.dueAt);
      checks.id('caseId', request.caseId);
      checks.id('contactId', request.contactId);
      checks.code('waitingFor', request.waitingFor, codes.waitingFor);
      checks.done();
      requireCreating(deps, call);
      return createTask(deps, call, request);
    },

    async getTask({ taskId }, call) {
      requireReading(deps, call);
      const [view] = await readViews(database, [pathId('The task', taskId)]);
      if (!view) throw DomainError.notFound('The task');
      return view;
    },

    async listTasks(request, call) {
      const checks = createChecks();
      checks.id('orgId', request.orgId);
      checks.id('caseId', request.caseId);
      checks.id('sourceActivityId', request.sourceActivityId);
      for (const status of request.statuses) checks.code('status', status, codes.taskStatuses, true);
      for (const type of request.taskTypes) checks.code('taskType', type, codes.taskTypes, true);
      checks.text('q', request.q, SHORT);
      checks.code('queue', request.queue, queues);
      for (const name of ['assignee', 'closedBy', 'template', 'taskKey'] as const) checks.text(name, request[name], SHORT);
      for (const name of ['createdFrom', 'createdTo', 'closedFrom', 'closedTo', 'dueFrom', 'dueTo'] as const) {
        checks.instant(name, request[name]);
      }
      const pageSize = checks.pageSize(request.pageSize);
      checks.done();
      requireReading(deps, call);
      const { pageSize: _size, pageToken, ...filter } = request;
      return listTasks(database, filter, { pageSize, pageToken });
    },

    async updateTask(request, call) {
      const checks = createChecks();
      const patch = patchOf(request.updateMask ?? [], request.fields ?? {}, checks);
      return working(call, request.taskId, (taskId) => update(deps, call, { ...request, taskId }, patch), checks);
    },

    claimTask: (request, call) => working(call, request.taskId, (taskId) => claim(deps, call, { taskId })),
    releaseTask: (request, call) => working(call, request.taskId, (taskId) => release(deps, call, { taskId })),
    startTask: (request, call) => working(call, request.taskId, (taskId) => start(deps, call, { taskId })),
    reopenTask: (request, call) => working(call, request.taskId, (taskId) => reopen(deps, call, { taskId })),

    async completeTask(request, call) {
      const checks = createChecks();
      checks.text('result', request.result, TEXT);
      return working(call, request.taskId, (taskId) => complete(deps, call, { ...request, taskId }), checks);
    },

    async cancelTask(request, call) {
      const checks = createChecks();
      checks.required('reason', request.reason, 2_000);
      return working(call, request.taskId, (taskId) => cancel(deps, call, { ...request, taskId }), checks);
    },

    async reassignTask(request, call) {
      const checks = createChecks();
      await checkReassignment(checks, request);
      checks.done();
      requireReassigning(deps, call);
      return reassign(deps, call, { ...request, taskId: pathId('The task', request.taskId) });
    },

    async rescheduleTask(request, call) {
      const checks = createChecks();
      checks.instant('dueAt', request.dueAt, true);
      const dueAt = () => new Date(request.dueAt ?? '');
      return working(call, request.taskId, (taskId) => reschedule(deps, call, { ...request, taskId }, dueAt()), checks);
    },

    async bulkTasks(request, call) {
      const checks = createChecks();
      const action = bulkActions.find((name) => name === request.action);
      if (!action) checks.refuse('action', 'is not known', `one of ${bulkActions.join(', ')}`);
      if (request.taskIds.length < 1 || request.taskIds.length > MAX_BATCH) {
        checks.refuse('taskIds', 'is out of range', `1 to ${MAX_BATCH} ids`);
      }
      checks.text('result', request.result, TEXT);
      if (action === 'cancel') checks.required('reason', request.reason, 2_000);
      if (action === 'reassign') await checkReassignment(checks, request);
      checks.instant('dueAt', request.dueAt, action === 'reschedule');
      checks.done();
      if (action === 'reassign') requireReassigning(deps, call);
      else requireWorking(deps, call);
      return bulkTasks(deps, call, action as BulkAction, request);
    },

    async getTaskFacts({ orgIds }, call) {
      const checks = createChecks();
      orgIds.forEach((orgId, index) => checks.id(`orgIds[${index}]`, orgId, true));
      if (orgIds.length > MAX_BATCH) checks.refuse('orgIds', 'is too long', `at most ${MAX_BATCH} ids`);
      checks.done();
      requireReading(deps, call);
      const now = clock.now();
      return { facts: await readTaskFacts(database, orgIds, catalog.business.calendar.startOfDay(now), now) };
    },

    async checkCompletable({ taskId, orgId }, call) {
      const unknown = () =>
        DomainError.invalid([
          { path: 'completesTaskId', message: 'is not a task of this company', expected: 'the id of one of its open tasks' },
        ]);
      if (!isUuid(taskId)) throw unknown();
      requireReading(deps, call);
      const held = await database.transaction((tx) => lockViews(tx, [taskId]));
      const [found] = held.values();
      if (!found || found.task.orgId !== orgId.toLowerCase()) throw unknown();
      const person = personBefore(deps, call, found.task);
      requireWorker(found.task, person);
      requireOpen(found.task);
      // A manager too: by an activity one completes what is one's own or nobody's.
      requireNotTaken(found.task, { ...person, manages: false });
      return found.viewOf(found.task);
    },
  } satisfies Partial<Calls>;

  function patchOf(mask: readonly string[], fields: Partial<Record<keyof TaskPatch, string | undefined>>, checks: Checks): TaskPatch {
    const editable: Readonly<Record<keyof TaskPatch, (value: string | undefined) => void>> = {
      title: (value) => checks.required('title', value, TITLE),
      description: (value) => checks.text('description', value, TEXT),
      priority: (value) => checks.code('priority', value, codes.priorities, true),
      contactId: (value) => checks.id('contactId', value),
      waitingFor: (value) => checks.code('waitingFor', value, codes.waitingFor),
    };
    const patch: Record<string, string | null> = {};
    for (const path of mask) {
      const field = path.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
      if (!Object.hasOwn(editable, field)) {
        checks.refuse(field, 'cannot be written', Object.keys(editable).join(', '));
        continue;
      }
      const value = fields[field as keyof TaskPatch];
      editable[field as keyof TaskPatch](value);
      patch[field] = value || null;
    }
    return patch as TaskPatch;
  }
}
