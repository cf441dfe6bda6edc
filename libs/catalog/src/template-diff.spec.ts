import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diffTemplates } from './index.ts';

const source = readFileSync(new URL('../../../config/workflows/qualify_company.yaml', import.meta.url), 'utf8');
const changed = (...replacements: readonly (readonly [string, string])[]) =>
  diffTemplates(source, replacements.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, source));

describe('the difference between two versions', () => {
  it('is none for the same content, whatever its comments, layout and version', () => {
    expect(changed(['version: 2', 'version: 3'], ['# Created or reopened', '# New'], ['title: Erstkontakt versuchen', 'title: "Erstkontakt versuchen"'])).toEqual([]);
  });

  it('names the field of a task by the key of the task', () => {
    expect(changed(['due_in_working_days: 5', 'due_in_working_days: 4'])).toEqual([
      {
        path: 'tasks.identify_contact.due_in_working_days',
        kind: 'changed',
        before: 5,
        after: 4,
        text: {
          de: 'Aufgabe identify_contact due_in_working_days: 5 → 4',
          en: 'Task identify_contact due_in_working_days: 5 → 4',
        },
      },
    ]);
  });

  it('tells a task that got another key as one gone and one new, with all it is', () => {
    const changes = changed(['key: fit_assessment', 'key: fit']);
    expect(changes.map(({ path, kind }) => [path, kind])).toEqual([
      ['tasks.fit_assessment', 'removed'],
      ['tasks.fit', 'added'],
    ]);
    expect(changes[0]?.before).toMatchObject({ type: 'FIT_ASSESSMENT', due_in_working_days: 7 });
    expect(changes[1]?.text).toEqual({ de: 'Aufgabe fit: neu', en: 'Task fit: new' });
  });

  it('reaches into the actions of rules and shortens long conditions in words only', () => {
    const changes = changed(
      ['event.calls_in_row == 3', 'event.calls_in_row == 4'],
      ['after: { days: 14 }', 'after: { working_days: 10 }'],
      ['escalate: { reason: NO_ACTIVITY }', 'escalate: { reason: QUIET }'],
    );
    expect(changes.map(({ path, kind }) => [path, kind])).toEqual([
      ['rules.third_no_answer.condition', 'changed'],
      ['rules.no_activity.after.days', 'removed'],
      ['rules.no_activity.after.working_days', 'added'],
      ['rules.no_activity.do.1.escalate.reason', 'changed'],
    ]);
    expect(changes[0]?.after).toContain('calls_in_row == 4');
    expect(changes[0]?.text.en.length).toBeLessThan(220);
  });

  it('tells the case, the trigger and completion, and lists that come or go as a whole entry by entry', () => {
    expect(changed(['queue: INSIDE_SALES\n  title', 'queue: SALES_OPS\n  title'])[0]?.path).toBe('case.queue');
    expect(changed(["event.to_stage == 'UNVERIFIED'", "event.to_stage == 'DORMANT'"])[0]?.text.en).toMatch(/^Trigger condition: /);
    const rest = source.slice(0, source.indexOf('completion:'));
    expect(diffTemplates(source, rest).map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      'completion.QUALIFIED removed',
      'completion.DISQUALIFIED removed',
      'completion.DORMANT removed',
    ]);
    expect(diffTemplates(rest, source)[0]).toMatchObject({ kind: 'added', after: { stage: 'QUALIFIED_LEAD' } });
  });

  it('tells another order of rules, for they act one after the other', () => {
    const swapped = changed(['key: third_no_answer', 'key: x'], ['key: no_activity', 'key: third_no_answer']);
    expect(swapped.find(({ path }) => path === 'rules')).toMatchObject({
      kind: 'changed',
      before: ['third_no_answer', 'call_back_without_date', 'bounced_email'],
      after: ['call_back_without_date', 'bounced_email', 'third_no_answer'],
    });
  });
});
