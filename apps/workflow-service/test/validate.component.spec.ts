import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedConfigDir } from '@tom/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type Harness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const source = readFileSync(join(sharedConfigDir, 'workflows/work_lead.yaml'), 'utf8');
/** The next version of it, changed. */
const next = (part: string, replacement: string) => {
  if (!source.includes(part)) throw new Error(`${part} is not in the template`);
  return source.replace('version: 1', 'version: 2').replace(part, () => replacement);
};
const rules = (...added: readonly string[]) => next('\nrules:\n', `\nrules:\n${added.join('')}`);
const rule = (key: string, on: string, condition: string, task: string) =>
  `  - { key: ${key}, on: ${on}, condition: "${condition}", do: [{ create_task: { type: ${task}, title: x, queue: OUTSIDE_SALES, role: outside_sales, due_in_working_days: 1, priority: LOW } }] }\n`;
const root = (key?: string) => harness.person('root', 'administrator')(key, 'POST /workflows/validate');
const validate = (text: string) => harness.client.validateTemplate({ source: text }, root());

describe('a template that is asked about', () => {
  it.each<[what: string, text: () => string, message: string, expected: string]>([
    ['a wrong key', () => next('priority: NORMAL', 'prio: NORMAL'), 'There is no field prio here.', 'one of type, engine,'],
    ['an unknown queue', () => next('queue: OUTSIDE_SALES', 'queue: FIELD'), 'There is no queue FIELD.', 'one of INSIDE_SALES,'],
    ['an unknown role', () => next('role: outside_sales', 'role: field'), 'There is no role field.', 'one of inside_sales,'],
    ['an unknown stage', () => next('stage: CUSTOMER', 'stage: WON'), 'There is no stage WON.', 'one of UNVERIFIED,'],
    ['an unknown event', () => next('on: CaseClaimed', 'on: CaseTaken'), '"CaseTaken" is not known here.', 'one of OrgStageChanged,'],
    ['an unknown field', () => next('event.claimed_by_role ==', 'event.role =='), 'There is no fact event.role.', 'one of event.type,'],
    ['a condition of the wrong type', () => next("event.claimed_by_role == 'outside_sales'", 'event.claimed_by_role == 1'), 'no such overload: string == int.', 'operands of the same type'],
    ['a placeholder that does not exist', () => next('{{ org.name }}', '{{ org.nam }}'), '{{ org.nam }} cannot be shown here.', 'one of org.org_id,'],
    ['a pair without end', () => rules(rule('a', 'TaskCreated', "event.task_type == 'GENERAL'", 'CALL_BACK'), rule('b', 'TaskCreated', "event.task_type == 'CALL_BACK'", 'GENERAL')), 'The rules never end: a does create_task', 'a condition that the circle itself makes false'],
    ['a rule that can never fire', () => rules(rule('a', 'TaskCreated', "event.queue == 'SALES_OPS' && event.queue == 'INSIDE_SALES'", 'GENERAL')), 'The rule a can never fire', 'a condition that can be true'],
    ['an unreachable outcome', () => next('stage: CUSTOMER', 'stage: UNVERIFIED').replace('\ntasks:', '\ntransition: { to: SALES_ACCEPTED, reason: ACCEPTED }\n\ntasks:'), 'WON can never be reached', 'one of '],
    ['an output that nothing brings', () => next('stage: CUSTOMER', 'stage: CUSTOMER\n    requires: [offer]'), 'There is no output offer.', 'one of '],
    ['a catastrophic expression', () => next("event.claimed_by_role == 'outside_sales'", "event.claimed_by_role.matches('(a+)+$')"), 'matches() is not available.', "re2(text, 'pattern')"],
    ['a pattern that grows', () => next("event.claimed_by_role == 'outside_sales'", "re2(event.claimed_by_role, '((a{99}){99}){99}')"), 'The pattern cannot be used', 'an RE2 pattern'],
    ['a bomb of aliases', () => 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n', 'Aliases such as *a are not available.', 'the value itself'],
    ['a bomb of depth', () => `key: ${'['.repeat(500)}`, 'The nesting is too deep.', 'at most 100'],
    ['a bomb of size', () => `key: x\n${'# comment\n'.repeat(30_000)}`, 'The file is too large.', 'at most 256 KiB'],
    ['the same version with other content', () => source.replace('Erstgespräch führen', 'Plaudern'), 'Version 1 of work_lead is stored with other content.', 'a higher version'],
    ['the case type of another', () => source.replace('key: work_lead', 'key: other'), 'opens cases of the type WORK_LEAD too.', 'one template for each type'],
    ['nothing', () => '', 'This is empty.', 'a group of fields'],
    ['no YAML', () => '\0{{{', 'The file contains a control character.', 'printable text'],
  ])('is refused with its place and what was expected: %s', async (_, text, message, expected) => {
    const { valid, problems } = await validate(text());
    expect(valid).toBe(false);
    const told = problems.find((problem) => problem.message.includes(message));
    expect(told, JSON.stringify(problems)).toBeDefined();
    expect(told?.expected).toContain(expected);
    expect(told?.line).toBeGreaterThan(0);
    expect(told?.column).toBeGreaterThan(0);
    expect(told).toMatchObject({ severity: undefined, file: undefined });
    // Nothing has changed by asking.
    const { items } = await harness.client.listTemplates({}, root());
    expect(items.find(({ key }) => key === 'work_lead')).toMatchObject({ currentVersion: 1, versions: [{ version: 1 }] });
  });

  it.each(['work_lead', 'qualify_company', 'reactivate_dormant'])('is %s as it is shipped: nothing is found', async (key) => {
    const text = readFileSync(join(sharedConfigDir, `workflows/${key}.yaml`), 'utf8');
    expect(await validate(text)).toEqual({ valid: true, problems: [] });
    const higher = text.replace(/^version: \d+/m, 'version: 99');
    expect(await validate(higher)).toEqual({ valid: true, problems: [] });
  });

  it('is valid with what is only suspected of it, and that is said', async () => {
    const text = rules(rule('a', 'TaskCreated', "re2(event.task_type, 'GENERAL')", 'GENERAL'));
    expect(await validate(text)).toMatchObject({ valid: true, problems: [{ severity: 'warning', message: expect.stringMatching(/^The rule may never end/) as string }] });
  });

  it('is looked at with those in force: a circle over two templates is found from either side', async () => {
    const text = (key: string, on: string, makes: string) =>
      `key: ${key}\nversion: 1\ndescription: x\nrules:\n${rule('r', 'TaskCreated', `event.task_type == '${on}'`, makes)}`;
    const store = `insert into workflow_template (template_key, version, content_hash, source, loaded_at) values ('one', 1, 'x', $1, now())`;
    await harness.rows(store, text('one', 'GENERAL', 'CALL_BACK'));
    const { valid, problems } = await validate(text('two', 'CALL_BACK', 'GENERAL'));
    await harness.rows(`delete from workflow_template where template_key = 'one'`);
    expect(valid).toBe(false);
    expect(problems[0]?.message).toContain('one.r');
  });

  it('is answered the same when the same is asked with the same key, and refused with another text', async () => {
    const first = await harness.client.validateTemplate({ source }, root('k1'));
    expect(await harness.client.validateTemplate({ source }, root('k1'))).toEqual(first);
    await expect(harness.client.validateTemplate({ source: '' }, root('k1'))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });
});
