import { compareOutcomes, type CompanyDifference } from './compare-outcomes.ts';
import type { ObservedEvent } from './observed.ts';
import { simulateCompany, type Item, type Outcome, type Question } from './simulate-company.ts';

export interface Totals {
  readonly cases: number;
  readonly tasks: number;
  /** Moves that were made, whoever asked for them. */
  readonly transitions: number;
}

export interface SimulationResult {
  readonly events: number;
  readonly orgs: number;
  /** Companies for which something is different. */
  readonly changedOrgs: number;
  readonly totals: { readonly before: Totals; readonly after: Totals };
  /** Those that differ most, first. */
  readonly differences: readonly (CompanyDifference & { readonly orgId: string })[];
}

/** Adds up what companies come to, one after the other; of those that differ the `examples` worst are kept. */
export function createSimulation(question: Question, examples: number) {
  let events = 0;
  let orgs = 0;
  let changedOrgs = 0;
  const totals = { before: { cases: 0, tasks: 0, transitions: 0 }, after: { cases: 0, tasks: 0, transitions: 0 } };
  const shared = withMemory(question);
  let worst: (CompanyDifference & { readonly orgId: string })[] = [];

  function add(to: { cases: number; tasks: number; transitions: number }, { items, moves }: Outcome): void {
    const count = (kind: Item['kind']): number => items.filter((item) => item.kind === kind).length;
    to.cases += count('case');
    to.tasks += count('task');
    to.transitions += moves;
  }

  return {
    company(orgId: string, history: readonly ObservedEvent[]): void {
      const { before, after } = simulateCompany(orgId, history, shared);
      events += history.length;
      orgs += 1;
      add(totals.before, before);
      add(totals.after, after);
      const difference = compareOutcomes(before, after);
      if (!difference) return;
      changedOrgs += 1;
      worst.push({ ...difference, orgId });
      // Sorted now and then, so that it costs little and never grows far beyond what is kept.
      if (worst.length > examples * 2 + 100) worst = sorted(worst).slice(0, examples);
    },
    progress: () => ({ events, orgs }),
    result: (): SimulationResult => ({ events, orgs, changedOrgs, totals, differences: sorted(worst).slice(0, examples) }),
  };
}

function sorted(of: readonly (CompanyDifference & { readonly orgId: string })[]) {
  return of.toSorted((a, b) => b.size - a.size || (a.orgId < b.orgId ? -1 : 1));
}

const QUARTER_MS = 900_000;

/**
 * The same question with a calendar that remembers: a due date costs 35 µs, and companies ask for the same few again and
 * again. Every time zone changes its day on a quarter of an hour.
 */
function withMemory(question: Question): Question {
  const { calendar } = question.before.catalog.business;
  const due = new Map<string, Date>();
  const days = new Map<number, Date>();
  const remembered = {
    ...calendar,
    dueInWorkingDays: (from: Date, ahead: number): Date => {
      const key = `${Math.floor(from.getTime() / QUARTER_MS)} ${ahead}`;
      const known = due.get(key) ?? calendar.dueInWorkingDays(from, ahead);
      due.set(key, known);
      return known;
    },
    startOfDay: (at: Date): Date => {
      const key = Math.floor(at.getTime() / QUARTER_MS);
      const known = days.get(key) ?? calendar.startOfDay(at);
      days.set(key, known);
      return known;
    },
  };
  const remembering = ({ templates, catalog }: Question['before']): Question['before'] => {
    return { templates, catalog: { ...catalog, business: { ...catalog.business, calendar: remembered } } };
  };
  return { ...question, before: remembering(question.before), after: remembering(question.after) };
}
