import { loadCatalog } from '@tom/catalog';
import type { ActivityFields } from '@tom/contracts/tom/activity/v1/activity';
import { ActivityServiceService } from '@tom/contracts/tom/activity/v1/activity_service';
import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import type { Task } from '@tom/contracts/tom/task/v1/task';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { WorkflowServiceService, type OpenCaseFact } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError, newId } from '@tom/kernel';
import { manualClock } from '@tom/kernel/testing';
import { sql } from '@tom/postgres';
import { createFaultProxy } from '@tom/postgres/testing';
import type { CallContext, OutgoingCall } from '@tom/runtime';
import { other, sharedConfigDir, startTestService } from '@tom/service/testing';
import { migrations } from '../migrations/index.ts';
import { startApp } from '../src/app.ts';

/** What the owners know of one company. */
export interface KnownFacts {
  cases: OpenCaseFact[];
  contactsSince: number;
  pendingFollowUps: number;
  nextStepsToday: number;
  nextStepsFuture: number;
}

/** What the owners answer; a test changes what it needs. `asked` notes every call. */
export interface Owners {
  readonly facts: Map<string, KnownFacts>;
  readonly closedCases: Map<string, string>;
  readonly tasks: Map<string, Task>;
  readonly asked: { readonly method: string; readonly request: never; readonly call: CallContext }[];
  checkActivity: (orgId: string, fields: ActivityFields) => void;
  away: boolean;
  /** Held open until it resolves, so that something can happen between the gathering and the pivot. */
  hold: Promise<void> | undefined;
}

const nothing: KnownFacts = { cases: [], contactsSince: 0, pendingFollowUps: 0, nextStepsToday: 0, nextStepsFuture: 0 };

/** The other services, answering what the test put among what they know. */
function othersOf(owners: Owners) {
  const known = (orgId: string) => owners.facts.get(orgId) ?? nothing;
  return [
    other(WorkflowServiceService, {
      getCaseFacts: ({ orgIds }) => ({
        facts: orgIds.map((orgId) => ({ orgId, open: known(orgId).cases })),
      }),
      getCase: ({ caseId }) => {
        const orgId = owners.closedCases.get(caseId);
        if (!orgId) throw DomainError.notFound('The case');
        const rest = { number: '1', caseType: 'X', engine: 'x', ownerRole: 'x', ownerQueue: 'X', priority: 'NORMAL', title: 'x' };
        const found = { caseId, orgId, status: 'CLOSED', openedBy: 'x', returnCount: 0, version: 1, ...rest };
        return { case: found, phases: [], allowedOutcomes: [], chain: [] };
      },
    }),
    other(ActivityServiceService, {
      getActivityFacts: ({ queries }) => ({
        facts: queries.map(({ orgId }) => {
          const { contactsSince, pendingFollowUps } = known(orgId);
          return { orgId, contactsSince, pendingFollowUps };
        }),
      }),
      checkActivity: ({ orgId, fields }) => {
        if (!fields) throw new Error('The activity has no fields');
        owners.checkActivity(orgId, fields);
        return { fields: { ...fields, occurredAt: fields.occurredAt ?? '2026-03-02T08:00:00.000Z' }, queue: 'INSIDE_SALES' };
      },
    }),
    other(TaskServiceService, {
      getTaskFacts: ({ orgIds }) => ({
        facts: orgIds.map((orgId) => {
          const { nextStepsToday, nextStepsFuture } = known(orgId);
          return { orgId, nextStepsToday, nextStepsFuture, open: nextStepsToday };
        }),
      }),
      getTask: ({ taskId }) => ({ task: owners.tasks.get(taskId) }),
    }),
  ];
}

