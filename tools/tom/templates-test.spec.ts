import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadCatalog, readTemplates, type Template } from '@tom/catalog';
import { readTestFile, runTestFile } from '@tom/workflow';
import { afterAll, describe, expect, it } from 'vitest';
import { runTom } from './run-tom.ts';
import { inLines, testFilesIn, testTemplates } from './templates-test.ts';

const root = resolve(import.meta.dirname, '../..');
const config = join(root, 'config');
const catalog = loadCatalog(config);
const templates = readTemplates(join(config, 'workflows'), catalog);
const files = testFilesIn(join(config, 'workflows'));
const folder = mkdtempSync(join(tmpdir(), 'tom-templates-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the shipped templates', () => {
  const tested = testTemplates(config, files).flatMap(({ file, cases }) => cases.map((one) => ({ file, ...one })));
  it.each(tested)('$name', ({ differences }) => {
    expect(differences.flatMap(inLines)).toEqual([]);
  });

  it('all have cases', () => {
    expect(files).toHaveLength(templates.length);
  });

  const without: { name: string; changed: Template }[] = templates.flatMap((template) => [
    ...template.rules.map((rule) => ({
      name: `${template.key} without its rule ${rule.key}`,
      changed: { ...template, rules: template.rules.filter((other) => other !== rule) },
    })),
    ...template.rules.filter(({ condition }) => condition.source !== 'true').map((rule) => ({
      name: `${template.key} with a rule ${rule.key} that always fires`,
      changed: {
        ...template,
        rules: template.rules.map((other) => (other === rule ? { ...rule, condition: always(rule.condition) } : other)),
      },
    })),
    ...template.completion.map((completion) => ({
      name: `${template.key} without its outcome ${completion.outcome}`,
      changed: { ...template, completion: template.completion.filter((other) => other !== completion) },
    })),
  ]);
  it.each(without)('would not pass with $name', ({ changed }) => {
    const broken = templates.map((template) => (template.key === changed.key ? changed : template));
    const results = files.flatMap((file) => runTestFile(readTestFile(file, catalog, templates), catalog, broken));
    expect(results.filter(({ differences }) => differences.length > 0)).not.toEqual([]);
  });
});

function always(condition: Template['rules'][number]['condition']): typeof condition {
  return { ...condition, evaluate: () => true, explain: () => ({ result: true, parts: [] }) };
}

async function tom(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runTom(['templates', 'test', ...args], {
    environment: {},
    folder,
    root,
    account: 'tester',
    now: () => new Date(),
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

describe('tom templates test', () => {
  it('passes the shipped ones', async () => {
    const { code, out } = await tom();
    expect(out).toMatch(/qualify_company\.test\.yaml: \d+ of \d+ cases passed/);
    expect(code).toBe(0);
  });

  const failing = `template: qualify_company
cases:
  - name: Ein Lead wird angerufen
    given: { company: {}, events: [{ created: {} }] }
    when: [{ activity: { type: EMAIL, outcome: BOUNCED } }]
    then:
      fired: [third_no_answer]
      tasks: [{ type: FIRST_OUTREACH, due: 2026-03-03 }]
`;

  it('shows what was expected and what was seen, with the line of the case', async () => {
    const { code, out } = await tom(write('failing.test.yaml', failing));
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      'failing.test.yaml:3:5: Ein Lead wird angerufen',
      '  fired      expected  third_no_answer',
      '             but seen  bounced_email',
      '  tasks      expected  FIRST_OUTREACH, due: 2026-03-03',
      expect.stringMatching(
        /^ {13}but seen {2}ADD_CONTACT_POINTS, key: bounced_email, title: .*, queue: SALES_OPS, role: ops, priority: NORMAL, due: 2026-03-03$/,
      ),
      '',
      'failing.test.yaml: 0 of 1 case passed',
    ]);
  });

  it('says the same as JSON', async () => {
    const { code, out } = await tom(write('failing.test.yaml', failing), '--json');
    expect(code).toBe(1);
    const [first] = (JSON.parse(out) as { passed: boolean; cases: unknown[] }).cases;
    expect(first).toMatchObject({
      file: 'failing.test.yaml',
      line: 3,
      passed: false,
      differences: [{ of: 'fired', expected: ['third_no_answer'], seen: ['bounced_email'] }, { of: 'tasks' }],
    });
  });

  it.each([
    ['an unknown key', failing.replace('fired:', 'fires:'), '7:7: There is no field fires here.'],
    ['an unknown rule', failing.replace('third_no_answer', 'fourth'), '7:15: There is no rule fourth.'],
    ['an unknown task type', failing.replace('FIRST_OUTREACH', 'LAST'), '8:23: There is no task type LAST.'],
    ['an unknown template', failing.replace('qualify_company', 'qualify'), '1:11: There is no template qualify.'],
    ['two things in one step', failing.replace('{ created: {} }', '{ created: {}, wait: { days: 1 } }'), '4:36: '],
    ['no YAML', 'cases: [', '1:'],
  ])('refuses %s with its place', async (_what, text, expected) => {
    const { code, out } = await tom(write('wrong.test.yaml', text));
    expect(out).toContain(`wrong.test.yaml:${expected}`);
    expect(code).toBe(1);
  });

  it('says when something that is to happen cannot', async () => {
    const text = failing.replace('activity: { type: EMAIL, outcome: BOUNCED }', 'task_completed: { type: SEND_OFFER }');
    const { out } = await tom(write('impossible.test.yaml', text));
    expect(out).toContain('but seen  there is no open task SEND_OFFER at this point');
  });

  it('names a file that is not there', async () => {
    const { code, out } = await tom('missing.test.yaml');
    expect(out).toContain('missing.test.yaml:1:1: The file cannot be read.');
    expect(code).toBe(1);
  });
});
