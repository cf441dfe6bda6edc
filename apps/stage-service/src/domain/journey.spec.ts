import { describe, expect, it } from 'vitest';
import { funnelOf, journeySteps } from './journey.ts';
import type { StageChange } from './stage.ts';

const PATH = ['UNVERIFIED', 'QUALIFYING', 'QUALIFIED_LEAD', 'SALES_ACCEPTED', 'CUSTOMER'];

function change(orgId: string, fromStage: string | null, toStage: string, hour = 8): StageChange {
  return { orgId, fromStage, toStage, at: new Date(Date.UTC(2026, 2, 2, hour)) } as StageChange;
}

describe('a journey', () => {
  it('begins with the creation, whatever the first stage is', () => {
    expect(journeySteps([change('a', null, 'CUSTOMER')], 'UNVERIFIED')).toEqual([
      { orgId: 'a', begunAt: new Date('2026-03-02T08:00:00.000Z'), visited: ['CUSTOMER'], currentStage: 'CUSTOMER' },
    ]);
  });

  it('begins anew when the company enters the first stage again, and forgets where it had been', () => {
    const changes = [change('a', 'QUALIFYING', 'ARCHIVED'), change('a', 'ARCHIVED', 'UNVERIFIED', 9), change('a', 'UNVERIFIED', 'QUALIFYING', 10)];
    expect(journeySteps(changes, 'UNVERIFIED')).toEqual([
      { orgId: 'a', begunAt: new Date('2026-03-02T09:00:00.000Z'), visited: ['QUALIFYING', 'UNVERIFIED'], currentStage: 'QUALIFYING' },
    ]);
  });

  it('goes on with every other move, of each company by itself', () => {
    const changes = [change('a', 'QUALIFYING', 'DORMANT'), change('b', 'UNVERIFIED', 'QUALIFYING'), change('a', 'DORMANT', 'QUALIFYING')];
    expect(journeySteps(changes, 'UNVERIFIED')).toEqual([
      { orgId: 'a', begunAt: null, visited: ['DORMANT', 'QUALIFYING'], currentStage: 'QUALIFYING' },
      { orgId: 'b', begunAt: null, visited: ['QUALIFYING'], currentStage: 'QUALIFYING' },
    ]);
  });
});

describe('the funnel', () => {
  const count = (visited: string[], currentStage: string, companies = 1) => ({ visited, currentStage, companies });

  it('tells of each stage who got beyond it, is there, went back, or dropped out and whereto', () => {
    const funnel = funnelOf(PATH, [
      count(['UNVERIFIED'], 'UNVERIFIED', 2),
      count(['QUALIFYING', 'UNVERIFIED'], 'QUALIFYING', 4),
      count(['DORMANT', 'QUALIFYING', 'UNVERIFIED'], 'DORMANT', 3),
      count(['DISQUALIFIED', 'QUALIFYING', 'UNVERIFIED'], 'DISQUALIFIED', 5),
      count(['QUALIFIED_LEAD', 'QUALIFYING', 'UNVERIFIED'], 'QUALIFYING', 7),
      count(['CUSTOMER', 'QUALIFIED_LEAD', 'QUALIFYING', 'SALES_ACCEPTED', 'UNVERIFIED'], 'CUSTOMER', 1),
    ]);
    expect(funnel.slice(0, 4)).toEqual([
      { stage: 'UNVERIFIED', entered: 22, onward: 20, here: 2, back: 0, dropped: {} },
      { stage: 'QUALIFYING', entered: 20, onward: 8, here: 4, back: 0, dropped: { DORMANT: 3, DISQUALIFIED: 5 } },
      { stage: 'QUALIFIED_LEAD', entered: 8, onward: 1, here: 0, back: 7, dropped: {} },
      { stage: 'SALES_ACCEPTED', entered: 1, onward: 1, here: 0, back: 0, dropped: {} },
    ]);
    for (const { entered, onward, here, back, dropped } of funnel) {
      expect(onward + here + back + Object.values(dropped).reduce((sum, n) => sum + n, 0)).toBe(entered);
    }
  });

  it('counts a company from where it began, in stages it passed over too, and not at all outside of the path', () => {
    const funnel = funnelOf(PATH, [count(['CUSTOMER', 'QUALIFIED_LEAD'], 'CUSTOMER'), count(['DORMANT'], 'DORMANT')]);
    expect(funnel.map(({ entered }) => entered)).toEqual([0, 0, 1, 1, 1]);
  });
});
