import { loadCatalog } from '@tom/catalog';
import { sharedConfigDir } from '@tom/service/testing';
import { describe, expect, it } from 'vitest';
import { taskTellers } from './task-entries.ts';

const catalog = loadCatalog(sharedConfigDir);
const cancelled = taskTellers.find(({ typeName }) => typeName.endsWith('TaskCancelled'));
const told = (reason: string) => cancelled?.tell({ task: { taskId: 't', title: 'Angebot senden' }, reason }, catalog);

describe('a cancelled task is told', () => {
  it('with what it fell with, when the system cancelled it', () => {
    expect(told('CASE_CLOSED')).toMatchObject({ title: { de: 'Aufgabe mit dem Fall entfallen', en: 'Task dropped with its case' }, name: 'Angebot senden', detail: undefined });
    expect(told('ORG_DISQUALIFIED')?.title).toEqual({ de: 'Aufgabe entfallen, Unternehmen Disqualifiziert', en: 'Task dropped, company Disqualified' });
    expect(told('FOLLOW_UP_CLEARED')?.title.en).toBe('Task dropped with its follow-up');
  });

  it('with the words of the person, when one did', () => {
    expect(told('ORG_CHART fehlt')).toMatchObject({ title: { en: 'Task cancelled' }, detail: 'ORG_CHART fehlt' });
  });
});
