import type { Template, TemplateRule } from '@tom/catalog';
import type { Tx } from '@tom/postgres';
import type { Facts } from '@tom/rules';
import { casesByIds, openCasesOfOrgs } from '../adapters/case-table.ts';
import { grouped } from '../adapters/grouped.ts';
import { knownOrgs } from '../adapters/org-projection.ts';
import { callsInRowOf, firedBeforeAt, nextStepsOf } from '../adapters/rule-facts.ts';
import { restartTimers, setTimers, type Timer, type TimerRestart } from '../adapters/timer-table.ts';
import type { CaseItem } from '../domain/case.ts';
import { delayed } from '../domain/delay.ts';
import { factsAt, lookAtRule, type Evaluation, type Obstacle, type Place } from '../domain/look.ts';
import { carryOutRules, type FiredRule } from './carry-out-rules.ts';
import type { HandlerDeps } from './deps.ts';
import type { Occasion } from './occasion.ts';

/** How often rules of one template may act on one case or company: more is most likely two that call each other. */
const BUDGET = 100;
/** Chains of causes that are longer start nothing any more; the outbox refuses them at 50. */
const MOST_DEPTH = 40;

interface Look {
  readonly occasion: Occasion;
  readonly template: Template;
  readonly place: Place;
}

/**
 * Lets rules look at events: those of the case's own template version, and those of templates of rules alone. Facts are
 * read for all events at once; what fires is carried out in the order of the events.
 */
export async function runRules(
  deps: HandlerDeps,
  tx: Tx,
  now: Date,
  occasions: readonly Occasion[],
): Promise<readonly Evaluation[]> {
  const concerned = occasions.filter(({ type }) => deps.templates.anyRuleOn(type));
  if (concerned.length === 0) return [];
  const looks = await looksAt(deps, tx, concerned);
  if (looks.length === 0) return [];
  await restartTimers(tx, looks.flatMap((look) => restartsOf(deps, look)));

  const judge = await judging(tx, now, looks);
  const judged = looks.flatMap((look) =>
    look.template.rules
      .filter((rule) => rule.on === look.occasion.type)
      .map((rule) => ({ ...look, rule, seen: judge(look, rule) })),
  );
  await setTimers(tx, judged.flatMap((each) => (each.seen.fired && each.rule.after ? [timerOf(deps, each)] : [])));
  const acting = judged.filter(({ seen, rule }) => seen.fired && !rule.after);
  const obstacles = await carryOut(deps, tx, now, acting);
  return judged.map((each) => {
    const obstacle = obstacles.get(each);
    return obstacle ? { ...each.seen, fired: false, obstacle } : each.seen;
  });
}

/** A rule whose waiting is over: judged anew on the facts of now, then carried out. */
export async function runWaitingRule(
  deps: HandlerDeps,
  tx: Tx,
  now: Date,
  occasion: Occasion,
  { template, rule: key }: { readonly template: Template; readonly rule: string },
): Promise<readonly Evaluation[]> {
  const rule = template.rules.find((each) => each.key === key);
  const [look] = (await looksAt(deps, tx, [occasion])).filter((each) => each.template.key === template.key);
  if (!rule || !look) return [];
  const seen = (await judging(tx, now, [look]))(look, rule);
  if (!seen.fired) return [seen];
  const fired = { occasion, template: look.template, rule, place: look.place };
  const obstacle = (await carryOut(deps, tx, now, [fired])).get(fired);
  return [obstacle ? { ...seen, fired: false, obstacle } : seen];
}

/** Which templates look at which event, and where. */
async function looksAt({ templates }: HandlerDeps, tx: Tx, occasions: readonly Occasion[]): Promise<readonly Look[]> {
  const cases = await casesByIds(tx, [...new Set(occasions.flatMap(({ caseId }) => (caseId ? [caseId] : [])))]);
  const templateOf = await templates.ofCases(tx, [...cases.values()]);
  const found = occasions.flatMap((occasion) => {
    const item = occasion.caseId ? cases.get(occasion.caseId) : undefined;
    const own = item && templateOf(item);
    return [
      ...(own && item ? [{ occasion, template: own, item }] : []),
      ...(occasion.ofCaseOnly ? [] : templates.ofCompanies(occasion.type)).map((template) => {
        return { occasion, template, item: undefined };
      }),
    ];
  });
  const concerned = found.filter(({ template, occasion: { type } }) =>
    template.rules.some((rule) => rule.on === type || rule.restartsOn.includes(type)),
  );
  const orgs = await knownOrgs(tx, [...new Set(concerned.map(({ occasion }) => occasion.orgId))]);
  return concerned.flatMap(({ occasion, template, item }) => {
    const org = orgs.get(occasion.orgId);
    return org && (item || template.orgKinds.has(org.orgKind)) ? [{ occasion, template, place: { org, item } }] : [];
  });
}

