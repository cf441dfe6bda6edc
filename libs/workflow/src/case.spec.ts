import { describe, expect, it } from 'vitest';
import { claim, close, edit, followedBy, mustNotBelongToAnother, release, withStatus, type CaseItem } from './case.ts';
import { untouched } from './case-status.ts';

const now = new Date('2026-03-02T10:00:00.000Z');
const open: CaseItem = {
  caseId: '0197b0a0-0000-7000-8000-000000000001',
  number: 7,
  orgId: '0197b0a0-0000-7000-8000-000000000002',
  caseType: 'WORK_LEAD',
  engine: 'outside_sales',
  status: 'NEW',
  ownerRole: 'outside_sales',
  ownerQueue: 'OUTSIDE_SALES',
  priority: 'NORMAL',
  title: 'Lead bearbeiten',
  openedAt: now,
  openedBy: 'template:work_lead',
  returnCount: 0,
  escalated: false,
  outputsDemanded: false,
  version: 1,
  revision: 3,
  editedAt: now,
  editedBy: 'template:work_lead',
};
const otto = { id: 'otto', role: 'outside_sales', roles: ['outside_sales'] };

describe('a case', () => {
  it('is claimed once; claiming what one has tells nothing, somebody else is told who has it', () => {
    const { next, events } = claim(open, otto, now);
    expect(next).toMatchObject({
      owner: 'otto',
      claimedRole: 'outside_sales',
      ownedSince: now,
      revision: 4,
      version: 1,
    });
    expect(events.map((event) => event.kind)).toEqual(['claimed']);
    expect(claim(next, otto, now)).toEqual({ next, events: [] });
    expect(() => claim(next, { ...otto, id: 'olaf' }, now)).toThrow(
      expect.objectContaining({ code: 'CASE_CLAIMED_BY', details: { by: 'otto', at: now.toISOString() } }),
    );
  });

  it('tells one revision per event: claimed, then its status', () => {
    const { next, events } = withStatus(claim(open, otto, now), untouched, now);
    expect(events.map((event) => [event.kind, event.item.revision, event.item.status])).toEqual([
      ['claimed', 4, 'NEW'],
      ['status_changed', 5, 'IN_PROGRESS'],
    ]);
    expect(next.revision).toBe(5);
  });

  it('refuses every action once it is closed, and is closed once', () => {
    const { next, events } = withStatus(close(open, { code: 'WON' }, now), untouched, now);
    expect(next).toMatchObject({ status: 'CLOSED', outcomeCode: 'WON', closedAt: now });
    expect(events.map((event) => event.kind)).toEqual(['closed']);
    expect(close(next, { code: 'LOST' }, now).events).toEqual([]);
    expect(() => claim(next, otto, now)).toThrow(
      expect.objectContaining({ code: 'STATE_REFUSED', details: { state: 'CLOSED' } }),
    );
    expect(() => edit(next, { title: 'x' }, 'ida', now)).toThrow(expect.objectContaining({ code: 'STATE_REFUSED' }));
    expect(release(next).events).toEqual([]);
  });

  it('counts a version only for what really differs', () => {
    const { next, events } = edit(open, { title: 'Neu', priority: 'NORMAL', dueAt: undefined }, 'ida', now);
    expect(next).toMatchObject({ title: 'Neu', version: 2, editedBy: 'ida' });
    expect(events).toMatchObject([{ kind: 'updated', changedFields: ['title'] }]);
    expect(edit(next, { title: 'Neu' }, 'otto', now)).toEqual({ next, events: [] });
    const due = edit(next, { dueAt: now }, 'ida', now).next;
    expect(edit(due, { dueAt: new Date(now) }, 'ida', now).events).toEqual([]);
  });

  it('loses its owner when released, and remembers who that was', () => {
    const claimed = claim(open, otto, now);
    const { next, events } = followedBy(claimed, release);
    expect(next).toMatchObject({ owner: undefined, ownedSince: undefined, claimedRole: undefined });
    expect(events.at(-1)).toMatchObject({ kind: 'released', previousOwner: 'otto' });
    expect(() => mustNotBelongToAnother(next, 'ida')).not.toThrow();
  });
});
