import type { Template, TemplateRule } from '@tom/catalog';
import type { Tx } from '@tom/postgres';
import {
  concerns,
  type Evaluation,
  judgeRule,
  looksAt,
  type Obstacle,
  type Place,
  restartsOf,
  RULE_BUDGET,
  waitingOf,
} from '@tom/workflow';
import { casesByIds, openCasesOfOrgs } from '../adapters/case-table.ts';
import { grouped } from '../adapters/grouped.ts';
import { knownOrgs } from '../adapters/org-projection.ts';
import { callsInRowOf, firedBeforeAt, nextStepsOf } from '../adapters/rule-facts.ts';
import { restartTimers, setTimers, type Timer } from '../adapters/timer-table.ts';
import { carryOutRules, type FiredRule } from './carry-out-rules.ts';
import type { HandlerDeps } from './deps.ts';
import type { Occasion } from './occasion.ts';

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
  const found = await looks(deps, tx, concerned);
  if (found.length === 0) return [];
  const { calendar } = deps.catalog.business;
  const restarts = found.flatMap(({ occasion: { type, envelope }, template, place }) =>
    restartsOf(template, { type, at: new Date(envelope.time) }, place, calendar),
  );
  await restartTimers(tx, restarts);

  const judge = await judging(tx, now, found);
  const judged = found.flatMap((look) =>
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
  const [look] = (await looks(deps, tx, [occasion])).filter((each) => each.template.key === template.key);
  if (!rule || !look) return [];
  const seen = (await judging(tx, now, [look]))(look, rule);
  if (!seen.fired) return [seen];
  const fired = { occasion, template: look.template, rule, place: look.place };
  const obstacle = (await carryOut(deps, tx, now, [fired])).get(fired);
  return [obstacle ? { ...seen, fired: false, obstacle } : seen];
}

/** Which templates look at which event, and where. */
async function looks(deps: HandlerDeps, tx: Tx, occasions: readonly Occasion[]): Promise<readonly Look[]> {
  const { templates } = deps;
  const cases = await casesByIds(tx, [...new Set(occasions.flatMap(({ caseId }) => (caseId ? [caseId] : [])))]);
  const templateOf = await templates.ofCases(tx, [...cases.values()]);
  const candidates = occasions.flatMap((occasion) => {
    const item = occasion.caseId ? cases.get(occasion.caseId) : undefined;
    const template = item && templateOf(item);
    const own = item && template && concerns(template, occasion.type) ? { template, item } : undefined;
    const ofCompanies = templates.ofCompanies(occasion.type);
    return own || ofCompanies.length > 0 ? [{ occasion, own, ofCompanies }] : [];
  });
  const orgs = await knownOrgs(tx, [...new Set(candidates.map(({ occasion }) => occasion.orgId))]);
  return candidates.flatMap(({ occasion, own, ofCompanies }) => {
    const org = orgs.get(occasion.orgId);
    return org ? looksAt(occasion, org, own, ofCompanies).map((look) => ({ occasion, ...look })) : [];
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
  return ({ occasion, template, place }: Look, rule: TemplateRule): Evaluation => {
    const { envelope } = occasion;
    const { orgId } = place.org;
    return judgeRule(template, rule, { ...occasion, eventId: envelope.id, depth: envelope.depth }, place, {
      openCases: openOf.get(orgId) ?? [],
      nextSteps: steps.get(orgId),
      callsInRow: calls.get(envelope.aggregateId),
    });
  };
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
  const before = await firedBeforeAt(tx, fired.map(named), RULE_BUDGET);
  const spent = new Map<string, number>();
  const within = fired.filter((each) => {
    const name = named(each);
    const key = `${name.placeId} ${name.template}`;
    const times = spent.get(key) ?? before(name);
    spent.set(key, times + 1);
    return times < RULE_BUDGET;
  });
  const beyond = fired.filter((each) => !within.includes(each)).map((each) => [each, 'BUDGET_SPENT' as const] as const);
  return new Map([...beyond, ...(await carryOutRules(deps, tx, now, within))]);
}

function timerOf(
  { catalog }: HandlerDeps,
  { occasion, template, rule, place }: { occasion: Occasion; template: Template; rule: TemplateRule; place: Place },
): Timer {
  const { envelope, type, fields } = occasion;
  const { org_name: _name, ...codes } = fields;
  return {
    ...waitingOf(template, rule, place, new Date(envelope.time), catalog.business.calendar),
    templateVersion: template.version,
    orgId: place.org.orgId,
    caseId: place.item?.caseId,
    eventId: envelope.id,
    eventType: type,
    eventTime: new Date(envelope.time),
    fields: codes,
    correlationId: envelope.correlationId,
    depth: envelope.depth,
    actor: envelope.actor,
  };
}
