import type { StageChange } from './stage.ts';

/** What moves add to the journey of one company; `begunAt` when they begin it anew. */
export interface JourneyStep {
  readonly orgId: string;
  readonly begunAt: Date | null;
  readonly visited: readonly string[];
  readonly currentStage: string;
}

/** Moves in their order, folded by company. Creation begins a journey, and so does entering the first stage again. */
export function journeySteps(changes: readonly StageChange[], firstStage: string): readonly JourneyStep[] {
  const steps = new Map<string, JourneyStep>();
  for (const { orgId, fromStage, toStage, at } of changes) {
    const begins = fromStage === null || toStage === firstStage;
    const before = begins ? undefined : steps.get(orgId);
    const visited = [...new Set([...(before?.visited ?? []), toStage])].sort();
    steps.set(orgId, { orgId, begunAt: begins ? at : (before?.begunAt ?? null), visited, currentStage: toStage });
  }
  return [...steps.values()];
}

/** How many companies went through the same stages and are in the same one. */
export interface JourneyCount {
  readonly visited: readonly string[];
  readonly currentStage: string;
  readonly companies: number;
}

/** One stage of the funnel; entered = onward + here + back + all dropped. */
export interface FunnelStage {
  readonly stage: string;
  readonly entered: number;
  readonly onward: number;
  readonly here: number;
  readonly back: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * The funnel along `path`, the main stages in their order. A company counts from the first of them that it was in to the
 * farthest, also in those between that it passed over; one that was in none does not count.
 */
export function funnelOf(path: readonly string[], counts: readonly JourneyCount[]): readonly FunnelStage[] {
  const journeys = counts.flatMap(({ visited, currentStage, companies }) => {
    const places = path.flatMap((stage, place) => (visited.includes(stage) ? [place] : []));
    const [start, farthest] = [places[0], places.at(-1)];
    return start === undefined || farthest === undefined ? [] : [{ start, farthest, currentStage, companies }];
  });
  return path.map((stage, place) => {
    const passing = journeys.filter(({ start, farthest }) => start <= place && place <= farthest);
    const ended = passing.filter(({ farthest }) => farthest === place);
    const dropped = new Map<string, number>();
    for (const { currentStage, companies } of ended) {
      if (!path.includes(currentStage)) dropped.set(currentStage, (dropped.get(currentStage) ?? 0) + companies);
    }
    const here = ended.filter(({ currentStage }) => currentStage === stage);
    const back = ended.filter(({ currentStage }) => currentStage !== stage && path.includes(currentStage));
    return {
      stage,
      entered: sum(passing),
      onward: sum(passing) - sum(ended),
      here: sum(here),
      back: sum(back),
      dropped: Object.fromEntries(dropped),
    };
  });
}

function sum(counts: readonly { readonly companies: number }[]): number {
  return counts.reduce((total, { companies }) => total + companies, 0);
}
