import { describe, expect, it } from 'vitest';
import { keysConcerned, type LiveChange } from './live.ts';

const change = (type: string, more: Partial<LiveChange> = {}): LiveChange => ({ type, orgId: 'o1', taskId: undefined, caseId: undefined, by: undefined, ...more });
const keys = (...changes: readonly LiveChange[]) => [...keysConcerned(changes)].map((key) => (JSON.parse(key) as string[]).join(' ')).sort();

describe('a live event', () => {
  it('has read anew what shows its task: the company, lists, counts', () => {
    expect(keys(change('TaskClaimed', { taskId: 't1', caseId: 'c1' }))).toEqual(['case c1', 'org o1', 'orgs', 'queues', 'tasks']);
  });

  it('of a case leaves the lists of tasks alone', () => {
    expect(keys(change('CasePhaseChanged', { caseId: 'c1' }))).toEqual(['case c1', 'cases', 'org o1', 'workflows']);
  });

  it('of an activity counts for my day', () => {
    expect(keys(change('ActivityLogged'))).toEqual(['my', 'org o1', 'orgs']);
  });

  it('is one reading anew with all the others of its moment', () => {
    expect(keys(change('TaskCreated'), change('TaskCreated'), change('OrgStageChanged'))).toEqual(['org o1', 'orgs', 'queues', 'tasks']);
  });
});
