import type { ActivityFields } from '@tom/contracts/tom/activity/v1/activity';
import type { RehearsedStage, TransitionRequest } from '@tom/contracts/tom/stage/v1/stage_service';
import type { RehearsedTasks } from '@tom/contracts/tom/task/v1/task_service';
import type { CaseFacts, Foretold } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError, isDomainError, isUuid, newId, type Violation } from '@tom/kernel';
import { rehearse, type Outbox, type OutgoingMessage } from '@tom/messaging';
import { isTransient, type Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { caseFactsOf } from '../adapters/case-facts.ts';
import { casesByIds, caseById } from '../adapters/case-table.ts';
import { foretoldCases, foretoldTasks, heardIn, requestedTasks } from '../adapters/foretold.ts';
import type { Deps } from '../deps.ts';
import { changedRules } from '../domain/rule-changes.ts';
import { handOverCase, rememberRefusedHandOver, type HandOverCase } from './hand-over-case.ts';
import { isOfErased, knowOrg } from './know-org.ts';
import { returnToSender, type ReturnCase } from './return-case.ts';

/** The one thing that a person is about to do. */
export type Intent =
  | { readonly kind: 'activity'; readonly fields: ActivityFields }
  | { readonly kind: 'transition'; readonly request: TransitionRequest }
  | { readonly kind: 'handover'; readonly command: Omit<HandOverCase, 'erased'> }
  | { readonly kind: 'return'; readonly command: Omit<ReturnCase, 'erased'> }
  | { readonly kind: 'tasks'; readonly taskIds: readonly string[] };

/** Who would be told what. */
const HEARD_BY_TASKS = new Set(
  ['tom.activity.v1.ActivityLogged', 'tom.task.v1.CreateTasks', 'tom.task.v1.CancelCaseTasks', 'tom.task.v1.CancelOrgTasks'],
);
const HEARD_BY_ACTIVITIES = new Set(['tom.activity.v1.LogActivity']);
const HEARD_BY_STAGE = new Set(['tom.stage.v1.TransitionStage', 'tom.stage.v1.OrgStageChanged', 'tom.activity.v1.ActivityLogged']);
const OWN = '/tom/workflow-service';
/** Longer than any chain from service to service that is let happen. */
const MOST_ROUNDS = 12;

/** One service that may be asked what it would do about everything that was told so far. */
interface Part {
  readonly name: string;
  hears(message: OutgoingMessage): boolean;
  rehearse(messages: readonly OutgoingMessage[]): Promise<readonly OutgoingMessage[]>;
}

/** What was told, by whom, while the parts asked each other; `unavailable` names those that could not be asked. */
interface Told {
  readonly messages: readonly OutgoingMessage[];
  readonly unavailable: readonly string[];
}

/**
 * What would follow from an intent. The services that would do it say so themselves: each lets its own handlers do what
 * they would do, in a transaction that is rolled back, about what the others would tell, until nobody has more to tell.
 * No transaction stays open while another service is asked. Refuses bad input as the real request would; what the rules
 * or the present state refuse is part of the answer.
 */
export async function preview(deps: Deps, given: CallContext, orgId: string, intent: Intent): Promise<Foretold> {
  const { idempotency: _written, ...call } = given;
  await knowOrg(deps, call, orgId);
  const seed = newId();
  const stageAt = async (messages: readonly OutgoingMessage[], facts?: Facts): Promise<RehearsedStage> =>
    deps.stage.rehearseStage({ orgId, messages: wire(messages), facts: stageFacts(facts) }, call);
  const before = unlessAway(stageAt([]));
  // Awaited below, also when the beginning is refused.
  before.catch(() => undefined);

  const begun = await begin(deps, call, orgId, intent);
  const facts: { cases?: CaseFacts; tasks?: RehearsedTasks; stage?: RehearsedStage } = {};
  const parts: Part[] = [
    {
      name: 'cases',
      hears: ({ headers }) => headers['ce_source'] !== OWN,
      async rehearse(messages) {
        const { told, value } = await rehearse(deps, {
          seed,
          messages,
          subscriptions: deps.subscriptions,
          ...(begun.act && { before: begun.act }),
          after: (tx) => caseFactsOf(deps, tx, [orgId]),
        });
        if (value[0]) facts.cases = value[0];
        return told;
      },
    },
    {
      name: 'tasks',
      hears: typeIn(HEARD_BY_TASKS),
      async rehearse(messages) {
        const completeTaskIds = intent.kind === 'tasks' ? [...intent.taskIds] : [];
        facts.tasks = await deps.task.rehearse({ orgId, seed, completeTaskIds, messages: wire(messages) }, call);
        return facts.tasks.messages;
      },
    },
    {
      name: 'activities',
      hears: typeIn(HEARD_BY_ACTIVITIES),
      rehearse: async (messages) => (await deps.activity.rehearse({ log: undefined, messages: wire(messages) }, call)).messages,
    },
  ];
  const asked = new Set([...(begun.act ? ['cases'] : []), ...(intent.kind === 'tasks' ? ['tasks'] : [])]);
  const stage: Part = {
    name: 'stage',
    hears: typeIn(HEARD_BY_STAGE),
    async rehearse(messages) {
      facts.stage = await stageAt(messages, facts);
      return facts.stage.messages;
    },
  };
  const told = await untilQuiet(begun.messages, parts, stage, asked);
  return answer(deps, told, facts, await before, begun.refusal);
}

type Facts = { readonly cases?: CaseFacts; readonly tasks?: RehearsedTasks };

function stageFacts({ cases, tasks }: Facts = {}) {
  if (cases === undefined) return undefined;
  const steps = tasks?.facts;
  return { cases: cases.open, nextStepsToday: steps?.nextStepsToday, nextStepsFuture: steps?.nextStepsFuture };
}

interface Beginning {
  readonly messages: readonly OutgoingMessage[];
  /** What this service itself does first. */
  readonly act?: (tx: Tx, outbox: Outbox) => Promise<void>;
  readonly refusal?: DomainError;
}

/** What is told first; who would be asked is asked, and refuses what it would refuse. */
async function begin(deps: Deps, call: CallContext, orgId: string, intent: Intent): Promise<Beginning> {
  switch (intent.kind) {
    case 'activity':
      return refusable('activity.', async () => deps.activity.rehearse({ log: { orgId, fields: intent.fields }, messages: [] }, call));
    case 'transition':
      return refusable('transition.', async () => deps.stage.rehearseTransition({ ...intent.request, orgId }, call));
    case 'handover': {
      const { command } = intent;
      return ofCase(deps, call, orgId, 'handover', command, async (tx, outbox, erased) => {
        await handOverCase({ ...deps, outbox }, tx, call, { ...command, erased });
      });
    }
    case 'return': {
      const { command } = intent;
      return ofCase(deps, call, orgId, 'return', command, async (tx, outbox, erased) => {
        await returnToSender({ ...deps, outbox }, tx, call, { ...command, erased });
      });
    }
    case 'tasks':
      return { messages: [] };
  }
}

/** A refusal is part of what is foretold; bad input is not, and is named where it stands in the request. */
async function refusable(at: string, ask: () => Promise<Pick<Beginning, 'messages'>>): Promise<Beginning> {
  try {
    return { messages: (await ask()).messages };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    if (error.kind === 'conflict' || error.kind === 'forbidden') return { messages: [], refusal: error };
    throw placed(at, error);
  }
}

function placed(at: string, error: DomainError): DomainError {
  if (error.code !== 'INVALID') return error;
  const violations = (error.details['violations'] ?? []) as readonly Violation[];
  return DomainError.invalid(violations.map((violation) => ({ ...violation, path: `${at}${violation.path}` })));
}

/** Tried once by itself, so that a refusal is known; a hand-over that is refused is remembered, and that is foretold too. */
async function ofCase(
  deps: Deps,
  call: CallContext,
  orgId: string,
  kind: 'handover' | 'return',
  { caseId }: { readonly caseId: string },
  act: (tx: Tx, outbox: Outbox, erased: boolean) => Promise<void>,
): Promise<Beginning> {
  const item = isUuid(caseId) ? await caseById(deps.database, caseId) : undefined;
  if (item?.orgId !== orgId.toLowerCase()) {
    const expected = 'the id of one of its cases';
    throw DomainError.invalid([{ path: `${kind}.caseId`, message: 'is no case of this company', expected }]);
  }
  const erased = await isOfErased(deps, call, caseId);
  const doing = (tx: Tx, outbox: Outbox) => act(tx, outbox, erased);
  const tried = await refusable(`${kind}.`, async () => {
    await deps.database.rehearse((tx) => doing(tx, { ...deps.outbox }));
    return { messages: [] };
  });
  if (tried.refusal === undefined) return { messages: [], act: doing };
  if (kind !== 'handover' || tried.refusal.code !== 'RULES_UNMET') return tried;
  return { ...tried, act: (tx, outbox) => rememberRefusedHandOver({ ...deps, outbox }, tx, call, caseId) };
}

/** Lets the parts tell each other what they would tell; the stage, which needs everybody's facts, when they are quiet. */
async function untilQuiet(
  first: readonly OutgoingMessage[],
  parts: readonly Part[],
  stage: Part,
  unasked: ReadonlySet<string>,
): Promise<Told> {
  const messages = new Map(first.map((message) => [message.headers['ce_id'] ?? '', message]));
  const seen = new Map<string, number>([...unasked].map((name) => [name, -1]));
  const away = new Set<string>();
  const ask = async (part: Part, hearing: readonly OutgoingMessage[]): Promise<boolean> => {
    const size = messages.size;
    const told = await unlessAway(part.rehearse(hearing));
    seen.set(part.name, hearing.length);
    if (told === undefined) away.add(part.name);
    for (const message of told ?? []) {
      const id = message.headers['ce_id'] ?? '';
      if (!messages.has(id)) messages.set(id, message);
    }
    return messages.size > size;
  };
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const heard = [...messages.values()];
    const waiting = parts.flatMap((part) => {
      const hearing = heard.filter((message) => part.hears(message));
      return away.has(part.name) || hearing.length === (seen.get(part.name) ?? 0) ? [] : [{ part, hearing }];
    });
    if (waiting.length > 0) await Promise.all(waiting.map(({ part, hearing }) => ask(part, hearing)));
    else if (away.has(stage.name) || !(await ask(stage, heard.filter((message) => stage.hears(message))))) {
      return { messages: [...messages.values()], unavailable: [...away] };
    }
  }
  throw new Error(`What would follow is not told after ${MOST_ROUNDS} rounds`);
}