/** The service in this process, on a Postgres of its own, with the event log and the owners of facts around it. */
export async function startSystem() {
  const clock = manualClock('2026-03-02T08:00:00.000Z');
  const owners: Owners = {
    facts: new Map(),
    closedCases: new Map(),
    tasks: new Map(),
    asked: [],
    checkActivity: () => undefined,
    away: false,
    hold: undefined,
  };
  const wires: Awaited<ReturnType<typeof createFaultProxy>>[] = [];
  const service = await startTestService({
    name: 'stage-service',
    definition: StageServiceService,
    migrations,
    publishes: ['tom.org.events.v1', 'tom.activity.commands.v1'],
    clock,
    others: othersOf(owners),
    async onCall(method, request, call) {
      if (owners.away) throw new DomainError('UNAVAILABLE', 'away');
      owners.asked.push({ method, request: request as never, call });
      await owners.hold;
    },
    async reachedBy(url) {
      const wire = await createFaultProxy(url);
      wires.push(wire);
      return wire.url;
    },
    own: ({ others, identity }) => ({
      activityService: others,
      taskService: others,
      workflowService: others,
      serviceKeyFile: identity.serviceKeyFile('stage-service'),
    }),
    start: startApp,
  });
  const { call, client, database } = service;
  const [wire] = wires;
  if (!wire) throw new Error('The service is not reached by a wire');
  const catalog = loadCatalog(sharedConfigDir);
  const ida = (extra?: Partial<OutgoingCall>) => call('ida', ['inside_sales'], extra);

  /** A company, put into a stage without asking anybody. */
  async function company(stage = 'UNVERIFIED', fields: Partial<{ name: string; city: string; wasCustomer: boolean }> = {}): Promise<string> {
    const { orgId } = await client.createOrg(
      { name: fields.name ?? 'Muster GmbH', ...(fields.city ? { address: { city: fields.city } } : {}) },
      ida(),
    );
    const put = sql(
      'test.put',
      `update org set current_stage = $2, was_customer = $3, status = $4 where org_id = $1`,
    );
    const status = catalog.stages.stages.get(stage)?.status ?? 'lead';
    await database.query(put, [orgId, stage, fields.wasCustomer ?? false, status]);
    return orgId;
  }

  return {
    ...service,
    clock,
    catalog,
    owners,
    /** The service's way to its database. */
    wire,
    ida,
    company,
    /** What this service told the world so far, of one company: its events in order, then commands. */
    told: (orgId: string) => service.told<Record<string, never>>(({ key }) => key === orgId),
    root: (extra?: Partial<OutgoingCall>) => call('root', ['administrator'], extra),
    otto: (extra?: Partial<OutgoingCall>) => call('otto', ['outside_sales'], extra),
    anna: (extra?: Partial<OutgoingCall>) => call('anna', ['order_admin'], extra),
    service: (extra?: Partial<OutgoingCall>) => service.callOf('workflow-service', extra),
    know(orgId: string, facts: Partial<KnownFacts>): void {
      owners.facts.set(orgId, { ...(owners.facts.get(orgId) ?? nothing), ...facts });
    },
    async stop() {
      await service.stop();
      for (const one of wires) await one.close();
    },
  };
}

export type System = Awaited<ReturnType<typeof startSystem>>;

const outcomes = {
  QUALIFY_COMPANY: [
    ['QUALIFIED', 'QUALIFIED_LEAD'],
    ['DISQUALIFIED', 'DISQUALIFIED'],
    ['DORMANT', 'DORMANT'],
  ],
  WORK_LEAD: [
    ['WON', 'CUSTOMER'],
    ['DISQUALIFIED', 'DISQUALIFIED'],
    ['LOST', 'DISQUALIFIED'],
    ['DORMANT', 'DORMANT'],
    ['RETURNED', 'QUALIFYING'],
  ],
} as const;

/** An open case as workflow-service tells of it. */
export function openCase(caseType: 'QUALIFY_COMPANY' | 'WORK_LEAD', more: Partial<OpenCaseFact> = {}): OpenCaseFact {
  const field = caseType === 'WORK_LEAD';
  return {
    caseId: newId(),
    caseType,
    engine: field ? 'outside_sales' : 'inside_sales',
    ownerQueue: field ? 'OUTSIDE_SALES' : 'INSIDE_SALES',
    openedAt: '2026-03-01T08:00:00.000Z',
    owner: undefined,
    claimedByEngineRole: false,
    outcomes: outcomes[caseType].map(([outcome, stage]) => ({ outcome, stage, unmet: [] })),
    missingOutputs: [],
    ...more,
  };
}
