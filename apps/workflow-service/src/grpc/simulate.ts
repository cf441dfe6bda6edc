import { require } from '@tom/catalog';
import { DomainError } from '@tom/kernel';
import type {
  SimulateTemplatesResponse,
  SimulationDifference,
  SimulationResult,
  WorkflowServiceService,
} from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { Handlers } from '@tom/runtime';
import type { Side, SimulationResult as Simulated } from '@tom/workflow';
import { knownOrgs } from '../adapters/org-projection.ts';
import type { Deps } from '../deps.ts';
import { changedRulebook, simulateTemplates, type SimulationStep } from '../use-cases/simulate-templates.ts';
import { checks } from './validate.ts';

type SimulateRpcs = Pick<Handlers<typeof WorkflowServiceService>, 'simulateTemplates'>;

/** Each takes a connection and a good part of a core for as long as it runs. */
const AT_ONCE = 2;
const MAX_ORGS = 200;
const EXAMPLES = 50;
const MAX_EXAMPLES = 500;
const RETRY_AFTER_SECONDS = 10;

/** What would be different, asked with templates that are not in force. */
export function simulateRpcs(deps: Deps): SimulateRpcs {
  let running = 0;
  return {
    async *simulateTemplates({ template, stages, since, orgIds, examples }, call) {
      const check = checks();
      check.instant('since', since);
      if (since !== undefined && new Date(since) > deps.clock.now()) check.fail('since', 'lies in the future', 'an instant in the past');
      if (orgIds.length > MAX_ORGS) check.fail('orgIds', 'has too many entries', `at most ${MAX_ORGS}`);
      orgIds.forEach((orgId, index) => check.id(`orgIds[${index}]`, orgId));
      if (examples < 0 || examples > MAX_EXAMPLES) check.fail('examples', 'is out of range', `1 to ${MAX_EXAMPLES}`);
      check.done();
      const changed = changedRulebook(deps, { template, stages });
      require(deps.catalog.roles, call.caller.roles, 'simulate');
      await mustExist(orgIds);
      if (running >= AT_ONCE) {
        throw new DomainError('TOO_MANY_REQUESTS', `${AT_ONCE} simulations run already; try again when one has ended.`, {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      }
      running += 1;
      try {
        const from = since === undefined ? undefined : new Date(since);
        const request = { changed, since: from, orgIds, examples: examples === 0 ? EXAMPLES : examples };
        for await (const step of simulateTemplates(deps, request, call.signal)) yield responseOf(step);
      } finally {
        running -= 1;
      }
    },
  };

  async function mustExist(orgIds: readonly string[]): Promise<void> {
    const known = await knownOrgs(deps.database, orgIds);
    const check = checks();
    orgIds.forEach((orgId, index) => {
      if (!known.has(orgId.toLowerCase())) check.fail(`orgIds[${index}]`, 'does not exist', 'the id of a company');
    });
    check.done();
  }
}

function responseOf(step: SimulationStep): SimulateTemplatesResponse {
  if ('progress' in step) return { progress: step.progress, result: undefined };
  return { progress: undefined, result: resultOf(step.result) };
}

function resultOf({ events, orgs, changedOrgs, totals, differences, names }: Simulated & { readonly names: ReadonlyMap<string, string> }): SimulationResult {
  const count = (of: 'cases' | 'tasks' | 'transitions') => ({ before: totals.before[of], after: totals.after[of] });
  return {
    events,
    orgs,
    changedOrgs,
    totals: { cases: count('cases'), tasks: count('tasks'), transitions: count('transitions') },
    differences: differences.map((difference) => differenceOf(difference, names.get(difference.orgId))),
  };
}

function differenceOf({ orgId, because, before, after }: Simulated['differences'][number], name: string | undefined): SimulationDifference {
  const { eventId, event, at, by } = because;
  const day = at.toISOString();
  const rule = by && `${by.template}.${by.rule}`;
  return {
    orgId,
    name,
    because: {
      eventId,
      event,
      at: day,
      template: by?.template,
      version: by?.version,
      rule: by?.rule,
      text: {
        de: rule ? `Ab ${event} am ${day}, durch die Regel ${rule}.` : `Ab ${event} am ${day}.`,
        en: rule ? `From ${event} at ${day} on, by the rule ${rule}.` : `From ${event} at ${day} on.`,
      },
    },
    before: sideOf(before),
    after: sideOf(after),
  };
}

/** Copies: what goes on the wire is mutable. */
function sideOf({ stage, cases, tasks, transitions }: Side) {
  const plain = (of: Side['cases']) => of.map((shown) => JSON.parse(JSON.stringify(shown)) as Record<string, unknown>);
  return { stage, cases: plain(cases), tasks: plain(tasks), transitions: plain(transitions) };
}
