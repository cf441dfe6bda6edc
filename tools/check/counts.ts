/** How much of a check was right. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What vitest's JSON reporter writes, as far as it counts. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** A check without parts of its own counts as one. */
export function countOne(ok: boolean): Counts {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/**
 * Counts the tests of a run. A file that failed before its first test counts as one failure, and so does a run that
 * failed although all its tests passed (an error outside of the tests) or that wrote no report.
 */
export function countTests(report: VitestReport | undefined, ok: boolean): Counts {
  const files = report?.testResults ?? [];
  const statuses = files.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const passed = statuses.filter((status) => status === 'passed').length;
  const failedTests = statuses.filter((status) => status === 'failed').length;
  const failedFiles = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  ).length;
  const failed = failedTests + failedFiles;
  return { passed, failed: failed === 0 && !ok ? 1 : failed, skipped: statuses.length - passed - failedTests };
}

export function sum(counts: readonly Counts[]): Counts {
  const total = (part: keyof Counts) => counts.reduce((before, count) => before + count[part], 0);
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped') };
}
