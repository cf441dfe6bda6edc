import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog, readTemplate, readTemplates, templateFindings, type Template } from './index.ts';

const shipped = join(import.meta.dirname, '../../../config');
const catalog = loadCatalog(shipped);
const folder = join(shipped, 'workflows');

const told = (all: readonly Template[], subject: Template) =>
  templateFindings(all, [subject], catalog).map(
    ({ line, column, message, severity }) => `${severity ?? 'error'} ${line}:${column} ${message}`,
  );

/** A template of rules alone, or with a case, of which only the rules matter. */
function withRules(rules: string, head = '', key = 'tried'): Template {
  const text = `key: ${key}\nversion: 1\ndescription: x\n${head}rules:\n${rules}`;
  return readTemplate(text, `${key}.yaml`, catalog);
}

const CASE = `case:
  { type: OPPORTUNITY, engine: outside_sales, phase: OS-A, role: outside_sales, queue: OUTSIDE_SALES, title: x, priority: NORMAL }
completion: [{ outcome: WON, stage: CUSTOMER }, { outcome: LOST }]
`;
const task = (type = 'GENERAL', priority = 'NORMAL') =>
  `create_task: { type: ${type}, title: x, queue: OUTSIDE_SALES, role: outside_sales, due_in_working_days: 1, priority: ${priority} }`;
const rule = (key: string, on: string, condition: string, ...actions: string[]) =>
  `  - key: ${key}\n    on: ${on}\n    condition: ${JSON.stringify(condition)}\n    do: [${actions.map((action) => `{ ${action} }`).join(', ')}]\n`;
const findings = (rules: string, head = '') => {
  const template = withRules(rules, head);
  return told([template], template);
};

describe('the shipped templates', () => {
  const templates = readTemplates(folder, catalog);
  it.each(templates.map((template) => [template.key, template] as const))('%s: nothing is found', (_, template) => {
    expect(told(templates, template)).toEqual([]);
  });
  it('are all of them', () => {
    const files = readdirSync(folder).filter((name) => !name.endsWith('.test.yaml'));
    expect(templates).toHaveLength(files.length);
  });
});

