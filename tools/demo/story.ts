const PATIENCE_MS = 10_000;
const STEP_MS = 50;

/** The heading of a step. */
export function scene(title: string): void {
  console.log(`\n${title}`);
}

/** One line of the story. */
export function say(line: string): void {
  console.log(`  ${line}`);
}

/** Throws unless the condition holds. */
export function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(`expected ${what}`);
}

/** Asks again until there is an answer; throws after 10 s, naming what was waited for. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  throw new Error(`${what} did not come within ${PATIENCE_MS / 1000} s`);
}