/** Reads what the conditions need, and answers how to judge one of them. */
async function judging(tx: Tx, now: Date, looks: readonly Look[]) {
  const reads = (...paths: readonly string[]): readonly Look[] =>
    looks.filter(({ template, occasion }) =>
      template.rules.some((rule) => rule.on === occasion.type && paths.some((path) => rule.condition.paths.includes(path))),
    );
  const orgsOf = (some: readonly Look[]) => [...new Set(some.map(({ place }) => place.org.orgId))];
  const readingCases = orgsOf(reads('cases.open', 'cases.open_types'));
  const open = readingCases.length === 0 ? [] : await openCasesOfOrgs(tx, readingCases);
  const openOf = grouped(open.map((item) => [item.orgId, item]));
  const steps = await nextStepsOf(tx, orgsOf(reads('org.next_steps')), now);
  const calls = await callsInRowOf(tx, reads('event.calls_in_row').map(({ occasion }) => occasion.envelope.aggregateId));
  const known = new Map<Look, Facts>();
  const factsOf = (look: Look): Facts => {
    const { occasion: { type, envelope, fields }, place: { org, item } } = look;
    const counted = { ...fields, calls_in_row: calls.get(envelope.aggregateId) ?? 0 };
    const facts = known.get(look) ?? factsAt({ type, fields: counted }, org, openOf.get(org.orgId) ?? [], item, steps.get(org.orgId));
    known.set(look, facts);
    return facts;
  };
  return (look: Look, rule: TemplateRule): Evaluation => {
    const { occasion, template, place } = look;
    const seen = lookAtRule(template, rule, occasion.envelope.id, place, factsOf(look));
    const obstacle = seen.fired ? obstacleFor(occasion, place.item) : undefined;
    return obstacle ? { ...seen, fired: false, obstacle } : seen;
  };
}

function obstacleFor({ holds, type, envelope }: Occasion, item: CaseItem | undefined): Obstacle | undefined {
  if (envelope.depth >= MOST_DEPTH) return 'TOO_DEEP';
  if (item?.closedAt && type !== 'CaseClosed') return 'CASE_CLOSED';
  return item && holds && !holds(item) ? 'CASE_CHANGED' : undefined;
}

/** Carries out what fired, as far as the budget of its template at its place goes; answers what kept rules from acting. */
async function carryOut<R extends FiredRule>(
  deps: HandlerDeps,
  tx: Tx,
  now: Date,
  fired: readonly R[],
): Promise<ReadonlyMap<R, Obstacle>> {
  if (fired.length === 0) return new Map();
  const named = ({ template, place }: R) => ({ placeId: place.item?.caseId ?? place.org.orgId, template: template.key });
  const before = await firedBeforeAt(tx, fired.map(named), BUDGET);
  const spent = new Map<string, number>();
  const within = fired.filter((each) => {
    const name = named(each);
    const key = `${name.placeId} ${name.template}`;
    const times = spent.get(key) ?? before(name);
    spent.set(key, times + 1);
    return times < BUDGET;
  });
  const beyond = fired.filter((each) => !within.includes(each)).map((each) => [each, 'BUDGET_SPENT' as const] as const);
  return new Map([...beyond, ...(await carryOutRules(deps, tx, now, within))]);
}

function restartsOf({ catalog }: HandlerDeps, { occasion, template, place }: Look): readonly TimerRestart[] {
  return template.rules.flatMap((rule) => {
    if (!rule.after || !rule.restartsOn.includes(occasion.type)) return [];
    const dueAt = delayed(new Date(occasion.envelope.time), rule.after, catalog.business.calendar);
    return [{ placeId: place.item?.caseId ?? place.org.orgId, template: template.key, rule: rule.key, dueAt }];
  });
}

function timerOf(
  { catalog }: HandlerDeps,
  { occasion, template, rule, place }: { occasion: Occasion; template: Template; rule: TemplateRule; place: Place },
): Timer {
  const { envelope, type, fields } = occasion;
  const { org_name: _name, ...codes } = fields;
  return {
    placeId: place.item?.caseId ?? place.org.orgId,
    template: template.key,
    templateVersion: template.version,
    rule: rule.key,
    orgId: place.org.orgId,
    caseId: place.item?.caseId,
    dueAt: rule.after ? delayed(new Date(envelope.time), rule.after, catalog.business.calendar) : new Date(envelope.time),
    eventId: envelope.id,
    eventType: type,
    eventTime: new Date(envelope.time),
    fields: codes,
    correlationId: envelope.correlationId,
    depth: envelope.depth,
    actor: envelope.actor,
  };
}
