import { z } from 'zod';
import { Org, type Address } from '@tom/contracts/tom/stage/v1/org';
import { listOf, type CodeSchemas } from '../edge/codes.ts';
import { behindFilters, behindOf } from './orgs-behind.ts';
import { maskOf, valuesOf } from '../edge/merge-patch.ts';
import { created, noContent, ok, route, type Route } from '../edge/route.ts';
import { showingCurrent } from '../edge/showing-current.ts';
import { id, optional, page, paging, queryText, ruleResult, text, time } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';

const address = z.strictObject({
  street: optional(text(200)),
  postalCode: optional(text(20)),
  city: optional(text(100)),
  country: optional(text(100)),
});

const addressPatch = z.strictObject({
  street: text(200).nullish(),
  postalCode: text(20).nullish(),
  city: text(100).nullish(),
  country: text(100).nullish(),
});

/** What may be written of a company, when it is created and as a PATCH. */
function orgInputs(codes: CodeSchemas) {
  const fields = { externalRef: text(200), website: text(300), phone: text(60), industry: text(200), accountOwner: text(100) };
  const newOrg = z.strictObject({
    name: text(300),
    orgKind: optional(codes.orgKind),
    status: optional(codes.orgStatus),
    externalRef: optional(fields.externalRef),
    website: optional(fields.website),
    phone: optional(fields.phone),
    address: optional(address),
    industry: optional(fields.industry),
    accountOwner: optional(fields.accountOwner),
  });
  const orgPatch = z.strictObject({
    name: text(300).optional(),
    orgKind: codes.orgKind.optional(),
    externalRef: fields.externalRef.nullish(),
    website: fields.website.nullish(),
    phone: fields.phone.nullish(),
    address: addressPatch.nullish(),
    industry: fields.industry.nullish(),
    accountOwner: fields.accountOwner.nullish(),
  });
  return { newOrg, orgPatch };
}

export const orgSchema = z
  .object({
    orgId: id,
    name: z.string().nullable(),
    orgKind: z.string(),
    status: z.enum(['lead', 'prospect', 'customer', 'inactive']),
    currentStage: z.string(),
    stageSince: time,
    externalRef: z.string().optional(),
    website: z.string().optional(),
    phone: z.string().optional(),
    address: z
      .object({ street: z.string().optional(), postalCode: z.string().optional(), city: z.string().optional(), country: z.string().optional() })
      .optional(),
    industry: z.string().optional(),
    accountOwner: z.string().optional(),
    version: z.number().int(),
    createdAt: time,
    createdBy: z.string(),
    updatedAt: time,
    updatedBy: z.string(),
  })
  .meta({ id: 'Org' });

const orgListItem = orgSchema.extend({
  nextTask: z
    .object({
      taskId: id,
      taskType: z.string(),
      title: z.string(),
      assignedQueue: z.string(),
      assignee: z.string().optional(),
      dueAt: time.optional(),
      priority: z.string().optional(),
      dueIsEndOfDay: z.boolean().optional(),
    })
    .optional(),
  lastActivity: z.object({ activityType: z.string(), outcomeCode: z.string().optional(), at: time }).optional(),
  unmetForNext: z.array(ruleResult),
});

/** A company as the API shows it; an erased one has the name null. */
export function showOrg(org: Org) {
  const { address: place, ...rest } = org;
  return { ...rest, name: org.name ?? null, ...(place && hasValues(place) ? { address: place } : {}) };
}

function hasValues(place: Address): boolean {
  return Object.values(place).some((value) => value !== undefined);
}

