const SECOND_MS = 1_000;

/**
 * For what a fault makes many say at once: answers, for the first who says it within a second, how many others were left
 * out before; undefined for those others. An outage is told in a few lines, however many calls meet it.
 */
export function sparingly(clock: () => number = () => performance.now()): (what: string) => { readonly leftOut: number } | undefined {
  const said = new Map<string, { at: number; leftOut: number }>();
  return (what) => {
    const now = clock();
    const last = said.get(what);
    if (last && now - last.at < SECOND_MS) {
      last.leftOut += 1;
      return undefined;
    }
    said.set(what, { at: now, leftOut: 0 });
    return { leftOut: last?.leftOut ?? 0 };
  };
}
