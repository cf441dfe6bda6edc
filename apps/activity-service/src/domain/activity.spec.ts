import { describe, expect, it } from 'vitest';
import { chooseCase } from './choose-case.ts';
import {
  deleteActivity,
  newActivity,
  patchedFields,
  requireCurrent,
  shown,
  updateActivity,
  type ActivityFields,
  type WritableField,
} from './activity.ts';

const at = '2026-03-02T09:00:00.000Z';
const later = '2026-03-02T10:00:00.000Z';
const logged = (fields: Partial<ActivityFields> = {}) =>
  newActivity({
    activityId: 'a',
    orgId: 'o',
    fields: { activityType: 'CALL', ...fields },
    place: { caseId: 'c', queue: 'Q' },
    by: 'ida',
    at,
  });
const patch = (stored: ReturnType<typeof logged>, values: Partial<ActivityFields>) => {
  const mask = Object.keys(values) as WritableField[];
  const fields = patchedFields(stored.activity, values, mask);
  return updateActivity(stored, { fields, place: undefined, by: 'otto', at: later });
};

describe('a new activity', () => {
  it('happened now unless it says when, in UTC', () => {
    expect(logged().activity.occurredAt).toBe(at);
    expect(logged({ occurredAt: '2026-03-01T10:00:00+01:00' }).activity.occurredAt).toBe('2026-03-01T09:00:00.000Z');
  });

  it('tells at which revision its follow-up was agreed', () => {
    expect(logged().activity.followUpRevision).toBe(0);
    expect(logged({ followUpAt: later }).activity.followUpRevision).toBe(1);
  });
});

describe('a patch', () => {
  it('with the values that are there changes nothing', () => {
    const stored = logged({ notes: 'x', followUpAt: later });
    expect(patch(stored, { notes: 'x', followUpAt: '2026-03-02T11:00:00+01:00' })).toEqual({
      next: stored,
      events: [],
    });
  });

  it('counts version and revision, and leaves the follow-up alone when only the notes change', () => {
    const { next, events } = patch(logged({ followUpAt: later }), { notes: 'new' });
    expect(next).toMatchObject({
      revision: 2,
      activity: { version: 2, notes: 'new', followUpRevision: 1, updatedBy: 'otto', createdBy: 'ida' },
    });
    expect(events).toEqual([{ type: 'updated', changedFields: ['notes'] }]);
  });

  it.each([['moved', '2026-03-09T09:00:00.000Z'], ['cleared', undefined]])(
    'notes the revision at which a follow-up was %s',
    (_how, followUpAt) => {
      const { next } = updateActivity(logged({ followUpAt: later }), {
        fields: { activityType: 'CALL', followUpAt },
        place: undefined,
        by: 'ida',
        at: later,
      });
      expect(next.activity).toMatchObject({ followUpRevision: 2, followUpAt });
    },
  );

  it('that sets a follow-up anew forgets the task of the one before', () => {
    const cleared = { ...logged(), activity: { ...logged().activity, followUpTaskId: 't' } };
    expect(patch(cleared, { followUpAt: later }).next.activity.followUpTaskId).toBeUndefined();
    const moved = {
      ...logged({ followUpAt: at }),
      activity: { ...logged({ followUpAt: at }).activity, followUpTaskId: 't' },
    };
    expect(patch(moved, { followUpAt: later }).next.activity.followUpTaskId).toBe('t');
  });

  it('that moves it to another case moves the queue with it', () => {
    const stored = logged();
    const { next, events } = updateActivity(stored, {
      fields: { activityType: 'CALL' },
      place: { caseId: 'd', queue: 'R' },
      by: 'ida',
      at: later,
    });
    expect(next.activity).toMatchObject({ caseId: 'd', queue: 'R' });
    expect(events).toEqual([{ type: 'updated', changedFields: ['caseId'] }]);
  });
});

describe('what is stale or gone', () => {
  it('is refused with the activity as it is now, without inner fields', () => {
    const stored = logged();
    expect(() => requireCurrent(stored, 2)).toThrow(expect.objectContaining({
      code: 'STALE_VERSION',
      details: { current: shown(stored.activity), by: 'ida', at },
    }));
    expect(shown(stored.activity)).not.toHaveProperty('queue');
    expect(shown(stored.activity)).not.toHaveProperty('followUpRevision');
  });

  it('does not exist once it was deleted, and keeps no words', () => {
    const { next } = deleteActivity(logged({ notes: 'x', subject: 'y' }), 'ida', later);
    expect(next).toMatchObject({ deleted: true, revision: 2, activity: { notes: undefined, subject: undefined } });
    expect(() => requireCurrent(next, 1)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(() => requireCurrent(undefined, 1)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});

describe('the case of an activity', () => {
  const sales = { caseId: '1', engine: 'inside_sales', queue: 'INSIDE_SALES' };
  const field = { caseId: '2', engine: 'outside_sales', queue: 'OUTSIDE_SALES' };

  it('is the only open one in the engines of whoever logs', () => {
    expect(chooseCase([sales, field], new Set(['inside_sales']))).toEqual({ caseId: '1', queue: 'INSIDE_SALES' });
    expect(chooseCase([field], 'all')).toEqual({ caseId: '2', queue: 'OUTSIDE_SALES' });
  });

  it('is none when there is none, or more than one', () => {
    expect(chooseCase([sales, field], 'all')).toEqual({});
    expect(chooseCase([field], new Set(['ops']))).toEqual({});
    expect(chooseCase([], 'all')).toEqual({});
  });
});
