import { allOf, renamed, waysOf, type Alternatives, type Dependence, type Known, type Value } from '@tom/rules';
import type { Catalog } from './catalog.ts';
import type { Problem } from './catalog-error.ts';
import { findingAt } from './finding.ts';
import { knownAt } from './known-facts.ts';
import { actorsOf, effectsOf, type Actor, type Effect } from './rule-effects.ts';
import type { Template } from './template.ts';

/** One step of a circle: somebody acts, and what that brings about is seen by whoever is next. */
interface Step {
  readonly actor: Actor;
  readonly effect: Effect;
}

const MOST_STEPS = 4;
const MOST_TOLD = 30;
/** Circles that are judged and ways that are followed; beyond that it is said that not all of them were. */
const MOST_CIRCLES = 3_000;
const MOST_WAYS = 50_000;

type Verdict = 'endless' | 'suspected' | 'ends';

/**
 * Rules and triggers of all these templates that start each other without end, with no time to wait between them. Only
 * circles that touch one of `subjects` are told. It is proven when each step certainly follows from the one before and a
 * company or case can meet all conditions at once, and nothing in the circle changes that; the rest is suspicion. At run
 * time both are stopped by the budget of a template and by the depth of causes.
 */
export function endlessRules(all: readonly Template[], subjects: ReadonlySet<string>, catalog: Catalog): readonly Problem[] {
  const templates = new Map(all.map((template) => [template.key, template]));
  const actors = all.flatMap(actorsOf);
  const steps = actors.flatMap((actor) => distinct(effectsOf(actor, templates, catalog)).map((effect) => ({ actor, effect })));
  const stepsOf = new Map(actors.map((actor) => [actor, steps.filter((step) => step.actor === actor)]));
  const next = (step: Step): readonly Actor[] => actors.filter((actor) => sees(actor, step.effect, catalog));
  const followers = new Map(steps.map((step) => [step, next(step)]));

  const told = new Map<string, { readonly circle: readonly Step[]; readonly verdict: Verdict }>();
  let judged = 0;
  let ways = 0;
  const look = (circle: readonly Step[], length: number): void => {
    const last = circle.at(-1);
    const first = circle[0];
    if (!last || !first || judged >= MOST_CIRCLES || ways >= MOST_WAYS) return;
    ways += 1;
    for (const actor of followers.get(last) ?? []) {
      if (actor === first.actor) {
        if (circle.length !== length) continue;
        judged += 1;
        const name = nameOf(circle);
        if (told.get(name)?.verdict === 'endless') continue;
        const verdict = judge(circle, catalog);
        if (verdict !== 'ends') told.set(name, { circle, verdict });
        continue;
      }
      // Each circle begins with the first of its actors, so that it is found once.
      if (circle.length >= length || actors.indexOf(actor) < actors.indexOf(first.actor)) continue;
      if (circle.some((step) => step.actor === actor)) continue;
      for (const step of stepsOf.get(actor) ?? []) look([...circle, step], length);
    }
  };
  for (let length = 1; length <= MOST_STEPS; length += 1) for (const step of steps) look([step], length);
  const problems = [...told.values()].flatMap(({ circle, verdict }) => {
    const at = circle.find(({ actor }) => subjects.has(actor.template.key))?.actor;
    return at ? [tell(circle, at, verdict)] : [];
  });
  const cut = judged >= MOST_CIRCLES || ways >= MOST_WAYS;
  return cut ? [...problems.slice(0, MOST_TOLD), ...all.filter(({ key }) => subjects.has(key)).map(tellCut)] : problems.slice(0, MOST_TOLD);
}

function tellCut(template: Template): Problem {
  const message = 'So many rules lead to each other that not every circle was looked at.';
  return findingAt(template, ['key'], message, 'fewer rules on events that rules bring about', { severity: 'warning' });
}

function distinct(effects: readonly Effect[]): readonly Effect[] {
  return [...new Map(effects.map((effect) => [JSON.stringify(effect), effect])).values()];
}

/** Whether the actor looks at such an event at all, and its condition leaves a chance. */
function sees(actor: Actor, effect: Effect, catalog: Catalog): boolean {
  if (actor.on !== effect.event) return false;
  const elsewhere = effect.event !== 'OrgStageChanged' && effect.inCaseOf !== actor.template.key;
  if (actor.looker === 'case' && elsewhere) return false;
  const alternatives = actor.condition.alternatives();
  if (!alternatives) return true;
  const known = knownAt(actor.template, actor.looker, actor.on, catalog);
  return waysOf(alternatives, { ...known, values: { ...known.values, ...eventValues(effect.fields) } }).ways.length > 0;
}

