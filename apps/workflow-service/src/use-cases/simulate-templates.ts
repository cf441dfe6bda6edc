import { CatalogError, type Catalog, type Problem, type Template } from '@tom/catalog';
import { DomainError, type Violation } from '@tom/kernel';
import { changeRules, createSimulation, type Rulebook, type SimulationResult } from '@tom/workflow';
import { knownOrgs } from '../adapters/org-projection.ts';
import { countObserved, observedHistories } from '../adapters/observed-history.ts';
import type { Deps } from '../deps.ts';

/** A template and a table of stages as YAML, in the place of what is in force. */
export interface ChangedRules {
  readonly template?: string | undefined;
  readonly stages?: string | undefined;
}

export interface SimulationRequest {
  readonly changed: Rulebook;
  readonly since?: Date | undefined;
  readonly orgIds: readonly string[];
  readonly examples: number;
}

export interface Progress {
  readonly events: number;
  readonly total: number;
  readonly orgs: number;
}

export type SimulationStep = { readonly progress: Progress } | { readonly result: SimulationResult & { readonly names: ReadonlyMap<string, string> } };

/** So long this process may be deaf to everybody else. */
const BREATHE_MS = 20;
const TELL_MS = 250;

/**
 * What would have come of what happened with a template or a table of stages changed: each company played twice in memory,
 * nothing written. Progress now and then, the result last. Ends when nobody goes on iterating.
 */
export async function* simulateTemplates(deps: Deps, request: SimulationRequest, signal?: AbortSignal): AsyncGenerator<SimulationStep> {
  const { database, clock, catalog, templates } = deps;
  const question = { before: { templates: templates.current, catalog }, after: request.changed, since: request.since, until: clock.now() };
  const total = await countObserved(database, request.orgIds);
  const simulation = createSimulation(question, request.examples);
  const steps = handOver<Progress>();
  // A generator cannot yield from within the transaction's callback: what it has to tell is handed out of it.
  const reading = database
    .transaction(async (tx) => {
      let breathed = performance.now();
      let told = breathed;
      for await (const { orgId, events } of observedHistories(tx, request.orgIds)) {
        if (steps.over() || signal?.aborted) return;
        simulation.company(orgId, events);
        const now = performance.now();
        if (now - breathed < BREATHE_MS) continue;
        if (now - told > TELL_MS) {
          told = now;
          await steps.give({ ...simulation.progress(), total });
        }
        await new Promise((resolve) => setImmediate(resolve));
        breathed = performance.now();
      }
    })
    .finally(() => steps.end());
  // Awaited at the end; until then its failure is nobody's.
  reading.catch(() => undefined);
  try {
    yield { progress: { events: 0, orgs: 0, total } };
    for await (const progress of steps.taken()) yield { progress };
  } finally {
    steps.leave();
    await reading;
  }
  if (signal?.aborted) return;
  const result = simulation.result();
  const orgs = await knownOrgs(database, result.differences.map(({ orgId }) => orgId));
  const names = new Map([...orgs].flatMap(([orgId, { name }]) => (name === undefined ? [] : [[orgId, name] as const])));
  yield { result: { ...result, names } };
}

/** One thing at a time from whoever gives to whoever takes; the giver waits until it was taken. */
function handOver<T>() {
  let waiting: { readonly what: T; readonly taken: () => void } | undefined;
  let wake: (() => void) | undefined;
  let ended = false;
  let left = false;
  return {
    over: () => left,
    give: (what: T): Promise<void> => {
      if (left) return Promise.resolve();
      return new Promise((resolve) => {
        waiting = { what, taken: resolve };
        wake?.();
      });
    },
    end: (): void => {
      ended = true;
      wake?.();
    },
    leave: (): void => {
      left = true;
      waiting?.taken();
    },
    async *taken(): AsyncGenerator<T> {
      for (;;) {
        const next = waiting;
        waiting = undefined;
        if (next) {
          yield next.what;
          next.taken();
        } else if (ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

/** What is in force with the changes; throws INVALID with every problem in them, those that they make for the rest included. */
export function changedRulebook(
  { catalog, templates }: { readonly catalog: Catalog; readonly templates: { readonly current: readonly Template[] } },
  { stages, template }: ChangedRules,
): Rulebook {
  const named = (path: string, text: string | undefined) => (text === undefined ? undefined : { path, text });
  try {
    return changeRules(templates.current, catalog, { template: named('template', template), stages: named('stages', stages) });
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    const changedOnly = template === undefined ? 'stages' : 'template';
    throw DomainError.invalid(error.problems.map((problem) => violationOf(problem, changedOnly)));
  }
}

/** What a change makes wrong about a template in force is told of the change, and names the template. */
function violationOf({ file, path, line, column, message, expected }: Problem, otherwise: string): Violation {
  const isChanged = file === 'template' || file === 'stages';
  const of = isChanged ? file : otherwise;
  const place = `line ${line}, column ${column}: ${message}`;
  return { path: path === '' ? of : `${of}.${path}`, message: isChanged ? place : `${file}, ${place}`, expected };
}
