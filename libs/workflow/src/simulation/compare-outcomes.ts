import type { Because } from '../playback/run.ts';
import type { Item, Outcome } from './simulate-company.ts';

/** What is different about a company, each side with what only it has. */
export interface CompanyDifference {
  readonly because: Because;
  readonly before: Side;
  readonly after: Side;
  /** How many things differ. */
  readonly size: number;
}

export interface Side {
  readonly stage: string;
  /** With what rules did to them: notes, escalations. */
  readonly cases: readonly Item['shown'][];
  readonly tasks: readonly Item['shown'][];
  readonly transitions: readonly Item['shown'][];
}

/** Of a company whose outcomes differ a lot, so many of each kind are shown. */
const MOST_SHOWN = 20;

/** Undefined: nothing is different. `because` is the earliest event after which something is. */
export function compareOutcomes(before: Outcome, after: Outcome): CompanyDifference | undefined {
  const [gone, come] = onlyIn(before.items, after.items);
  const first = [...gone, ...come].reduce<Item | undefined>(
    (earliest, item) => (earliest && earliest.because.at <= item.because.at ? earliest : item),
    undefined,
  );
  if (!first) return undefined;
  return {
    because: first.because,
    before: sideOf(before.stage, gone),
    after: sideOf(after.stage, come),
    size: gone.length + come.length,
  };
}

/** The items of each that the other lacks, equal ones paired off. */
function onlyIn(before: readonly Item[], after: readonly Item[]): readonly [readonly Item[], readonly Item[]] {
  const left = new Map<string, Item[]>();
  for (const item of before) {
    const key = keyOf(item);
    const same = left.get(key);
    if (same) same.push(item);
    else left.set(key, [item]);
  }
  const come = after.filter((item) => left.get(keyOf(item))?.shift() === undefined);
  return [[...left.values()].flat(), come];
}

function keyOf({ kind, shown }: Item): string {
  return `${kind} ${JSON.stringify(shown)}`;
}

function sideOf(stage: string, items: readonly Item[]): Side {
  const of = (...kinds: readonly Item['kind'][]) => {
    return items.filter(({ kind }) => kinds.includes(kind)).slice(0, MOST_SHOWN).map(({ shown }) => shown);
  };
  return { stage, cases: of('case', 'deed'), tasks: of('task'), transitions: of('transition') };
}