describe('a rule that can never fire', () => {
  it.each<[condition: string, on: string, reason: string]>([
    ["event.activity_type == 'CALL' && has(event.outcome_code) && event.outcome_code == 'SENT'", 'ActivityLogged', "event.outcome_code cannot be 'SENT' when event.activity_type is 'CALL'"],
    ["event.activity_type == 'NOTE' && has(event.outcome_code) && event.outcome_code != 'SENT'", 'ActivityLogged', 'event.outcome_code cannot be'],
    ["event.activity_type == 'CALL' && event.activity_type == 'EMAIL'", 'ActivityLogged', "event.activity_type cannot be 'EMAIL' here"],
    ["event.activity_type in ['CALL', 'EMAIL'] && !(event.activity_type != 'MEETING')", 'ActivityLogged', "event.activity_type cannot be 'MEETING' here"],
    ['false', 'ActivityLogged', 'this is always false'],
    ['1 == 2 || event.calls_in_row < 0', 'ActivityLogged', 'this is always false'],
    ['event.calls_in_row > 3 && event.calls_in_row <= 3', 'ActivityLogged', 'no number is what is asked of event.calls_in_row'],
    ['event.calls_in_row == 3 && event.calls_in_row == 4', 'ActivityLogged', 'event.calls_in_row cannot be 4 here'],
    ['has(event.follow_up_at) && !has(event.follow_up_at)', 'ActivityLogged', 'event.follow_up_at is asked for and must be missing too'],
    ["event.created_by.startsWith('i') && !event.created_by.startsWith('i')", 'ActivityLogged', 'and its opposite are both asked for'],
    ["has(event.from_stage) && event.from_stage == 'CUSTOMER' && event.to_stage == 'QUALIFYING'", 'OrgStageChanged', "event.to_stage cannot be 'QUALIFYING' when event.from_stage is 'CUSTOMER'"],
    ["!has(event.from_stage) && event.to_stage == 'QUALIFYING'", 'OrgStageChanged', "event.to_stage cannot be 'QUALIFYING' when event.from_stage is missing"],
    ["event.to_stage == 'DORMANT' && has(event.reason_code) && event.reason_code == 'WON'", 'OrgStageChanged', "event.reason_code cannot be 'WON' when event.to_stage is 'DORMANT'"],
    ["org.current_stage == 'DORMANT' && org.status == 'customer'", 'TaskCompleted', "org.status cannot be 'customer' when org.current_stage is 'DORMANT'"],
    ["'WORK_LEAD' in cases.open_types && !('WORK_LEAD' in cases.open_types)", 'TaskCompleted', "cases.open_types cannot hold 'WORK_LEAD' and not hold it"],
  ])('%s', (condition, on, reason) => {
    const [first, ...more] = findings(rule('r', on, condition, task()));
    expect(first).toMatch(/^error 7:\d+ The rule r can never fire: /);
    expect(first).toContain(reason);
    expect(more).toEqual([]);
  });

  it('stands at the very part that contradicts', () => {
    const source = rule('r', 'TaskCompleted', "event.queue == 'SALES_OPS' && event.queue == 'INSIDE_SALES'", task());
    const column = source.split('\n')[2]?.indexOf("event.queue == 'INSIDE") ?? -1;
    expect(findings(source)[0]).toMatch(new RegExp(`^error 7:${column + 1} `));
  });

  it.each<[condition: string, on: string]>([
    ["case.case_type == 'WORK_LEAD'", 'TaskCompleted'],
    ["case.status == 'CLOSED'", 'TaskCompleted'],
    ["event.status == 'CLOSED'", 'CaseStatusChanged'],
    ["event.outcome_code == 'QUALIFIED'", 'CaseClosed'],
  ])('in a case: %s on %s', (condition, on) => {
    expect(findings(rule('r', on, condition, 'add_note: { body: x }'), CASE)[0]).toMatch(/^error .* can never fire/);
  });

  it('for it asks for a kind that the template does not look at; a case may have outlived a change of kind', () => {
    const supplier = rule('r', 'TaskCompleted', "org.org_kind == 'supplier'", task());
    expect(findings(supplier, 'org_kinds: qualified\n')[0]).toMatch(/^error .* org.org_kind cannot be 'supplier' here/);
    expect(findings(supplier)).toEqual([]);
    expect(findings(supplier, `org_kinds: qualified\n${CASE}`)[0]).toMatch(/^warning .* will hardly ever fire/);
  });

  it('is only suspected where the case is usually closed by then', () => {
    const late = rule('r', 'OrgStageChanged', "event.to_stage == 'CUSTOMER'", 'add_note: { body: x }');
    expect(findings(late, CASE)[0]).toMatch(/^warning .* will hardly ever fire: event.to_stage cannot be 'CUSTOMER' here/);
  });

  it.each([
    ["event.activity_type == 'CALL' || event.activity_type == 'EMAIL'", 'ActivityLogged'],
    ["!(event.activity_type == 'CALL' && event.activity_type == 'EMAIL')", 'ActivityLogged'],
    ["event.activity_type == 'CALL' ? event.calls_in_row > 3 : event.calls_in_row == 0", 'ActivityLogged'],
    ["!has(event.from_stage) && event.to_stage == 'UNVERIFIED'", 'OrgStageChanged'],
    ["re2(event.created_by, '^(a+)+$') || event.created_by == 'ida'", 'ActivityLogged'],
    ["event.claimed_by_roles.exists(r, r == 'ops')", 'CaseClaimed'],
  ])('is none that can: %s', (condition, on) => {
    expect(findings(rule('r', on, condition, task()))).toEqual([]);
  });

  it('may be the trigger', () => {
    const text = readFileSync(join(folder, 'work_lead.yaml'), 'utf8');
    const broken = text.replace("event.to_stage == 'QUALIFIED_LEAD'", "event.to_stage == 'QUALIFIED_LEAD' && org.current_stage == 'DORMANT'");
    const template = readTemplate(broken, 'work_lead.yaml', catalog);
    expect(told([template], template)[0]).toMatch(/^error 10:\d+ The trigger can never fire: /);
  });
});