function eventValues(fields: Effect['fields'], as = 'event'): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(fields).map(([name, values]) => [`${as}.${name}`, values]));
}

function judge(circle: readonly Step[], catalog: Catalog): Verdict {
  const moves = circle.flatMap(({ effect }) => (effect.stage === undefined ? [] : [effect.stage]));
  const rows = moves.map((to, index) => catalog.stages.find(moves.at(index - 1) ?? '', to));
  // A company that is there already is not moved, and what no row leads to is refused.
  if (rows.some((row) => row === undefined)) return 'ends';
  if (circle.some((step) => isOver(step, circle, moves) || staysSo(step, circle))) return 'ends';
  const incoming = incomingOf(circle);
  const isCertain = circle.every((step, index) => follows(step, incoming[index]) && !closesOwn(step, circle));
  const phases = circle.flatMap(({ effect }) => (effect.phase === undefined ? [] : [effect.phase]));
  const isMoving = phases.every((phase, index) => phase !== phases.at(index - 1));
  const unguarded = rows.every((row) => row?.guard.length === 0);
  const problem = asOne(circle, incoming, catalog);
  if (!problem) return 'suspected';
  const { ways } = waysOf(problem.alternatives, problem.known);
  if (ways.length === 0) return 'ends';
  const changing = changedIn(circle);
  const goesOn = ways.some((way) => !way.unclear && [...way.open].every((path) => !path.includes('event#') && !changing.has(stem(path))));
  return isCertain && isMoving && unguarded && goesOn ? 'endless' : 'suspected';
}

/** A case that is open is joined, and one that was closed is not acted on: both end the circle, unless the other follows. */
function isOver({ actor, effect }: Step, circle: readonly Step[], moves: readonly string[]): boolean {
  const closes = (template: Template): boolean => template.completion.some(({ stage }) => stage !== undefined && moves.includes(stage));
  const templateOf = (key: string): Template | undefined => circle.find((step) => step.actor.template.key === key)?.actor.template;
  if (effect.opens !== undefined) {
    const opened = templateOf(effect.opens);
    if (opened && !closes(opened)) return true;
    if (!opened && moves.length === 0) return true;
  }
  const isOpened = circle.some((step) => step.effect.opens === actor.template.key);
  return actor.looker === 'case' && actor.on !== 'CaseClosed' && closes(actor.template) && !isOpened;
}

/** A case that is in the phase already does not change it, and an escalation stays: the next turn tells nothing new. */
function staysSo({ actor, effect }: Step, circle: readonly Step[]): boolean {
  if (effect.inCaseOf !== undefined && circle.some((step) => step.effect.opens === effect.inCaseOf)) return false;
  if (effect.action === 'escalate') return true;
  if (effect.phase === undefined) return false;
  const actions = circle.filter((step) => step.actor.template === actor.template).flatMap((step) => step.actor.actions);
  return actions.every((action) => action.kind !== 'move_phase' || action.to === effect.phase);
}

function closesOwn({ effect }: Step, circle: readonly Step[]): boolean {
  return circle.some(({ actor }) => actor.template.completion.some(({ stage }) => stage !== undefined && stage === effect.stage));
}

/** What each actor of the circle sees: what the one before it brought about. */
function incomingOf(circle: readonly Step[]): readonly Effect['fields'][] {
  const seen = circle.map((_, index) => circle.at(index - 1)?.effect.fields ?? {});
  return circle.map((_, index) => {
    const before = circle.at(index - 1);
    const ofTask = before && cancelsWhatItSaw(before, seen.at(index - 1) ?? {});
    return ofTask ? { ...(seen.at(index - 1) ?? {}) } : (seen[index] ?? {});
  });
}

/** The task whose creation it saw is open, and it is one of those that it cancels. */
function cancelsWhatItSaw({ actor, effect }: Step, seen: Effect['fields']): boolean {
  if (effect.event !== 'TaskCancelled' || actor.on !== 'TaskCreated' || seen['origin']?.join() !== 'TEMPLATE') return false;
  const types = effect.fields['task_type'];
  return types === undefined || (seen['task_type'] ?? []).every((type) => types.includes(type));
}

function follows(step: Step, incoming: Effect['fields'] = {}): boolean {
  return step.effect.certain || cancelsWhatItSaw(step, incoming);
}

