import { TransitionStage } from '@tom/contracts/messages';
import type { Task } from '@tom/contracts/tom/task/v1/task';
import { ids } from '@tom/kernel';
import type { Database } from '@tom/postgres';
import { type CaseItem, START_RULE } from '@tom/workflow';
import { caseById } from '../adapters/case-table.ts';
import type { Templates } from '../adapters/template-store.ts';
import {
  caseOpenedWith,
  firedAt,
  firedByRule,
  firedInChain,
  latestStageChange,
  openingOf,
  seenEvent,
  toldEvent,
  type Told,
} from '../adapters/why-facts.ts';
import { wordsFor, type Action, type Cause, type KnownLook, type Look, type Seen, type Step } from '../domain/why.ts';

/** Longer than any chain of causes that is let happen. */
const MOST_STEPS = 60;
/** As many actions as a rule may have (the schema of templates). */
const MOST_ACTIONS = 20;

interface Deps {
  readonly database: Database;
  readonly templates: Templates;
}

/** Why there is a task; where it came from is what the task itself says. */
export async function whyTask(deps: Deps, task: Task): Promise<readonly Step[]> {
  const action = { kind: 'CREATE_TASK', id: task.taskId };
  const at = new Date(task.createdAt ?? 0);
  const { source } = task;
  if (task.origin === 'TEMPLATE') {
    const { template, version = 0, rule = START_RULE } = source ?? {};
    const known = template === undefined ? undefined : { template, templateVersion: version, rule, at };
    return followed(deps, await taskOfTemplate(deps, task, action, known));
  }
  if (task.origin === 'ACTIVITY') return [step('ACTIVITY', action, { at, activityId: source?.activityId })];
  if (task.origin === 'INBOUND') return [step('INBOUND', action, { at })];
  return [step('PERSON', action, { at, actor: asActor(task.createdBy) })];
}

/** Why a case was opened. */
export async function whyCase(deps: Deps, item: CaseItem): Promise<readonly Step[]> {
  return followed(deps, await opened(deps, item));
}

/** Why a company is in its stage: undefined when no change of it was seen, which is so for a moment after its creation. */
export async function whyStage(deps: Deps, orgId: string): Promise<readonly Step[] | undefined> {
  const latest = await latestStageChange(deps.database, orgId);
  return latest && followed(deps, await causeOfStage(deps, latest));
}

/** These steps and, from the event of the last one, all that came before. */
async function followed(deps: Deps, first: readonly Step[]): Promise<readonly Step[]> {
  const steps = [...first];
  for (let event = steps.at(-1)?.event; event && steps.length < MOST_STEPS; event = steps.at(-1)?.event) {
    steps.push(...(await causeOf(deps, event)));
  }
  return steps;
}

/** What brought an event about. */
async function causeOf(deps: Deps, event: Seen): Promise<readonly Step[]> {
  if (event.type === 'OrgStageChanged') return causeOfStage(deps, event);
  if (event.type.startsWith('Case')) return causeOfCaseEvent(deps, event);
  const action = { kind: event.type, id: event.aggregateId };
  const { at, causationId } = event;
  if (event.type === 'TimerDue' && causationId !== undefined) {
    const look = (await firedAt(deps.database, causationId)).find(
      ({ template, rule, placeId }) =>
        template === event.codes['template'] && rule === event.codes['rule'] && placeId === event.aggregateId,
    );
    return [step('RULE', action, { at, look, event: await seenEvent(deps.database, causationId) })];
  }
  if (event.type === 'TaskCreated' && event.codes['origin'] === 'TEMPLATE') {
    const { aggregateId: taskId, orgId, caseId } = event;
    return taskOfTemplate(deps, { taskId, orgId, caseId }, { kind: 'CREATE_TASK', id: taskId }, undefined);
  }
  if (event.type.startsWith('Activity')) return [step('ACTIVITY', action, { at, activityId: event.aggregateId })];
  if (causationId === undefined) return [step('PERSON', action, { at })];
  return [await byEvent(deps, event, action)];
}

async function causeOfStage(deps: Deps, event: Seen): Promise<readonly Step[]> {
  const { at, causationId, caseId, orgId } = event;
  if (causationId === undefined) return [step('PERSON', { kind: event.type, id: orgId }, { at })];
  const action = { kind: 'REQUEST_TRANSITION', id: orgId };
  const openedId = caseId ?? (await caseOpenedWith(deps.database, orgId, causationId));
  const item = openedId === undefined ? undefined : await caseById(deps.database, openedId);
  for (const look of await firedInChain(deps.database, event)) {
    if (!(await askedForStage(deps, look, causationId, item))) continue;
    return [step('RULE', action, { at, look, event: await seenEvent(deps.database, look.eventId) })];
  }
  if (item?.openingCommandId === causationId) {
    return openedByTemplate(deps, item, await openingOf(deps.database, item.caseId), action);
  }
  return [await byEvent(deps, event, action)];
}

/** Whether what fired gave this command: their ids are made by formula, of the event and what is done with it. */
async function askedForStage(deps: Deps, look: Look, commandId: string, item: CaseItem | undefined): Promise<boolean> {
  const { eventId, placeId, rule } = look;
  if (actionIds(eventId, placeId, rule).includes(commandId)) return true;
  const keys = await startsOf(deps, look);
  const opened = keys.map((key) => ids.case(eventId, key));
  // The template joined a case that was open already.
  const joined = item?.template !== undefined && keys.includes(item.template) ? [item.caseId] : [];
  return [...opened, ...joined].some((id) => ids.causedMessage(eventId, TransitionStage.typeName, id, 0) === commandId);
}

