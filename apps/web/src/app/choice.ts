/** The row of a list that keys act upon, and where it was when it was chosen. */
export interface Choice {
  readonly id: string;
  readonly index: number;
}

/** The chosen row of a list. When it has left, none is: a key must not act upon a row that nobody chose. */
export function chosenOf<T>(rows: readonly T[], idOf: (row: T) => string, choice: Choice | undefined): T | undefined {
  return rows.find((row) => idOf(row) === choice?.id);
}

/** The choice so many rows further down, within the list; from where it was, when it has left. */
export function neighbour<T>(rows: readonly T[], idOf: (row: T) => string, choice: Choice | undefined, by: number): Choice | undefined {
  const found = rows.findIndex((row) => idOf(row) === choice?.id);
  const from = found >= 0 ? found : Math.min(choice?.index ?? -1, rows.length - 1);
  const index = Math.max(0, Math.min(rows.length - 1, from + by));
  const row = rows[index];
  return row && { id: idOf(row), index };
}

/** What is chosen after one has been done: the next one, else the one before. */
export function afterDone<T>(rows: readonly T[], idOf: (row: T) => string, done: T): Choice | undefined {
  const index = rows.findIndex((row) => idOf(row) === idOf(done));
  const next = rows[index + 1] ?? rows[index - 1];
  return next && { id: idOf(next), index: Math.min(index, rows.length - 2) };
}
