import { randomInt } from 'node:crypto';

/** The seed of a run: TOM_SEED repeats one, else it is drawn; printed either way. */
export function seedOfRun(): number {
  const seed = Number(process.env['TOM_SEED'] ?? randomInt(1, 1_000_000));
  console.log(`TOM_SEED=${seed}`);
  return seed;
}

/** A small generator with a seed (mulberry32), so that a run can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
