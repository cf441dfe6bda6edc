import { z } from 'zod';
import { TaskView } from '@tom/contracts/tom/task/v1/task_service';
import type { CallContext } from '@tom/runtime';
import { maskOf, valuesOf } from '../edge/merge-patch.ts';
import { problemOf } from '../edge/problem.ts';
import { created, ok, route, type Answer, type Route } from '../edge/route.ts';
import { listOf, type CodeSchemas } from '../edge/codes.ts';
import { showingCurrent } from '../edge/showing-current.ts';
import { id, instant, judged, optional, orgSummary, page, paging, problemSchema, queryText, type Refuse, text, time } from '../edge/schemas.ts';
import type { Services } from '../services.ts';
import { refusal } from './activities.ts';
import type { RouteContext } from './context.ts';

const userId = text(200);

export const taskSchema = z
  .object({
    taskId: id,
    orgId: id,
    org: orgSummary,
    caseId: id.optional(),
    contactId: id.optional(),
    taskType: z.string(),
    title: z.string(),
    description: z.string().optional(),
    assignedQueue: z.string(),
    assigneeRole: z.string(),
    assignee: z.string().optional(),
    priority: z.enum(['LOW', 'NORMAL', 'HIGH', 'URGENT']),
    dueAt: time.optional(),
    dueIsEndOfDay: z.boolean(),
    status: z.enum(['OPEN', 'IN_PROGRESS', 'DONE', 'CANCELLED']),
    waitingFor: z.enum(['CUSTOMER', 'SUPPLIER']).optional(),
    origin: z.enum(['TEMPLATE', 'ACTIVITY', 'PERSON', 'INBOUND']),
    source: z.object({
      activityId: id.optional(),
      template: z.string().optional(),
      version: z.number().optional(),
      rule: z.string().optional(),
    }),
    result: z.string().optional(),
    lastActivity: z.object({ activityType: z.string(), outcomeCode: z.string().optional(), at: time }).optional(),
    version: z.number().int(),
    createdAt: time,
  })
  .meta({ id: 'Task' });

const result = text(10_000);
const reason = text(2_000);

type TaskInputs = ReturnType<typeof taskInputs>;

function taskInputs(codes: CodeSchemas) {
  const reassignment = { queue: optional(codes.queue), role: optional(codes.role), userId: optional(userId) };
  const newTask = z.strictObject({
    orgId: id,
    taskType: codes.taskType,
    title: text(300),
    assignedQueue: codes.queue,
    assigneeRole: optional(codes.role),
    assignee: optional(userId),
    description: optional(text(10_000)),
    priority: optional(codes.priority),
    dueAt: optional(instant),
    caseId: optional(id),
    contactId: optional(id),
    waitingFor: optional(codes.waitingFor),
  });
  const taskPatch = z.strictObject({
    title: text(300).optional(),
    description: text(10_000).nullish(),
    priority: codes.priority.optional(),
    contactId: id.nullish(),
    waitingFor: codes.waitingFor.nullish(),
  });
  const bulk = z.strictObject({
    action: z.enum(['claim', 'release', 'start', 'complete', 'cancel', 'reopen', 'reassign', 'reschedule']),
    taskIds: z.array(z.string().min(1).max(64)).min(1).max(200),
    result: optional(result),
    reason: optional(reason),
    dueAt: optional(instant),
    ...reassignment,
  });
  return {
    newTask,
    taskPatch,
    reassignment: judged(z.strictObject(reassignment), namesReceiver),
    bulk: judged(bulk, (body, refuse) => {
      const isMissing = (name: string) => body[name] === undefined || body[name] === null;
      if (body['action'] === 'reassign') namesReceiver(body, refuse);
      if (body['action'] === 'cancel' && isMissing('reason')) refuse('reason', 'is missing', 'why it is cancelled');
      if (body['action'] === 'reschedule' && isMissing('dueAt')) refuse('dueAt', 'is missing', 'an RFC 3339 instant');
    }),
  };
}

function namesReceiver(body: Readonly<Record<string, unknown>>, refuse: Refuse): void {
  if ((body['queue'] ?? body['role'] ?? body['userId'] ?? undefined) !== undefined) return;
  refuse('queue', 'is missing', 'a queue, a role or a userId');
}

/** A task as the API shows it. */
export function showTask({ task, org, lastActivity }: TaskView) {
  return { ...task, org: org ?? {}, source: task?.source ?? {}, lastActivity };
}

/** A page of tasks as the API shows it. */
export function showTasks(answer: { items: TaskView[]; nextPageToken?: string | undefined }): Answer {
  return ok({ items: answer.items.map(showTask), nextPageToken: answer.nextPageToken });
}

function answerOf(view: TaskView): Answer {
  return ok(showTask(view), view.task?.version);
}

