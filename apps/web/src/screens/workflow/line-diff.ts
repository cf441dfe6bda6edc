export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  /** Its number in the newer text; none for what is not there any more. */
  readonly line: number | undefined;
}

/** The newer text line by line, with what the older had in its place: the longest common subsequence. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const old = before.split('\n');
  const now = after.split('\n');
  const common = lengthsOfCommon(old, now);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const [was, is] = [old[i], now[j]];
    if (was !== undefined && was === is) {
      lines.push({ kind: 'same', text: was, line: ++j });
      i++;
    } else if (was !== undefined && (is === undefined || (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      lines.push({ kind: 'removed', text: was, line: undefined });
      i++;
    } else if (is !== undefined) {
      lines.push({ kind: 'added', text: is, line: ++j });
    }
  }
  return lines;
}

/** [i][j]: how many lines the rests from there on have in common. Templates are some hundred lines: squared is fine. */
function lengthsOfCommon(old: readonly string[], now: readonly string[]): readonly (readonly number[])[] {
  const table: number[][] = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const row = table[i];
      if (!row) continue;
      row[j] = old[i] === now[j] ? (table[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(table[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}

/** Where each difference begins, as an index into the lines. */
export function differencesIn(lines: readonly DiffLine[]): readonly number[] {
  return lines.flatMap(({ kind }, index) => (kind !== 'same' && (lines[index - 1]?.kind ?? 'same') === 'same' ? [index] : []));
}

/** The next or previous of ascending places seen from here, going round at the ends. */
export function stepFrom(places: readonly number[], here: number, by: 1 | -1): number | undefined {
  if (by === 1) return places.find((place) => place > here) ?? places[0];
  return places.findLast((place) => place < here) ?? places.at(-1);
}
