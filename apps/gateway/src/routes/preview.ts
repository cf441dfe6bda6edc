import { z } from 'zod';
import type { Foretold } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { ok, route, type Route } from '../edge/route.ts';
import { id, judged, optional, systemText, time } from '../edge/schemas.ts';
import { caseMoveInputs } from './case-moves.ts';
import type { RouteContext } from './context.ts';
import { moveInputs } from './stage.ts';

const task = z.object({
  taskId: id.optional(),
  caseId: id.optional(),
  taskType: z.string(),
  title: z.string(),
  assignedQueue: z.string(),
  assigneeRole: z.string(),
  assignee: z.string().optional(),
  priority: z.string(),
  dueAt: time.optional(),
  dueIsEndOfDay: z.boolean(),
  origin: z.string(),
  cause: z.object({ template: z.string(), version: z.number(), rule: z.string().optional() }).optional(),
  previousDueAt: time.optional(),
  reason: z.string().optional(),
});

const foretoldCase = z.object({
  caseId: id.optional(),
  number: z.number().optional(),
  caseType: z.string(),
  title: z.string(),
  engine: z.string(),
  phase: z.string().optional(),
  status: z.string(),
  previousStatus: z.string().optional(),
  ownerRole: z.string(),
  ownerQueue: z.string(),
  owner: z.string().optional(),
  outcomeCode: z.string().optional(),
  template: z.string().optional(),
  templateVersion: z.number().optional(),
  returnCount: z.number(),
});

const problem = z.object({ code: z.string(), detail: z.string() }).catchall(z.unknown());

const foretold = z.object({
  allowed: z.boolean(),
  refused: problem.optional(),
  tasks: z.object({
    created: z.array(task),
    completed: z.array(task),
    moved: z.array(task),
    cancelled: z.array(task),
    refused: z.array(z.object({ taskId: id, problem })),
  }),
  cases: z.object({ opened: z.array(foretoldCase), closed: z.array(foretoldCase), changed: z.array(foretoldCase) }),
  stage: z.object({ before: z.string(), after: z.string(), statusBefore: z.string(), statusAfter: z.string() }).optional(),
  rules: z.array(z.object({ to: z.string(), rule: z.string(), message: systemText, before: z.boolean(), after: z.boolean() })),
  unavailable: z.array(z.string()),
});

const intents = ['activity', 'transition', 'handover', 'return', 'completeTaskIds'] as const;

/** What would happen: the consequences of what a person is about to do, before it is done. */
export function previewRoutes({ services: { workflow }, codes, activityInputs }: RouteContext): Route[] {
  const { handOver, giveBack } = caseMoveInputs(codes);
  const { transitionInput } = moveInputs(codes, activityInputs);
  const body = judged(
    z.strictObject({
      orgId: id,
      activity: optional(activityInputs.input),
      transition: optional(transitionInput),
      handover: optional(handOver.extend({ caseId: id })),
      return: optional(giveBack.extend({ caseId: id })),
      completeTaskIds: optional(z.array(id).min(1).max(200)),
    }),
    (given, refuse) => {
      const [first, ...more] = intents.filter((name) => given[name] !== undefined && given[name] !== null);
      const expected = `exactly one of ${intents.join(', ')}`;
      if (first === undefined) refuse('activity', 'is missing, and so is every other', expected);
      for (const name of more) refuse(name, `cannot be asked about together with ${first}`, expected);
    },
  );
  return [
    route({
      method: 'post',
      path: '/preview',
      tag: 'Rules',
      summary: 'What this would cause; nothing is changed. What would be refused is said under `refused`.',
      body,
      answers: { 200: foretold },
      async handle({ body: { orgId, activity, transition, handover, return: givingBack, completeTaskIds = [] }, call }) {
        const request = {
          orgId,
          activity,
          transition: transition && { orgId, ...transition },
          handover,
          givingBack,
          completeTaskIds,
        };
        return ok(shown(await workflow.preview(request, call)));
      },
    }),
  ];
}

function shown({ refused, tasks, cases, ...rest }: Foretold) {
  return {
    ...rest,
    allowed: refused === undefined,
    refused: refused && problemOf(refused),
    tasks: tasks && { ...tasks, refused: tasks.refused.map(({ taskId, problem: why }) => ({ taskId, problem: why && problemOf(why) })) },
    cases: cases && { opened: cases.opened.map(withNumber), closed: cases.closed.map(withNumber), changed: cases.changed.map(withNumber) },
  };
}

type Refusal = NonNullable<Foretold['refused']>;

/** As a refusal of the real request reads. */
function problemOf({ code, message, details }: Refusal) {
  return { ...details, code, detail: message };
}

function withNumber<C extends { readonly number?: string | undefined }>({ number, ...rest }: C) {
  return { ...rest, number: number === undefined ? undefined : Number(number) };
}
