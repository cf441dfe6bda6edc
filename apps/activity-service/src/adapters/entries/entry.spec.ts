import { describe as suite, expect, it } from 'vitest';
import { describe } from './entry.ts';

const cause = { causationId: 'c', correlationId: 'r', subject: 'o' };
const task = { kind: 'TASK', title: { de: 'x', en: 'x' }, source: { type: 'task', id: 't' } } as const;
const activity = { kind: 'ACTIVITY', title: { de: 'x', en: 'x' }, source: { type: 'activity', id: 'a' } } as const;

suite('an entry', () => {
  it('of what a template did has its cause, and folds with what else followed from the request', () => {
    expect(describe({ ...cause, actor: 'template:t', template: 't', rule: 'r' }, task)).toMatchObject({ cause_event: 'c', cause_template: 't', group_id: 'r' });
  });

  it('of what followed in the name of a person folds too, but nobody else did it', () => {
    const entry = describe({ ...cause, actor: 'user:otto' }, task);
    expect(entry.group_id).toBe('r');
    expect(entry.cause_event).toBeUndefined();
  });

  it('of what a person did stands by itself', () => {
    expect(describe({ ...cause, actor: 'user:otto' }, activity).group_id).toBeUndefined();
    expect(describe({ correlationId: 'r', subject: 'o', actor: 'user:otto' }, task).group_id).toBeUndefined();
  });
});