async function unlessAway<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    // A row that somebody holds at this moment is not waited for.
    if (isTransient(error) || (isDomainError(error) && error.kind === 'unavailable')) return undefined;
    throw error;
  }
}

async function answer(
  { database }: Deps,
  { messages, unavailable }: Told,
  facts: { readonly tasks?: RehearsedTasks; readonly stage?: RehearsedStage },
  before: RehearsedStage | undefined,
  refusal: DomainError | undefined,
): Promise<Foretold> {
  const heard = heardIn(messages);
  const caseIds = [...new Set(heard.cases().map(({ caseId }) => caseId))];
  const known = await database.transaction((tx) => casesByIds(tx, caseIds));
  const tasks = foretoldTasks(heard);
  const requested = unavailable.includes('tasks') ? requestedTasks(heard) : [];
  const { stage: after } = facts;
  const explained = before?.explanation && after?.explanation ? { before, after } : undefined;
  return {
    tasks: { ...tasks, created: [...tasks.created, ...requested], refused: facts.tasks?.refused ?? [] },
    cases: foretoldCases(heard, known),
    stage: explained && {
      before: explained.before.explanation?.currentStage ?? '',
      after: explained.after.explanation?.currentStage ?? '',
      statusBefore: explained.before.status,
      statusAfter: explained.after.status,
    },
    rules: explained
      ? changedRules(explained.before.explanation?.transitions ?? [], explained.after.explanation?.transitions ?? []).map(
          ({ to, before: was, after: is }) => ({ to, rule: is.rule, message: is.message, before: was.met, after: is.met }),
        )
      : [],
    refused: refusal && { code: refusal.code, message: refusal.message, details: { ...refusal.details } },
    unavailable: [...new Set([...unavailable, ...(explained ? [] : ['stage'])])],
  };
}

function typeIn(types: ReadonlySet<string>) {
  return ({ headers }: OutgoingMessage): boolean => types.has(headers['ce_type'] ?? '');
}

function wire(messages: readonly OutgoingMessage[]) {
  return messages.map(({ headers, ...message }) => ({ ...message, headers: { ...headers } }));
}
