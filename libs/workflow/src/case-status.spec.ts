import { describe, expect, it } from 'vitest';
import { caseStatus, untouched, type StatusCase, type WorkFacts } from './case-status.ts';

const now = new Date('2026-03-02T10:00:00.000Z');
const fresh: StatusCase = { returnCount: 0, escalated: false, outputsDemanded: false };
const status = (item: Partial<StatusCase>, work: Partial<WorkFacts> = {}) =>
  caseStatus({ ...fresh, ...item }, { ...untouched, ...work }, now).status;

describe('the status of a case', () => {
  it('is NEW when nobody has done anything', () => {
    expect(status({})).toBe('NEW');
    expect(status({}, { openTasks: 3, otherRoleTasks: 2 })).toBe('NEW');
  });

  it('is IN_PROGRESS once somebody has claimed it, or a task or activity of it was done', () => {
    expect(status({ owner: 'ida' })).toBe('IN_PROGRESS');
    expect(status({}, { worked: true })).toBe('IN_PROGRESS');
  });

  it('is WAITING_INTERNAL when all open tasks are with another role, before IN_PROGRESS', () => {
    expect(status({ owner: 'ida' }, { openTasks: 2, otherRoleTasks: 2 })).toBe('WAITING_INTERNAL');
    expect(status({ owner: 'ida' }, { openTasks: 0, otherRoleTasks: 0 })).toBe('IN_PROGRESS');
  });

  it('is WAITING_EXTERNAL when an open task waits for somebody outside, before WAITING_INTERNAL', () => {
    expect(status({}, { openTasks: 2, otherRoleTasks: 2, waitingTasks: 1 })).toBe('WAITING_EXTERNAL');
  });

  it('is ESCALATED when due, returned more than twice, or by a rule, before anything that waits', () => {
    const waiting = { openTasks: 1, waitingTasks: 1 };
    expect(status({ dueAt: now }, waiting)).toBe('ESCALATED');
    expect(status({ dueAt: new Date(now.getTime() + 1) }, waiting)).toBe('WAITING_EXTERNAL');
    expect(status({ returnCount: 3 }, waiting)).toBe('ESCALATED');
    expect(status({ returnCount: 2 }, waiting)).toBe('WAITING_EXTERNAL');
    expect(status({ escalated: true }, waiting)).toBe('ESCALATED');
  });

  it('is BLOCKED when outputs are demanded and missing, before ESCALATED; missing ones alone block nothing', () => {
    expect(status({ outputsDemanded: true, dueAt: now }, { outputsMissing: true })).toBe('BLOCKED');
    expect(status({ outputsDemanded: true }, { outputsMissing: false })).toBe('NEW');
    expect(status({}, { outputsMissing: true })).toBe('NEW');
  });

  it('is CLOSED before everything else', () => {
    expect(status({ closedAt: now, outputsDemanded: true, dueAt: now }, { outputsMissing: true })).toBe('CLOSED');
  });
});