/** The templates that something that fired starts: itself, or those that its rule names. */
async function startsOf({ templates, database }: Deps, look: Look): Promise<readonly string[]> {
  if (look.rule === START_RULE) return [look.template];
  const template = await templates.version(database, look.template, look.templateVersion);
  const rule = template?.rules.find(({ key }) => key === look.rule);
  return rule?.actions.flatMap((action) => (action.kind === 'start_template' ? [action.key] : [])) ?? [];
}

async function causeOfCaseEvent(deps: Deps, event: Seen): Promise<readonly Step[]> {
  const action = { kind: event.type, id: event.aggregateId };
  if (event.type === 'CaseOpened') {
    const item = await caseById(deps.database, event.aggregateId);
    return item ? opened(deps, item) : [step('UNKNOWN', action, {})];
  }
  const told = await toldEvent(deps.database, event.eventId);
  if (!told) return [await byEvent(deps, event, action)];
  const { at, actor, causationId, template, templateVersion, rule } = told;
  if (causationId === undefined) return [step('PERSON', action, { at, actor })];
  if (template === undefined || templateVersion === undefined || rule === undefined) {
    return [await byEvent(deps, event, action)];
  }
  // A timer's messages are caused by the event that set it: the look at its end is the one that let the rule act.
  const looks = await firedByRule(deps.database, event.aggregateId, template, rule);
  const look = looks.find(({ eventId }) => eventId === causationId) ?? looks.find((each) => each.at <= at);
  const cause = await seenEvent(deps.database, look?.eventId ?? causationId);
  return [step('RULE', action, { at, look: look ?? { template, templateVersion, rule, at }, event: cause })];
}

async function opened(deps: Deps, item: CaseItem): Promise<readonly Step[]> {
  const action = { kind: 'OPEN_CASE', id: item.caseId };
  const told = await openingOf(deps.database, item.caseId);
  if (item.template === undefined) return [byHand(item, told, action)];
  return openedByTemplate(deps, item, told, action);
}

/** What the trigger of a case's template did, be it the case itself, one of its tasks or its stage. */
async function openedByTemplate(
  deps: Deps,
  item: CaseItem,
  told: Told | undefined,
  action: Action,
): Promise<readonly Step[]> {
  const { template = '', templateVersion = 0, openedAt: at } = item;
  const named = { template, templateVersion, rule: START_RULE, at };
  if (told && told.causationId === undefined) {
    return [step('RULE', action, { at, look: named }), byHand(item, told, { kind: 'OPEN_CASE', id: item.caseId })];
  }
  const causationId = told?.causationId;
  if (causationId === undefined) return [step('RULE', action, { at, look: named }), unknown(action)];
  let started: Look | undefined;
  for (const look of await openingLooks(deps, causationId, at)) {
    const opens = (await startsOf(deps, look)).includes(template) && ids.case(look.eventId, template) === item.caseId;
    // A trigger is named before a rule that starts the same template at the same event.
    if (opens && (started === undefined || look.rule === START_RULE)) started = look;
  }
  const event = await seenEvent(deps.database, started?.eventId ?? causationId);
  const steps = [step('RULE', action, { at, look: started ?? named, event })];
  return event ? steps : [...steps, unknown(action)];
}

/** What fired at the event that opened a case, or, after a rule had waited, at the end of its time. */
async function openingLooks({ database }: Deps, causationId: string, at: Date): Promise<readonly Look[]> {
  const cause = await seenEvent(database, causationId);
  const chain = cause ? await firedInChain(database, { ...cause, at }) : [];
  return [...(await firedAt(database, causationId)), ...chain];
}

interface TaskPlace {
  readonly taskId: string;
  readonly orgId: string;
  readonly caseId?: string | undefined;
}

/** Which trigger or rule made a task: its id is made of the event and the action, so it is found for certain. */
async function taskOfTemplate(
  deps: Deps,
  { taskId, orgId, caseId }: TaskPlace,
  action: Action,
  known: KnownLook | undefined,
): Promise<readonly Step[]> {
  if (known && known.rule !== START_RULE) {
    const looks = await firedByRule(deps.database, caseId ?? orgId, known.template, known.rule);
    const look = looks.find(({ eventId, placeId, rule }) => actionIds(eventId, placeId, rule).includes(taskId));
    const event = look && (await seenEvent(deps.database, look.eventId));
    const steps = [step('RULE', action, { at: known.at, look: look ?? known, event })];
    return event ? steps : [...steps, unknown(action)];
  }
  const item = caseId === undefined ? undefined : await caseById(deps.database, caseId);
  if (item?.template !== undefined) {
    return openedByTemplate(deps, item, await openingOf(deps.database, item.caseId), action);
  }
  return known ? [step('RULE', action, { at: known.at, look: known }), unknown(action)] : [unknown(action)];
}

async function byEvent({ database }: Deps, { causationId, at }: Seen, action: Action): Promise<Step> {
  const event = causationId === undefined ? undefined : await seenEvent(database, causationId);
  return event ? step('EVENT', action, { at, event }) : unknown(action);
}

function byHand(item: CaseItem, told: Told | undefined, action: Action): Step {
  return step('PERSON', action, { at: item.openedAt, actor: told?.actor ?? asActor(item.openedBy) });
}

function unknown(action: Action): Step {
  return step('UNKNOWN', action, {});
}

function step(kind: Cause, action: Action, more: Omit<Step, 'kind' | 'text' | 'action'>): Step {
  const { look } = more;
  return { kind, action, text: wordsFor(kind, action, look), ...more };
}

function actionIds(eventId: string, placeId: string, rule: string): readonly string[] {
  return Array.from({ length: MOST_ACTIONS }, (_, index) => ids.ruleAction(eventId, placeId, rule, index));
}

/** A person as events name who did something. */
function asActor(person: string): string {
  return `user:${person}`;
}