/** Companies: create, list, read, change, erase, and what may be the same company. */
export function orgRoutes({ services: { stage }, codes }: RouteContext): Route[] {
  const { newOrg, orgPatch } = orgInputs(codes);
  return [
    route({
      method: 'post',
      path: '/orgs',
      tag: 'Companies',
      summary: 'Create a company; only the name is a must.',
      body: newOrg,
      answers: { 201: orgSchema },
      async handle({ body, call }) {
        const org = await stage.createOrg(body, call);
        return created(showOrg(org), `/orgs/${org.orgId}`, org.version);
      },
    }),
    route({
      method: 'get',
      path: '/orgs',
      tag: 'Companies',
      summary: 'Search and list companies.',
      query: z.object({
        q: queryText,
        stage: listOf(codes.stage),
        status: listOf(codes.orgStatus),
        orgKind: listOf(codes.orgKind),
        owner: queryText,
        city: queryText,
        nextTask: z.enum(['none', 'overdue', 'today', 'later']).optional(),
        industry: queryText,
        ...behindFilters(codes),
        sort: z
          .enum(['name', '-name', 'updatedAt', '-updatedAt', 'createdAt', '-createdAt', 'stageSince', '-stageSince', 'nextTask'])
          .optional(),
        ...paging,
      }),
      answers: { 200: page(orgListItem).extend({ total: z.number().int(), counts: z.record(z.string(), z.number().int()) }) },
      async handle({ query, call }) {
        const { stage: stages = [], status: statuses = [], orgKind: orgKinds = [], q, owner, city, nextTask: next, industry, sort, pageSize, pageToken, ...figure } = query;
        const behind = behindOf(figure);
        const answer = await stage.listOrgs(
          { stages, statuses, orgKinds, q, owner, city, nextTask: next, industry, sort, pageSize, pageToken, behind },
          call,
        );
        const items = answer.items.map(({ org, nextTask, lastActivity, unmetForNext }) => ({
          ...(org ? showOrg(org) : {}),
          nextTask,
          lastActivity,
          unmetForNext,
        }));
        return ok({ items, nextPageToken: answer.nextPageToken, total: answer.total, counts: answer.counts });
      },
    }),
    route({
      method: 'get',
      path: '/orgs/values',
      tag: 'Companies',
      summary: 'What companies have as their city or industry, the most frequent first (at most 100): what the list can be filtered by.',
      query: z.object({ of: z.enum(['city', 'industry']), q: queryText }),
      answers: { 200: z.object({ items: z.array(z.object({ value: z.string(), companies: z.number().int() })) }) },
      handle: async ({ query, call }) => ok(await stage.listOrgValues(query, call)),
    }),
    route({
      method: 'get',
      path: '/orgs/duplicates',
      tag: 'Companies',
      summary: 'Companies that may be the same one, with why.',
      query: z.object({ name: queryText, website: queryText }),
      answers: { 200: z.object({ items: z.array(orgSchema.extend({ because: z.array(z.string()) })) }) },
      async handle({ query, call }) {
        const { items } = await stage.findDuplicateOrgs(query, call);
        return ok({ items: items.map(({ org, because }) => ({ ...(org ? showOrg(org) : {}), because })) });
      },
    }),
    route({
      method: 'get',
      path: '/orgs/{orgId}',
      tag: 'Companies',
      summary: 'A company.',
      answers: { 200: orgSchema },
      async handle({ params, call }) {
        const org = await stage.getOrg({ orgId: params['orgId'] ?? '' }, call);
        return ok(showOrg(org), org.version);
      },
    }),
    route({
      method: 'patch',
      path: '/orgs/{orgId}',
      tag: 'Companies',
      summary: 'Change master data (JSON merge patch). Stage and status are not writable.',
      needsVersion: true,
      body: orgPatch,
      answers: { 200: orgSchema },
      async handle({ params, body, call, version }) {
        const orgId = params['orgId'] ?? '';
        const request = { orgId, version, updateMask: maskOf(body), fields: valuesOf(body) };
        const current = { codec: Org, read: () => stage.getOrg({ orgId }, call), show: showOrg };
        const org = await showingCurrent(current, () => stage.updateOrg(request, call));
        return ok(showOrg(org), org.version);
      },
    }),
    route({
      method: 'post',
      path: '/orgs/{orgId}/erase',
      tag: 'Companies',
      summary: 'Clear a company and its people for good (administrators).',
      body: z.strictObject({ reason: text(500) }),
      answers: { 204: undefined },
      async handle({ params, body, call }) {
        await stage.eraseOrg({ orgId: params['orgId'] ?? '', reason: body.reason }, call);
        return noContent;
      },
    }),
  ];
}
