import type { EventTypeName } from '@tom/catalog';
import type { BatchItem, Envelope } from '@tom/messaging';
import type { Facts } from '@tom/rules';
import type { Tx } from '@tom/postgres';
import {
  type CaseItem,
  type CaseTemplate,
  type Evaluation,
  factsAt,
  joinOpenCase,
  lookAtTrigger,
  openByTemplate,
  openingRules,
  type OpeningRules,
  type OrgFacts,
  START_RULE,
  startOrigin,
} from '@tom/workflow';
import { byTemplate, openingDrafts, transitionDraft } from '../adapters/case-messages.ts';
import { openCasesOfOrgs } from '../adapters/case-table.ts';
import { knownOrgs } from '../adapters/org-projection.ts';
import { storeOpenings } from '../adapters/store-openings.ts';
import type { HandlerDeps } from './deps.ts';

/** A template that an event starts. */
export interface Start {
  readonly envelope: Omit<Envelope, 'data'>;
  readonly emit: BatchItem<unknown>['emit'];
  readonly org: OrgFacts;
  readonly template: CaseTemplate;
}

/** Opens the cases of templates that events start, all in a few statements; joins those that are open already. */
export async function startTemplates(
  { catalog }: HandlerDeps,
  tx: Tx,
  now: Date,
  starts: readonly Start[],
): Promise<void> {
  if (starts.length === 0) return;
  const rules = openingRules(catalog, now);
  const planned = starts.flatMap((start) => {
    const opening = openByTemplate(rules, start.template, start.org, startOrigin(start.envelope.id, start.template, now));
    return opening ? [{ ...start, opening }] : [];
  });
  const stored = await storeOpenings(
    tx,
    planned.map((start) => start.opening),
  );
  const joining = planned.filter(({ opening }) => !stored.has(opening.item.caseId));
  const open =
    joining.length === 0
      ? []
      : await openCasesOfOrgs(
          tx,
          joining.map(({ org }) => org.orgId),
        );
  for (const { opening, ...start } of planned) {
    const opened = stored.get(opening.item.caseId);
    if (opened) start.emit(...openingDrafts(opened, byTemplate(start.template, START_RULE), start.template));
    else join(rules, start, opening.item, open);
  }
}

/** An event that triggers other than stage changes may look at. */
export interface OrgOccasion {
  readonly type: EventTypeName;
  readonly envelope: Envelope<unknown>;
  readonly emit: BatchItem<unknown>['emit'];
  readonly fields: Facts;
}

/** Lets the triggers on an event look at it, one after the other, and starts what fires. */
export async function runTriggers(
  deps: HandlerDeps,
  tx: Tx,
  now: Date,
  occasions: readonly OrgOccasion[],
): Promise<readonly Evaluation[]> {
  const evaluations: Evaluation[] = [];
  for (const { type, envelope, emit, fields } of occasions) {
    const templates = deps.templates.triggeredBy(type);
    if (templates.length === 0) continue;
    const org = (await knownOrgs(tx, [envelope.subject])).get(envelope.subject);
    if (!org) continue;
    const facts = factsAt({ type, fields }, org, await openCasesOfOrgs(tx, [org.orgId]));
    const seen = templates.map((template) => lookAtTrigger(template, envelope.id, org, facts, false));
    const firing = templates.filter((_, index) => seen[index]?.fired);
    await startTemplates(
      deps,
      tx,
      now,
      firing.map((template) => ({ envelope, emit, org, template })),
    );
    evaluations.push(...seen);
  }
  return evaluations;
}

/** The template joins the case that is open; only the stage may still be wanted. */
function join(rules: OpeningRules, start: Start, wanted: CaseItem, open: readonly CaseItem[]): void {
  const { envelope, emit, org, template } = start;
  const found = joinOpenCase(rules.stages, template, envelope.id, org, wanted, open);
  if (found) emit(transitionDraft(found.transition, found.joined, byTemplate(template, START_RULE)));
}