/** All conditions of the circle as one, each over its own event and its own case, with what is known of them. */
function asOne(circle: readonly Step[], incoming: readonly Effect['fields'][], catalog: Catalog) {
  const conditions: Alternatives[] = [];
  const values: Record<string, readonly Value[]> = {};
  const least: Record<string, number> = {};
  const same: Record<string, string> = {};
  const given: Dependence[] = [];
  const present = new Set<string>();
  for (const [index, { actor }] of circle.entries()) {
    const alternatives = actor.condition.alternatives();
    if (!alternatives) return undefined;
    const set = priorityBefore(circle, index);
    const name = (path: string): string => {
      if (path.startsWith('event.')) return `event#${index}${path.slice('event'.length)}`;
      if (path === 'case.priority' && set !== undefined) return `case#${index}.priority`;
      return path.startsWith('case.') ? `case#${actor.template.key}${path.slice('case'.length)}` : path;
    };
    conditions.push(renamed(alternatives, name));
    const known: Known = knownAt(actor.template, actor.looker, actor.on, catalog);
    for (const [path, some] of Object.entries(known.values ?? {})) {
      const before = values[name(path)];
      values[name(path)] = before ? before.filter((value) => some.includes(value)) : some;
    }
    for (const [path, value] of Object.entries(known.least ?? {})) least[name(path)] = value;
    for (const [path, other] of Object.entries(known.same ?? {})) same[name(path)] = name(other);
    for (const one of known.given ?? []) given.push({ ...one, path: name(one.path), by: name(one.by) });
    for (const [field, some] of Object.entries(incoming[index] ?? {})) {
      values[`event#${index}.${field}`] = some;
      present.add(`event#${index}.${field}`);
    }
    if (set !== undefined) values[`case#${index}.priority`] = [set];
  }
  // The stage of a company is another one at each trigger, so it is that of the event there and nowhere else.
  const alternatives = allOf(conditions);
  return alternatives && { alternatives, known: { values, least, given, present, ...(circle.length === 1 && { same }) } };
}

/** The priority that the case has by then, when the circle itself sets it. */
function priorityBefore(circle: readonly Step[], index: number): string | undefined {
  const own = circle[index]?.actor.template.key;
  for (let back = 1; back <= circle.length; back += 1) {
    const { actor } = circle.at(index - back) ?? {};
    const set = actor?.looker === 'case' && actor.template.key === own ? [...actor.actions].reverse().find(({ kind }) => kind === 'set_priority') : undefined;
    if (set?.kind === 'set_priority') return set.to;
  }
  return undefined;
}

/** The facts that the circle changes on its way, so that what they were says nothing about what they are. */
function changedIn(circle: readonly Step[]): ReadonlySet<string> {
  const changes: Readonly<Partial<Record<Effect['action'], readonly string[]>>> = {
    create_task: ['case.status'],
    cancel_tasks: ['case.status'],
    escalate: ['case.status'],
    move_phase: ['case.phase', 'case.status'],
    request_transition: ['org.current_stage', 'org.status', 'cases.open', 'cases.open_types', 'case.status'],
    start_template: ['org.current_stage', 'org.status', 'cases.open', 'cases.open_types'],
  };
  return new Set(circle.flatMap(({ actor }) => actor.actions.flatMap(({ kind }) => changes[kind] ?? [])));
}

/** `case.status` of `case#qualify_company.status`. */
function stem(path: string): string {
  return path.replace(/#[^.]*/, '');
}

function nameOf(circle: readonly Step[]): string {
  return circle.map(({ actor }) => `${actor.template.key} ${actor.name}`).sort().join(', ');
}

function tell(circle: readonly Step[], at: Actor, verdict: Verdict): Problem {
  const named = ({ template, name }: Actor): string => (template === at.template ? name : `${template.key}.${name}`);
  const way = circle.map(({ actor, effect }) => `${named(actor)} does ${effect.action}, which is ${effect.event}`).join('; ');
  const [first] = circle;
  const again = first ? ` and starts ${named(first.actor)} again` : '';
  const expected = 'a condition that the circle itself makes false, or after: { … } to wait in between';
  const message = `${circle.length === 1 ? 'The rule' : 'The rules'} ${verdict === 'endless' ? 'never end' : 'may never end'}: ${way}${again}.`;
  return findingAt(at.template, at.path, circle.length === 1 ? message.replace('never end', verdict === 'endless' ? 'never ends' : 'never end') : message, expected, verdict === 'endless' ? {} : { severity: 'warning' });
}