describe('an outcome that cannot be reached', () => {
  it('is one whose stage no transition leads to from where the company is while the case is open', () => {
    const text = readFileSync(join(folder, 'qualify_company.yaml'), 'utf8');
    const template = readTemplate(`${text}  - outcome: WON\n    stage: CUSTOMER\n`, 'q.yaml', catalog);
    const [found, ...more] = told([template], template);
    expect(found).toMatch(/^error \d+:\d+ WON can never be reached: .* no transition with an open case leads from there to CUSTOMER\.$/);
    expect(more).toEqual([]);
  });

  it('is one whose guard asks that no case is open', () => {
    const text = readFileSync(join(folder, 'qualify_company.yaml'), 'utf8');
    const template = readTemplate(`${text}  - outcome: CANCELLED\n    stage: ARCHIVED\n`, 'q.yaml', catalog);
    expect(told([template], template)).toEqual([expect.stringMatching(/^error \d+:12 CANCELLED can never be reached/)]);
  });

  it('is only suspected without a stage on opening: it may be started by hand anywhere', () => {
    const text = readFileSync(join(folder, 'work_lead.yaml'), 'utf8');
    const template = readTemplate(text.replace("== 'QUALIFIED_LEAD' &&", "== 'ARCHIVED' &&").replace('outcome: WON\n    stage: CUSTOMER', 'outcome: WON\n    stage: SALES_ACCEPTED'), 'w.yaml', catalog);
    expect(told([template], template).some((line) => /^warning .*WON can never be reached/.test(line))).toBe(true);
  });
});

