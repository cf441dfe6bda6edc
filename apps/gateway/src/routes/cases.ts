import { z } from 'zod';
import { CaseView, type CloseCaseResponse } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { CallContext } from '@tom/runtime';
import { withConsequences } from '../consequences.ts';
import { maskOf, valuesOf } from '../edge/merge-patch.ts';
import { created, ok, route, type Answer, type Route } from '../edge/route.ts';
import { listOf, type CodeSchemas } from '../edge/codes.ts';
import { showingCurrent } from '../edge/showing-current.ts';
import { id, instant, optional, page, paging, queryText, text, time } from '../edge/schemas.ts';
import type { ActivityInputs } from './activity-input.ts';
import { caseSchema, showCase } from './case-schema.ts';
import type { RouteContext } from './context.ts';
import { orgSchema, showOrg } from './orgs.ts';

const noteTypes = ['event', 'comment', 'handover', 'return', 'decision', 'system'] as const;

const noteSchema = z
  .object({ noteId: id, caseId: id, noteType: z.enum(noteTypes), body: z.string(), createdAt: time, createdBy: z.string() })
  .meta({ id: 'CaseNote' });

function caseInputs(codes: CodeSchemas, { input: activity }: ActivityInputs) {
  const reasons = { reasonCode: optional(codes.reason), reasonNote: optional(text(2_000)) };
  return {
    newCase: z.strictObject({
      orgId: id,
      caseType: codes.caseType,
      engine: codes.engine,
      title: text(300),
      description: optional(text(10_000)),
      priority: optional(codes.priority),
      dueAt: optional(instant),
    }),
    casePatch: z.strictObject({
      title: text(300).optional(),
      description: text(10_000).nullish(),
      priority: codes.priority.optional(),
      dueAt: instant.nullish(),
    }),
    release: z.strictObject(reasons),
    // Which outcomes the case allows is for its template to say.
    close: z.strictObject({
      outcomeCode: codes.caseOutcome,
      outcomeNote: optional(text(2_000)),
      ...reasons,
      duplicateOfOrgId: optional(id),
      followUpAt: optional(instant),
      activity: optional(activity),
    }),
    newNote: z.strictObject({ noteType: codes.noteType, body: text(10_000) }),
  };
}

const closed = z.object({ case: caseSchema, org: orgSchema.optional(), activityId: id.optional(), completing: z.boolean() });

/** No filter of ListCases set. */
export const anyCase = { caseTypes: [], engines: [], statuses: [], ownerRoles: [], ownerQueues: [] };

