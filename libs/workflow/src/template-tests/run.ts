import type { Catalog, Template, YamlFile } from '@tom/catalog';
import { deriveId } from '@tom/kernel';
import { delayed } from '../delay.ts';
import { callBackOf, isOpen, openCases, type PlayedTask } from '../playback/company.ts';
import { createPlayback, type Playback, type Told } from '../playback/playback.ts';
import type { Entry } from '../playback/run.ts';
import type { Delay } from '../template.ts';
import { compare, type Difference } from './compare.ts';
import type { RawCase, RawDelay, RawStep, TestFile } from './file.ts';
import { instantOf } from './local-time.ts';

/** How one case of a file went. */
export interface TestedCase {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly differences: readonly Difference[];
}

const MONDAY = '2026-03-02T09:00';
/** Things happen one after the other. */
const BETWEEN_MS = 1_000;
const SOMEBODY = 'ida';

/** Runs the cases of a file, each with a company of its own; one without differences passed. */
export function runTestFile(yaml: YamlFile<TestFile>, catalog: Catalog, templates: readonly Template[]): readonly TestedCase[] {
  return yaml.value.cases.map((one, index) => {
    return { name: one.name, ...yaml.place(['cases', index]), differences: runCase(yaml.value.template, one, catalog, templates) };
  });
}

function runCase(own: string, one: RawCase, catalog: Catalog, templates: readonly Template[]): readonly Difference[] {
  const entries: Entry[] = [];
  const { company, at, events = [] } = one.given;
  const orgId = deriveId('template_test', one.name);
  const playback = createPlayback(orgId, { templates: current(templates), catalog }, { record: (entry) => entries.push(entry) });
  const happening = createHappening(playback, catalog, one, instantOf(at ?? MONDAY, catalog.business.timeZone));
  if (company.stage !== undefined) happening.place(company.stage);
  const failed = events.map((step) => happening.happen(step)).find((problem) => problem !== undefined);
  if (failed !== undefined) return [{ of: 'given', expected: ['what the events say'], seen: [failed] }];
  entries.length = 0;
  const before = playback.company.door.stage;
  for (const step of one.when) {
    const problem = happening.happen(step);
    if (problem !== undefined) return [{ of: 'when', expected: ['what the events say'], seen: [problem] }];
  }
  return compare(own, { stage: before, ...one.then }, entries, playback.company, catalog.business.timeZone);
}

/** The highest version of each. */
function current(templates: readonly Template[]): readonly Template[] {
  return templates.filter((one) => !templates.some((other) => other.key === one.key && other.version > one.version));
}