describe('rules that start each other', () => {
  const both = (a: string, b: string, head = '') => findings(a + b, head);

  it.each<[name: string, rules: string, head?: string]>([
    ['a task for each task', rule('r', 'TaskCreated', 'true', task())],
    ['a task for each task of its own type', rule('r', 'TaskCreated', "event.task_type == 'GENERAL' && event.origin == 'TEMPLATE'", task())],
    ['a pair', rule('a', 'TaskCreated', "event.task_type == 'GENERAL'", task('CALL_BACK')) + rule('b', 'TaskCreated', "event.task_type == 'CALL_BACK'", task('GENERAL'))],
    ['a pair in a case', rule('a', 'TaskCreated', "event.task_type == 'GENERAL'", task('CALL_BACK')) + rule('b', 'TaskCreated', "event.task_type == 'CALL_BACK'", task('GENERAL')), CASE],
    ['three', ['GENERAL', 'CALL_BACK', 'SEND_OFFER'].map((type, index, all) => rule(`r${index}`, 'TaskCreated', `event.task_type == '${type}'`, task(all[(index + 1) % 3]))).join('')],
    ['created and cancelled', rule('a', 'TaskCreated', "event.task_type == 'GENERAL' && event.origin == 'TEMPLATE'", 'cancel_tasks: { types: [GENERAL] }') + rule('b', 'TaskCancelled', "event.task_type == 'GENERAL'", task()), CASE],
    ['while the company stays where it is', rule('r', 'TaskCreated', "org.current_stage == 'DORMANT'", task())],
    ['after it has set what it asks for', rule('r', 'TaskCreated', "case.priority == 'HIGH'", 'set_priority: { to: HIGH }', task()), CASE],
  ])('never end: %s', (_, rules, head) => {
    const [first, ...more] = findings(rules, head);
    expect(first).toMatch(/^error \d+:\d+ The rules? never ends?: /);
    expect(more.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('never end: phases to and fro, where no output is owed', () => {
    const engines = new Map([...catalog.engines].map(([key, engine]) => [key, { ...engine, phases: engine.phases.map((phase) => ({ ...phase, outputs: [] })) }]));
    const [a, b] = [['OS-A', 'OS-B'], ['OS-B', 'OS-A']].map(([from = '', to = ''], index) => rule(`r${index}`, 'CasePhaseChanged', `event.phase == '${from}'`, `move_phase: { to: ${to} }`));
    const template = withRules(`${a}${b}`, CASE);
    const found = templateFindings([template], [template], { ...catalog, engines });
    expect(found.map(({ severity, message }) => [severity, message])).toEqual([
      [undefined, 'The rules never end: r0 does move_phase, which is CasePhaseChanged; r1 does move_phase, which is CasePhaseChanged and starts r0 again.'],
    ]);
  });

  it('are told where the rule says what it is on, and how the one leads to the other', () => {
    expect(both(rule('a', 'TaskCreated', "event.task_type == 'GENERAL'", task('CALL_BACK')), rule('b', 'TaskCreated', "event.task_type == 'CALL_BACK'", task()))).toEqual([
      'error 6:9 The rules never end: a does create_task, which is TaskCreated; b does create_task, which is TaskCreated and starts a again.',
    ]);
  });

  it.each<[name: string, rules: string, head?: string]>([
    ['another type is created', rule('r', 'TaskCreated', "event.task_type == 'GENERAL'", task('CALL_BACK'))],
    ['tasks of templates are not looked at', rule('r', 'TaskCreated', "event.origin == 'PERSON'", task())],
    ['the priority set makes the condition false', rule('r', 'TaskCreated', "case.priority != 'HIGH'", 'set_priority: { to: HIGH }', task()), CASE],
    ['no company is in two stages', rule('a', 'TaskCreated', "event.task_type == 'GENERAL' && org.current_stage == 'DORMANT'", task('CALL_BACK')) + rule('b', 'TaskCreated', "event.task_type == 'CALL_BACK' && org.current_stage == 'CUSTOMER'", task())],
    ['the company is in the stage already', rule('r', 'OrgStageChanged', 'true', 'request_transition: { to: QUALIFYING, reason: NOT_READY }')],
    ['the case is in the phase already', rule('r', 'CasePhaseChanged', 'true', 'move_phase: { to: OS-B }'), CASE],
    ['an escalation stays, whatever it is seen by', rule('r', 'CaseEscalated', 'true', 'escalate: { reason: X }'), CASE],
    ['an escalation stays', rule('r', 'CaseStatusChanged', "event.status == 'ESCALATED'", 'escalate: { reason: X }'), CASE],
    ['time lies between', "  - key: r\n    on: TaskCreated\n    after: { minutes: 1 }\n    do: [{ " + task() + ' }]\n'],
  ])('end by themselves: %s', (_, rules, head) => {
    expect(findings(rules, head)).toEqual([]);
  });

  it.each<[name: string, rules: string, head?: string]>([
    ['a condition that is not understood', rule('r', 'TaskCreated', "re2(org.current_stage, 'D')", task())],
    ['stages to and fro, behind a guard', rule('a', 'OrgStageChanged', "event.to_stage == 'QUALIFIED_LEAD'", 'request_transition: { to: QUALIFYING, reason: NOT_READY }') + rule('b', 'OrgStageChanged', "event.to_stage == 'QUALIFYING'", 'request_transition: { to: QUALIFIED_LEAD }')],
    ['phases to and fro, behind their outputs', rule('a', 'CasePhaseChanged', "event.phase == 'OS-A'", 'move_phase: { to: OS-B }') + rule('b', 'CasePhaseChanged', "event.phase == 'OS-B'", 'move_phase: { to: OS-A }'), CASE],
    ['the status goes to and fro with the work', rule('a', 'CaseStatusChanged', "event.status == 'WAITING_INTERNAL'", 'cancel_tasks: {}') + rule('b', 'CaseStatusChanged', "event.status == 'NEW'", task()), CASE],
  ])('are only suspected: %s', (_, rules, head) => {
    const lines = findings(rules, head);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^warning \d+:\d+ The rules? may never end: /);
  });

  it('are found across templates, and told in the one that is asked about', () => {
    const a = withRules(rule('a', 'TaskCreated', "event.task_type == 'GENERAL'", task('CALL_BACK')), '', 'one');
    const b = withRules(rule('b', 'TaskCreated', "event.task_type == 'CALL_BACK'", task()), '', 'two');
    expect(told([a, b], a)).toEqual([expect.stringContaining('The rules never end: a does create_task, which is TaskCreated; two.b')]);
    expect(told([a, b], b)).toEqual([expect.stringContaining('one.a')]);
    expect(told([a], a)).toEqual([]);
  });

  it('do not when the case that one opens is open already, and may when the circle closes it', () => {
    const opens = (key: string, type: string, other: string, more = '') =>
      withRules(rule('r', 'CaseOpened', 'true', `start_template: { key: ${other} }`, ...(more ? [more] : [])), CASE.replace('OPPORTUNITY', type), key);
    const [a, b] = [opens('one', 'OPPORTUNITY', 'two'), opens('two', 'INBOUND_REQUEST', 'one')];
    expect(told([a, b], a)).toEqual([]);
  });

  it('are looked for in bounded time, however many there are', () => {
    const many = Array.from({ length: 50 }, (_, index) => rule(`r${index}`, 'TaskCreated', 'true', task('GENERAL'), task('CALL_BACK'), task('SEND_OFFER'))).join('');
    const template = withRules(many);
    expect(told([template], template).length).toBeGreaterThan(0);
  });
});
