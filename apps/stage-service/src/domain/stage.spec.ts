import { closedBy, outcomesOfOtherRows } from '@tom/workflow';
import { describe, expect, it } from 'vitest';
import type { Org } from './org.ts';
import { moveStage, reasonViolations, stageChanged, type KnownReason, type TransitionRow } from './stage.ts';

const reason = (code: string, more: Partial<KnownReason> = {}): KnownReason => ({ code, needsNote: false, namesOrg: false, ...more });
const known = new Map(
  [reason('NO_FIT'), reason('DUPLICATE', { namesOrg: true }), reason('OTHER', { needsNote: true }), reason('WON')].map(
    (item) => [item.code, item] as const,
  ),
);
const row = (more: Partial<TransitionRow> = {}): TransitionRow => ({
  from: 'QUALIFYING',
  to: 'DISQUALIFIED',
  needsReason: true,
  reasons: ['NO_FIT', 'DUPLICATE', 'OTHER'].map((code) => known.get(code)!),
  ...more,
});
const paths = (...given: Parameters<typeof reasonViolations>) => reasonViolations(...given).map(({ path }) => path);

describe('the reason of a move', () => {
  it('must be given where the row asks for one, and be one of the row', () => {
    expect(paths(row(), {}, known)).toEqual(['reasonCode']);
    expect(paths(row(), { reasonCode: 'WON' }, known)).toEqual(['reasonCode']);
    expect(paths(row(), { reasonCode: 'NO_FIT' }, known)).toEqual([]);
  });

  it('needs a note with OTHER', () => {
    expect(paths(row(), { reasonCode: 'OTHER' }, known)).toEqual(['reasonNote']);
    expect(paths(row(), { reasonCode: 'OTHER', reasonNote: 'why' }, known)).toEqual([]);
  });

  it('may name another company only where the reason does', () => {
    expect(paths(row(), { reasonCode: 'DUPLICATE', duplicateOfOrgId: 'x' }, known)).toEqual([]);
    expect(paths(row(), { reasonCode: 'NO_FIT', duplicateOfOrgId: 'x' }, known)).toEqual(['duplicateOfOrgId']);
    expect(paths(row({ needsReason: false }), { duplicateOfOrgId: 'x' }, known)).toEqual(['duplicateOfOrgId']);
  });

  it('is free where the row lists none, but never unknown', () => {
    const free = row({ needsReason: false, reasons: [] });
    expect(paths(free, {}, known)).toEqual([]);
    expect(paths(free, { reasonCode: 'NO_FIT' }, known)).toEqual([]);
    expect(paths(free, { reasonCode: 'NOPE' }, known)).toEqual(['reasonCode']);
  });
});

describe('the case that a move closes', () => {
  const lost = row({ from: 'SALES_ACCEPTED', defaultOutcome: 'LOST' });
  const rows = [row(), lost, row({ to: 'DORMANT' })];
  const workLead = {
    caseId: 'w',
    outcomes: [
      { outcome: 'WON', stage: 'CUSTOMER' },
      { outcome: 'LOST', stage: 'DISQUALIFIED' },
      { outcome: 'DISQUALIFIED', stage: 'DISQUALIFIED' },
    ],
  };
  const qualify = { caseId: 'q', outcomes: [{ outcome: 'DISQUALIFIED', stage: 'DISQUALIFIED' }] };

  it('is LOST from SALES_ACCEPTED, and not LOST from elsewhere', () => {
    expect(closedBy([workLead], lost, {}, outcomesOfOtherRows(rows, lost))).toEqual({ caseId: 'w', outcomeCode: 'LOST' });
    expect(closedBy([workLead], row(), {}, outcomesOfOtherRows(rows, row()))).toEqual({ caseId: 'w', outcomeCode: 'DISQUALIFIED' });
  });

  it('is the one asked for, with the outcome asked for', () => {
    expect(closedBy([workLead, qualify], lost, { caseId: 'q' }, new Set())).toEqual({ caseId: 'q', outcomeCode: 'DISQUALIFIED' });
    expect(closedBy([workLead], lost, { outcomeCode: 'DISQUALIFIED' }, new Set())).toEqual({ caseId: 'w', outcomeCode: 'DISQUALIFIED' });
    expect(closedBy([workLead], lost, { outcomeCode: 'WON' }, new Set())).toBeUndefined();
  });

  it('is none when no template leads there', () => {
    expect(closedBy([qualify], row({ to: 'DORMANT' }), {}, new Set())).toBeUndefined();
  });
});

describe('moving', () => {
  const since = new Date('2026-03-01T10:00:00Z');
  const org = { orgId: 'o', currentStage: 'SALES_ACCEPTED', status: 'prospect', stageSince: since, wasCustomer: false, revision: 4, version: 2 } as Org;
  const requested = {} as Parameters<typeof moveStage>[2];

  it('counts the revision and not the version, and remembers who was a customer', () => {
    const now = new Date('2026-03-01T11:00:00Z');
    const { next, change } = moveStage(org, { stage: 'CUSTOMER', status: 'customer' }, requested, now);
    expect(next).toMatchObject({ currentStage: 'CUSTOMER', status: 'customer', stageSince: now, wasCustomer: true, revision: 5, version: 2 });
    expect(change).toMatchObject({ fromStage: 'SALES_ACCEPTED', revision: 5, at: now });
    expect(moveStage(next, { stage: 'DORMANT', status: 'inactive' }, requested, now).next.wasCustomer).toBe(true);
  });

  it('is never dated before the stage that is left was entered', () => {
    const early = new Date('2026-03-01T09:00:00Z');
    expect(moveStage(org, { stage: 'CUSTOMER', status: 'customer' }, requested, early).change.at).toEqual(since);
  });

  it('tells who was faster by id', () => {
    expect(stageChanged(org, { actor: 'user:otto', at: since }).details).toEqual({
      currentStage: 'SALES_ACCEPTED',
      by: 'otto',
      at: since.toISOString(),
    });
    expect(stageChanged(org, { actor: 'template:work_lead', at: since }).details['by']).toBe('template:work_lead');
  });
});