function createHappening(playback: Playback, catalog: Catalog, one: RawCase, begin: Date) {
  const { company } = playback;
  const given = one.given.company;
  const org = { name: given.name ?? 'Muster GmbH', orgKind: given.kind ?? 'customer' };
  let now = begin;
  let count = 0;

  function cause(by = SOMEBODY): Told {
    count += 1;
    return { id: deriveId('template_test', one.name, count), at: now, actor: `user:${by}`, depth: 0 };
  }
  const later = (raw: RawDelay): Date => {
    const [[unit, amount] = []] = Object.entries(raw) as [Delay['unit'], number][];
    return unit === undefined || amount === undefined ? now : delayed(now, { unit, amount }, catalog.business.calendar);
  };
  const caseOf = (type: string) => openCases(company).find((item) => item.caseType === type);
  const missing = (what: string): string => `there is no open ${what} at this point`;

  function endTask(type: 'TaskCompleted' | 'TaskCancelled', { type: taskType, by = SOMEBODY }: { type: string; by?: string }) {
    const task = [...company.tasks.values()].find((each) => each.taskType === taskType && isOpen(each));
    if (!task) return missing(`task ${taskType}`);
    const status = type === 'TaskCompleted' ? 'DONE' : 'CANCELLED';
    playback.tell(cause(by), { type, task: { ...task, status, assignee: task.assignee ?? by } });
    return undefined;
  }

  function log(activity: NonNullable<RawStep['activity']>): string | undefined {
    const by = activity.by ?? SOMEBODY;
    const told = cause(by);
    const open = openCases(company);
    const named = activity.case === undefined ? (open.length === 1 ? open[0] : undefined) : caseOf(activity.case);
    if (activity.case !== undefined && activity.case !== 'none' && !named) return missing(`case ${activity.case}`);
    const followUpAt = activity.follow_up && later(activity.follow_up);
    const activityId = deriveId('template_test_activity', told.id);
    playback.tell(told, {
      type: 'ActivityLogged',
      activity: {
        activityId,
        caseId: named?.caseId,
        activityType: activity.type,
        direction: activity.direction,
        outcomeCode: activity.outcome,
        occurredAt: now,
        followUpAt,
        createdBy: by,
        loggedAt: now,
      },
    });
    if (!followUpAt) return undefined;
    const queue = named?.ownerQueue ?? 'INSIDE_SALES';
    const task = newTask(callBackOf(activityId), 'CALL_BACK', queue, 'ACTIVITY', followUpAt, named?.caseId);
    playback.tell(cause(by), { type: 'TaskCreated', task: { ...task, assignee: by } });
    return undefined;
  }

  function newTask(taskId: string, taskType: string, queue: string, origin: string, dueAt?: Date, caseId?: string): PlayedTask {
    const role = catalog.queues.get(queue)?.role ?? '';
    return { taskId, taskType, queue, role, origin, status: 'OPEN', priority: 'NORMAL', dueAt, caseId, createdAt: now };
  }

  function act(step: RawStep): string | undefined {
    if (step.created) {
      const stage = catalog.stages.initial((given.status ?? 'lead') as 'lead');
      playback.tell(cause(), { type: 'OrgCreated', org });
      playback.tell(cause(), { type: 'OrgStageChanged', toStage: stage, reasonCode: 'ORG_CREATED' });
      return undefined;
    }
    if (step.moved) {
      const { to, reason, outcome, by } = step.moved;
      playback.move(cause(by), { to, reasonCode: reason, outcomeCode: outcome });
      return undefined;
    }
    if (step.started !== undefined) {
      const template = playback.currentOf(step.started);
      const opened = template && playback.start(cause(), template);
      return opened ? undefined : `the template ${step.started} opens no case at this point`;
    }
    if (step.activity) return log(step.activity);
    if (step.task) {
      const { type, queue, due, case: of } = step.task;
      const told = cause();
      const task = newTask(deriveId('template_test_task', told.id), type, queue, 'PERSON', due && later(due), of && caseOf(of)?.caseId);
      playback.tell(told, { type: 'TaskCreated', task });
      return undefined;
    }
    if (step.task_completed) return endTask('TaskCompleted', step.task_completed);
    if (step.task_cancelled) return endTask('TaskCancelled', step.task_cancelled);
    if (step.case_claimed) {
      const { by, roles } = step.case_claimed;
      const item = caseOf(step.case_claimed.case);
      if (!item) return missing(`case ${step.case_claimed.case}`);
      return playback.claim(cause(by), item, { id: by, roles }) ? undefined : `${item.owner} has the case`;
    }
    if (step.case_released) {
      const item = caseOf(step.case_released.case);
      if (!item) return missing(`case ${step.case_released.case}`);
      playback.release(cause(), item);
      return undefined;
    }
    if (step.case_closed) {
      const item = caseOf(step.case_closed.case);
      if (!item) return missing(`case ${step.case_closed.case}`);
      playback.close(cause(), item, step.case_closed.outcome);
      return undefined;
    }
    if (step.wait) {
      now = later(step.wait);
      playback.advance(now);
    }
    return undefined;
  }

  return {
    place: (stage: string): void => {
      playback.place(now, { ...org, currentStage: stage, wasCustomer: given.was_customer ?? false });
      now = new Date(now.getTime() + BETWEEN_MS);
    },
    /** Undefined, or why it cannot happen. */
    happen: (step: RawStep): string | undefined => {
      const problem = act(step);
      now = new Date(now.getTime() + BETWEEN_MS);
      playback.advance(now);
      return problem;
    },
  };
}
