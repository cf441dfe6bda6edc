import { describe, expect, it } from 'vitest';
import { countOne, countTests, sum } from './counts.ts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

describe('what the check counts', () => {
  it('counts every test of every file', () => {
    const report = { testResults: [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'passed', 'failed')] };
    expect(countTests(report, false)).toEqual({ passed: 3, failed: 1, skipped: 1 });
  });

  it('counts a file that could not be loaded as one failure', () => {
    expect(countTests({ testResults: [file('failed'), file('passed', 'passed')] }, false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  it('counts a failed hook, which fails the file and none of its tests', () => {
    expect(countTests({ testResults: [file('failed', 'passed', 'skipped')] }, false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 1,
    });
  });

  it('never lets a failed run pass, whatever its report says', () => {
    expect(countTests({ testResults: [file('passed', 'passed')] }, false).failed).toBe(1);
    expect(countTests(undefined, false).failed).toBe(1);
  });

  it('adds up', () => {
    expect(sum([countOne(true), countOne(false), { passed: 5, failed: 2, skipped: 1 }])).toEqual({
      passed: 6,
      failed: 3,
      skipped: 1,
    });
  });
});
