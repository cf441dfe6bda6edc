import type {
  ListWhyNotResponse,
  RuleLook,
  SeenEvent,
  Why,
  WhyNot,
  WhyStep,
  WorkflowServiceService,
} from '@tom/contracts/tom/workflow/v1/workflow_service';
import { decodePageToken, DomainError, encodePageToken, isUuid } from '@tom/kernel';
import type { CallContext, Handlers } from '@tom/runtime';
import { caseById } from '../adapters/case-table.ts';
import { grouped } from '../adapters/grouped.ts';
import { knownOrgs } from '../adapters/org-projection.ts';
import { idleEvents, idleLooks } from '../adapters/why-facts.ts';
import type { Deps } from '../deps.ts';
import {
  withoutPersons,
  wordsFor,
  wordsForObstacle,
  type KnownLook,
  type Look,
  type Seen,
  type Step,
} from '../domain/why.ts';
import { whyCase, whyStage, whyTask } from '../use-cases/explain-cause.ts';
import { mustRead } from './cases.ts';
import { checks, pageSizeOf } from './validate.ts';

type WhyRpcs = Pick<Handlers<typeof WorkflowServiceService>, 'whyTask' | 'whyCase' | 'whyStage' | 'listWhyNot'>;

/** What is kept goes back no further. */
const BEGINNING = new Date(0);

/** Where things came from, and why nothing came of others. */
export function whyRpcs(deps: Deps): WhyRpcs {
  const { database } = deps;

  /** A company that was created a moment ago may not be known here yet: then its owner is asked. */
  async function mustExist(orgId: string, call: CallContext): Promise<void> {
    if (!isUuid(orgId)) throw DomainError.notFound('This company');
    if (!(await knownOrgs(database, [orgId])).has(orgId)) await deps.stage.getOrg({ orgId }, call);
  }

  return {
    async whyTask({ task }, call) {
      const check = checks();
      if (task === undefined) check.fail('task', 'is missing', 'the task');
      check.id('task.taskId', task?.taskId);
      check.id('task.orgId', task?.orgId);
      check.id('task.caseId', task?.caseId);
      check.done();
      mustRead(deps, call);
      return { steps: task ? (await whyTask(deps, task)).map(stepMessage) : [] };
    },

    async whyCase({ caseId }, call) {
      mustRead(deps, call);
      const item = isUuid(caseId) ? await caseById(database, caseId) : undefined;
      if (!item) throw DomainError.notFound('The case');
      return { steps: (await whyCase(deps, item)).map(stepMessage) };
    },

    async whyStage({ orgId }, call): Promise<Why> {
      mustRead(deps, call);
      await mustExist(orgId, call);
      const action = { kind: 'OrgStageChanged', id: orgId };
      const unseen: Step = { kind: 'UNKNOWN', text: wordsFor('UNKNOWN', action), action };
      return { steps: ((await whyStage(deps, orgId)) ?? [unseen]).map(stepMessage) };
    },

    async listWhyNot({ orgId, since, pageSize, pageToken }, call): Promise<ListWhyNotResponse> {
      const check = checks();
      const limit = pageSizeOf(check, pageSize);
      check.instant('since', since);
      check.done();
      const scope = { list: 'why_not', orgId, since };
      const [at, eventId] = decodePageToken(scope, pageToken) ?? [];
      const before = typeof at === 'string' && typeof eventId === 'string' ? { at, eventId } : undefined;
      mustRead(deps, call);
      await mustExist(orgId, call);
      const from = since === undefined ? BEGINNING : new Date(since);
      const found = await idleEvents(database, orgId, from, before, limit + 1);
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      const looks = await idleLooks(
        database,
        page.map((event) => event.eventId),
      );
      const byEvent = grouped(looks.map((look) => [look.eventId, look]));
      return {
        items: page.map((event) => whyNot(event, byEvent.get(event.eventId) ?? [])),
        nextPageToken: last && encodePageToken(scope, [last.at.toISOString(), last.eventId]),
      };
    },
  };
}

function whyNot(event: Seen, looks: readonly Look[]): WhyNot {
  return { event: eventMessage(event), looks: looks.map(lookMessage) };
}

function stepMessage({ kind, text, at, actor, activityId, event, look, action }: Step): WhyStep {
  return {
    kind,
    text,
    at: at?.toISOString(),
    actor,
    activityId,
    event: event && eventMessage(event),
    look: look && lookMessage(look),
    action,
  };
}

function eventMessage({ eventId, type, at, caseId, codes }: Seen): SeenEvent {
  return { eventId, type, at: at.toISOString(), caseId, codes: { ...codes } };
}

function lookMessage(look: KnownLook): RuleLook {
  const { template, templateVersion, rule, caseId, condition, parts = [], obstacle, at } = look;
  return {
    template,
    version: templateVersion,
    rule,
    caseId,
    condition,
    parts: parts.map(({ source, value, result }) => ({
      source,
      values: withoutPersons(value),
      result: result ?? undefined,
    })),
    obstacle: obstacle && { code: obstacle, text: wordsForObstacle(obstacle) },
    at: at.toISOString(),
  };
}