/** Cases: open, list, read, change, claim, release, notes, close. */
export function caseRoutes({ services: { workflow }, broker, codes, activityInputs }: RouteContext): Route[] {
  const inputs = caseInputs(codes, activityInputs);
  const answerOf = (view: CaseView): Answer => ok(showCase(view), view.case?.version);

  // With an org, the one door was gone through: then the answer says what became of the company.
  async function throughDoor(call: CallContext, act: () => Promise<CloseCaseResponse>): Promise<{ response: CloseCaseResponse; completing: boolean }> {
    const { result, completing } = await withConsequences(broker, call.correlationId, act);
    const caseId = result.case?.case?.caseId;
    // What the consequences made of it, read after they were awaited.
    const fresh = result.org && caseId ? await workflow.getCase({ caseId }, call) : result.case;
    return { response: { ...result, case: fresh }, completing };
  }

  return [
    route({
      method: 'post',
      path: '/cases',
      tag: 'Cases',
      summary: 'Open a case; a type that a template opens is opened by it.',
      body: inputs.newCase,
      answers: { 201: caseSchema },
      async handle({ body, call }) {
        const view = await workflow.openCase(body, call);
        return created(showCase(view), `/cases/${view.case?.caseId}`, view.case?.version);
      },
    }),
    route({
      method: 'get',
      path: '/cases',
      tag: 'Cases',
      summary: 'Cases by company, type, engine, status, role, queue, owner.',
      query: z.object({
        orgId: id.optional(),
        caseType: listOf(codes.caseType),
        engine: listOf(codes.engine),
        status: listOf(codes.caseStatus),
        ownerRole: listOf(codes.role),
        ownerQueue: listOf(codes.queue),
        owner: queryText,
        open: z.enum(['true', 'false']).transform((value) => value === 'true').optional(),
        ...paging,
      }),
      answers: { 200: page(caseSchema) },
      async handle({ query, call }) {
        const { caseType, engine, status, ownerRole, ownerQueue, ...rest } = query;
        const lists = {
          caseTypes: caseType ?? [],
          engines: engine ?? [],
          statuses: status ?? [],
          ownerRoles: ownerRole ?? [],
          ownerQueues: ownerQueue ?? [],
        };
        const answer = await workflow.listCases({ ...rest, ...lists, mine: false }, call);
        return ok({ items: answer.items.map(showCase), nextPageToken: answer.nextPageToken });
      },
    }),
    route({
      method: 'get',
      path: '/my/cases',
      tag: 'My work',
      summary: 'The open cases that I have claimed.',
      query: z.object(paging),
      answers: { 200: page(caseSchema) },
      async handle({ query, call }) {
        const answer = await workflow.listCases({ ...query, ...anyCase, open: true, mine: true }, call);
        return ok({ items: answer.items.map(showCase), nextPageToken: answer.nextPageToken });
      },
    }),
    route({
      method: 'get',
      path: '/cases/{caseId}',
      tag: 'Cases',
      summary: 'A case.',
      answers: { 200: caseSchema },
      handle: async ({ params, call }) => answerOf(await workflow.getCase({ caseId: params['caseId'] ?? '' }, call)),
    }),
    route({
      method: 'patch',
      path: '/cases/{caseId}',
      tag: 'Cases',
      summary: 'Change a case (JSON merge patch). Status, stage, engine, phase and outcome are not writable.',
      needsVersion: true,
      body: inputs.casePatch,
      answers: { 200: caseSchema },
      async handle({ params, body, call, version }) {
        const caseId = params['caseId'] ?? '';
        const request = { caseId, version, updateMask: maskOf(body), fields: valuesOf(body) };
        const current = { codec: CaseView, read: () => workflow.getCase({ caseId }, call), show: showCase };
        return answerOf(await showingCurrent(current, () => workflow.updateCase(request, call)));
      },
    }),
    route({
      method: 'post',
      path: '/cases/{caseId}/claim',
      tag: 'Cases',
      summary: 'Take the case.',
      body: z.strictObject({}),
      answers: { 200: caseSchema },
      handle: async ({ params, call }) => answerOf(await workflow.claimCase({ caseId: params['caseId'] ?? '' }, call)),
    }),
    route({
      method: 'post',
      path: '/cases/{caseId}/release',
      tag: 'Cases',
      summary: 'Give the case back; for the WORK_LEAD case of an accepted company this is the one door and needs a reason.',
      body: inputs.release,
      answers: { 200: z.union([caseSchema, closed]) },
      async handle({ params, body, call }) {
        const request = { caseId: params['caseId'] ?? '', ...body };
        const { response, completing } = await throughDoor(call, () => workflow.releaseCase(request, call));
        const shown = response.case && showCase(response.case);
        return response.org
          ? ok({ case: shown, org: showOrg(response.org), activityId: response.activityId, completing })
          : ok(shown, response.case?.case?.version);
      },
    }),
    route({
      method: 'post',
      path: '/cases/{caseId}/close',
      tag: 'Cases',
      summary: 'Close the case with an outcome; one that moves the stage goes through the one door.',
      body: inputs.close,
      answers: { 200: z.union([caseSchema, closed]) },
      async handle({ params, body, call }) {
        const request = { caseId: params['caseId'] ?? '', ...body };
        const { response, completing } = await throughDoor(call, () => workflow.closeCase(request, call));
        const shown = response.case && showCase(response.case);
        return response.org
          ? ok({ case: shown, org: showOrg(response.org), activityId: response.activityId, completing })
          : ok(shown, response.case?.case?.version);
      },
    }),
    route({
      method: 'get',
      path: '/cases/{caseId}/notes',
      tag: 'Cases',
      summary: 'The notes of a case, newest first.',
      query: z.object(paging),
      answers: { 200: page(noteSchema) },
      handle: async ({ params, query, call }) => ok(await workflow.listCaseNotes({ caseId: params['caseId'] ?? '', ...query }, call)),
    }),
    route({
      method: 'post',
      path: '/cases/{caseId}/notes',
      tag: 'Cases',
      summary: 'Add a note.',
      body: inputs.newNote,
      answers: { 201: noteSchema },
      async handle({ params, body, call }) {
        const note = await workflow.addCaseNote({ caseId: params['caseId'] ?? '', ...body }, call);
        return created(note, `/cases/${note.caseId}/notes`);
      },
    }),
  ];
}
