import { describe, expect, it } from 'vitest';
import { acceptReport, type KnownOfReport } from './report.ts';

const nothing: KnownOfReport = { openCases: [], case: undefined, contact: undefined };
const openCase = (caseId: string) => ({ caseId, engine: 'inside_sales', queue: 'INSIDE_SALES' });

describe('a report becomes an activity', () => {
  it('of the only open case of its company, whatever engine that is in, and of none when there are more', () => {
    const given = { activityType: 'CALL' };
    expect(acceptReport('o', given, { ...nothing, openCases: [openCase('a')] })).toEqual({
      fields: given,
      place: { caseId: 'a', queue: 'INSIDE_SALES' },
    });
    expect(acceptReport('o', given, { ...nothing, openCases: [openCase('a'), openCase('b')] })).toEqual({ fields: given, place: {} });
  });

  it('without the task that it would complete and without a contact that was removed', () => {
    const given = { activityType: 'CALL', contactId: 'c', completesTaskId: 't', notes: 'x' };
    expect(acceptReport('o', given, { ...nothing, contact: { orgId: 'o', removed: true } })).toEqual({
      fields: { activityType: 'CALL', notes: 'x' },
      place: {},
    });
    expect(acceptReport('o', given, { ...nothing, contact: { orgId: 'o', removed: false } })).toMatchObject({ fields: { contactId: 'c' } });
  });

  it('not when it names what is not the company’s: everything is named at once', () => {
    const given = { activityType: 'CALL', contactId: 'c', caseId: 'a' };
    const known = { ...nothing, contact: { orgId: 'other', removed: false }, case: { orgId: 'other', queue: 'X' } };
    expect(acceptReport('o', given, known)).toMatchObject({
      violations: [{ path: 'fields.contactId' }, { path: 'fields.caseId' }],
    });
    expect(acceptReport('o', given, nothing)).toHaveProperty('violations');
  });
});