/** Tasks and what may be done with one, or with many. */
export function taskRoutes({ services: { task }, codes, peopleKnown }: RouteContext): Route[] {
  const inputs = taskInputs(codes);
  return [
    route({
      method: 'post',
      path: '/tasks',
      tag: 'Tasks',
      summary: 'Create a task.',
      body: inputs.newTask,
      answers: { 201: taskSchema },
      async handle({ body, call }) {
        if (body.assignee !== undefined) await peopleKnown();
        const view = await task.createTask(body, call);
        return created(showTask(view), `/tasks/${view.task?.taskId}`, view.task?.version);
      },
    }),
    route({
      method: 'get',
      path: '/tasks',
      tag: 'Tasks',
      summary: 'Tasks by company, case, status, type, the activity or template that caused them, queue, person, and when.',
      query: z.object({
        orgId: id.optional(),
        caseId: id.optional(),
        status: listOf(codes.taskStatus),
        taskType: listOf(codes.taskType),
        sourceActivityId: id.optional(),
        queue: codes.queue.optional(),
        assignee: queryText,
        unassigned: z.enum(['true']).optional(),
        createdFrom: instant.optional(),
        createdTo: instant.optional(),
        closedFrom: instant.optional(),
        closedTo: instant.optional(),
        closedBy: queryText,
        dueFrom: instant.optional(),
        dueTo: instant.optional(),
        template: queryText,
        taskKey: queryText,
        ...paging,
      }),
      answers: { 200: page(taskSchema) },
      async handle({ query, call }) {
        const { status, taskType, unassigned, ...rest } = query;
        const nobody = unassigned === undefined ? {} : { assignee: '' };
        return showTasks(await task.listTasks({ ...rest, ...nobody, statuses: status ?? [], taskTypes: taskType ?? [] }, call));
      },
    }),
    route({
      method: 'get',
      path: '/my/tasks',
      tag: 'My work',
      summary: 'The open tasks that I have claimed.',
      query: z.object(paging),
      answers: { 200: page(taskSchema) },
      handle: async ({ query, call }) => showTasks(await task.listMyTasks(query, call)),
    }),
    route({
      method: 'get',
      path: '/tasks/{taskId}',
      tag: 'Tasks',
      summary: 'A task.',
      answers: { 200: taskSchema },
      handle: async ({ params, call }) => answerOf(await task.getTask({ taskId: params['taskId'] ?? '' }, call)),
    }),
    route({
      method: 'patch',
      path: '/tasks/{taskId}',
      tag: 'Tasks',
      summary: 'Change a task (JSON merge patch).',
      needsVersion: true,
      body: inputs.taskPatch,
      answers: { 200: taskSchema },
      async handle({ params, body, call, version }) {
        const taskId = params['taskId'] ?? '';
        const request = { taskId, version, updateMask: maskOf(body), fields: valuesOf(body) };
        const current = { codec: TaskView, read: () => task.getTask({ taskId }, call), show: showTask };
        return answerOf(await showingCurrent(current, () => task.updateTask(request, call)));
      },
    }),
    ...actionRoutes(task, inputs, peopleKnown),
    bulkRoute(task, inputs, peopleKnown),
  ];
}

type PeopleKnown = RouteContext['peopleKnown'];

function actionRoutes(task: Services['task'], inputs: TaskInputs, peopleKnown: PeopleKnown): Route[] {
  const action = <B extends z.ZodObject>(
    name: string,
    summary: string,
    body: B,
    act: (taskId: string, body: z.output<B>, call: CallContext) => Promise<TaskView>,
  ) =>
    route({
      method: 'post',
      path: `/tasks/{taskId}/${name}`,
      tag: 'Tasks',
      summary,
      body: body as unknown as z.ZodType<z.output<B>>,
      answers: { 200: taskSchema },
      handle: async ({ params, body: given, call }) => answerOf(await act(params['taskId'] ?? '', given, call)),
    });
  const nothing = z.strictObject({});
  return [
    action('claim', 'Take the task.', nothing, (taskId, _body, call) => task.claimTask({ taskId }, call)),
    action('release', 'Give the task back to its queue.', nothing, (taskId, _body, call) => task.releaseTask({ taskId }, call)),
    action('start', 'Begin with the task.', nothing, (taskId, _body, call) => task.startTask({ taskId }, call)),
    action('complete', 'The task is done.', z.strictObject({ result: optional(result) }), (taskId, body, call) =>
      task.completeTask({ taskId, ...body }, call),
    ),
    action('cancel', 'The task is not needed any more.', z.strictObject({ reason }), (taskId, body, call) =>
      task.cancelTask({ taskId, ...body }, call),
    ),
    action('reopen', 'The task is not done after all.', nothing, (taskId, _body, call) => task.reopenTask({ taskId }, call)),
    action('reassign', 'Give the task to another queue, role or person.', inputs.reassignment, async (taskId, body, call) => {
      if (body.userId !== undefined) await peopleKnown();
      return task.reassignTask({ taskId, ...body }, call);
    }),
    action('reschedule', 'Move the due date.', z.strictObject({ dueAt: instant }), (taskId, body, call) =>
      task.rescheduleTask({ taskId, ...body }, call),
    ),
  ];
}

function bulkRoute(task: Services['task'], inputs: TaskInputs, peopleKnown: PeopleKnown): Route {
  return route({
    method: 'post',
    path: '/tasks/bulk',
    tag: 'Tasks',
    summary: 'One action on up to 200 tasks, with a result for each.',
    body: inputs.bulk,
    answers: {
      200: z.object({
        results: z.array(z.object({ taskId: z.string(), ok: z.boolean(), problem: problemSchema.optional() })),
      }),
    },
    async handle({ body, call }) {
      if (body.userId !== undefined) await peopleKnown();
      const { results } = await task.bulkTasks(body, call);
      return ok({
        results: results.map(({ taskId, ok: done, problem }) =>
          done ? { taskId, ok: true } : { taskId, ok: false, problem: problemOf(refusal(problem)).problem },
        ),
      });
    },
  });
}
