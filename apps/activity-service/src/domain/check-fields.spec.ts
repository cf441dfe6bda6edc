import { describe, expect, it } from 'vitest';
import type { ActivityFields } from './activity.ts';
import { checkFields, checkTimes, type ActivityTypes } from './check-fields.ts';

const outcomes = (...codes: string[]) => new Map(codes.map((code) => [code, {}]));
const types: ActivityTypes = new Map([
  ['CALL', { directed: true, outcomes: outcomes('NO_ANSWER') }],
  ['NOTE', { directed: false, outcomes: outcomes() }],
]);
const id = '0192f0a0-0000-7000-8000-000000000001';
const paths = (fields: Partial<ActivityFields>) =>
  checkFields(types, { activityType: 'CALL', ...fields } as ActivityFields).map(({ path }) => path);

describe('the fields of an activity', () => {
  it('are good with all that a call can have', () => {
    expect(
      paths({
        direction: 'OUTBOUND',
        occurredAt: '2026-03-02T09:00:00Z',
        durationMinutes: 0,
        outcomeCode: 'NO_ANSWER',
        subject: 'x',
        notes: 'ü😀',
        contactId: id,
        caseId: id,
        followUpAt: '2026-03-03T09:00:00+01:00',
        completesTaskId: id,
      }),
    ).toEqual([]);
  });

  it.each<[string, Partial<ActivityFields>, string[]]>([
    ['no type', { activityType: '' }, ['activityType']],
    ['a type that nobody knows', { activityType: 'SMOKE' }, ['activityType']],
    ['an outcome of another type', { outcomeCode: 'SENT' }, ['outcomeCode']],
    ['an outcome where there is none', { activityType: 'NOTE', outcomeCode: 'NO_ANSWER' }, ['outcomeCode']],
    ['a direction that is none', { direction: 'UP' }, ['direction']],
    ['a direction where it makes no sense', { activityType: 'NOTE', direction: 'INBOUND' }, ['direction']],
    ['dates that are none', { occurredAt: 'soon', followUpAt: '2026-13-01T00:00:00Z' }, ['occurredAt', 'followUpAt']],
    ['years beyond all reason', { occurredAt: '1899-12-31T23:59:59Z', followUpAt: '2200-01-01T00:00:00Z' }, [
      'occurredAt',
      'followUpAt',
    ]],
    ['a duration below zero', { durationMinutes: -1 }, ['durationMinutes']],
    ['a broken duration', { durationMinutes: 1.5 }, ['durationMinutes']],
    ['texts that are too long', { subject: 'x'.repeat(501), notes: 'x'.repeat(10_001) }, ['subject', 'notes']],
    ['an empty text', { notes: '' }, ['notes']],
    ['a NUL and half a character', { subject: 'a\u0000b', notes: 'a\ud800b' }, ['subject', 'notes']],
    ['ids that are none', { contactId: '1', caseId: 'x', completesTaskId: '' }, [
      'contactId',
      'caseId',
      'completesTaskId',
    ]],
  ])('are refused with %s', (_what, fields, expected) => {
    expect(paths(fields)).toEqual(expected);
  });

  it('count characters, not their halves', () => {
    expect(paths({ subject: '😀'.repeat(500) })).toEqual([]);
    expect(paths({ subject: '😀'.repeat(501) })).toEqual(['subject']);
  });
});

describe('the times of an activity', () => {
  const now = new Date('2026-03-02T09:00:00Z');
  const wrong = (fields: Partial<ActivityFields>, moved?: boolean) =>
    checkTimes({ activityType: 'CALL', ...fields }, now, moved).map(({ path }) => path);

  it('allow a minute of clock error and no more', () => {
    expect(wrong({ occurredAt: '2026-03-02T09:01:00.000Z' })).toEqual([]);
    expect(wrong({ occurredAt: '2026-03-02T09:01:00.001Z' })).toEqual(['occurredAt']);
  });

  it('refuse a follow-up in the past only when it is set or moved', () => {
    expect(wrong({ followUpAt: '2026-03-02T08:59:59.999Z' })).toEqual(['followUpAt']);
    expect(wrong({ followUpAt: '2026-03-02T08:59:59.999Z' }, false)).toEqual([]);
    expect(wrong({ followUpAt: '2026-03-02T09:00:00.000Z' })).toEqual([]);
  });
});
