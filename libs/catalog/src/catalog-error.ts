/** One thing wrong with a file: where (1-based), what, and what was expected instead. `path` as in `tasks[0].queue`. */
export interface Problem {
  readonly file: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly expected: string;
  /** Only suspected: it keeps nothing from being used. Absent: it is so. */
  readonly severity?: 'warning';
}

/** Files that people edit and that cannot be used: every problem at once, one `file:line:column` a line. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

function describeProblem(problem: Problem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message} (expected ${problem.expected})`;
}
