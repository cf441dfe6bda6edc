import { describe, expect, it } from 'vitest';
import type { StageExplanation } from '../../api/index.ts';
import { mainNextOf, secondsIn, sideStagesOf, stepsOf } from './path-steps.ts';

const label = { de: '', en: '' };
const stages = [
  { stage: 'UNVERIFIED', label, status: 'lead', mainNext: 'QUALIFYING', side: false },
  { stage: 'QUALIFYING', label, status: 'lead', mainNext: 'QUALIFIED_LEAD', side: false },
  { stage: 'QUALIFIED_LEAD', label, status: 'prospect', mainNext: 'SALES_ACCEPTED', side: false },
  { stage: 'SALES_ACCEPTED', label, status: 'prospect', mainNext: 'CUSTOMER', side: false },
  { stage: 'CUSTOMER', label, status: 'customer', side: false },
  { stage: 'DORMANT', label, status: 'inactive', side: true },
  { stage: 'ARCHIVED', label, status: 'inactive', side: true },
];
const now = new Date('2026-11-26T09:00:00.000Z');
const words = { label: (stage: string) => stage, span: (seconds: number) => `${seconds} s`, open: (count: number) => `${count} open`, ready: 'ready' };
const rule = { rule: 'R', met: false, message: label };
const transition = (to: string, unmet = 0) => ({ to, allowed: unmet === 0, needsReason: false, reasonCodes: [], rules: [], unmet: Array.from({ length: unmet }, () => rule) });
const visit = (stage: string, seconds: number) => ({ stage, enteredAt: '2026-11-20T09:00:00.000Z', seconds });
const explained = (currentStage: string, path: StageExplanation['path'], transitions: StageExplanation['transitions']): StageExplanation => ({
  currentStage,
  since: '2026-11-26T08:00:00.000Z',
  path,
  transitions,
});
const drawn = (explanation: StageExplanation) => stepsOf(explanation, stages, now, words).map(({ state, note }) => [state, note].filter(Boolean).join(' '));

describe('the path of a company', () => {
  it('shows what was, what is, and what the next stage still takes', () => {
    expect(drawn(explained('QUALIFYING', [visit('UNVERIFIED', 30), visit('QUALIFYING', 3_600)], [transition('QUALIFIED_LEAD', 1), transition('DORMANT')]))).toEqual([
      'done 30 s',
      'now 3600 s',
      'open 1 open',
      'ahead',
      'ahead',
    ]);
  });

  it('says that the next stage is ready', () => {
    expect(drawn(explained('SALES_ACCEPTED', [visit('SALES_ACCEPTED', 3_600)], [transition('CUSTOMER')])).at(-1)).toBe('ready ready');
  });

  it('leaves out the ticks of stages that were passed over', () => {
    expect(drawn(explained('QUALIFIED_LEAD', [visit('QUALIFIED_LEAD', 3_600)], []))).toEqual(['ahead', 'ahead', 'now 3600 s', 'ahead', 'ahead']);
  });

  it('keeps what was reached in sight while the company is beside the way', () => {
    const dormant = explained('DORMANT', [visit('UNVERIFIED', 5), visit('CUSTOMER', 60), visit('DORMANT', 3_600)], [transition('QUALIFYING', 1), transition('CUSTOMER')]);
    expect(drawn(dormant)).toEqual(['done', 'open 1 open', 'ahead', 'ahead', 'ready ready']);
    expect(sideStagesOf(dormant, stages).map(({ stage, now: current, transition: way }) => [stage, current, way !== undefined])).toEqual([
      ['DORMANT', true, false],
      ['ARCHIVED', false, false],
    ]);
  });

  it('adds up what several stays took, and counts the present one from its beginning', () => {
    const twice = explained('QUALIFYING', [visit('QUALIFYING', 100), visit('QUALIFIED_LEAD', 7), visit('QUALIFYING', 3_600), visit('QUALIFIED_LEAD', 3)], []);
    expect(secondsIn(twice, 'QUALIFIED_LEAD', now)).toBe(10);
    expect(secondsIn(twice, 'QUALIFYING', now)).toBe(3_600);
  });

  it('knows which stage comes next', () => {
    expect(mainNextOf(explained('QUALIFYING', [], [transition('DORMANT'), transition('QUALIFIED_LEAD', 2)]), stages)?.to).toBe('QUALIFIED_LEAD');
    expect(mainNextOf(explained('CUSTOMER', [], [transition('DORMANT')]), stages)).toBeUndefined();
  });
});
