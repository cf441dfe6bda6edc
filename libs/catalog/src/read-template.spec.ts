import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messagesOf } from '../test/messages-of.ts';
import { eventTypes, loadCatalog, outcomeOf, readTemplate, readTemplates, type Template } from './index.ts';

const shipped = join(import.meta.dirname, '../../../config');
const catalog = loadCatalog(shipped);
const [qualify, reactivate, workLead] = readTemplates(join(shipped, 'workflows'), catalog) as [
  Template,
  Template,
  Template,
];

const org = { org_id: 'o1', name: 'Kessler & Vogt', org_kind: 'customer', status: 'lead', current_stage: 'UNVERIFIED' };
const changed = (event: object, openTypes: readonly string[] = []) => ({
  event: { type: 'OrgStageChanged', org_kind: 'customer', ...event },
  org,
  cases: { open: openTypes.length, open_types: openTypes },
});

describe('qualify_company', () => {
  it.each([
    ['created as lead', { to_stage: 'UNVERIFIED', reason_code: 'ORG_CREATED' }, true],
    ['reopened', { from_stage: 'ARCHIVED', to_stage: 'UNVERIFIED', reason_code: 'REOPENED' }, true],
    ['given back by sales', { from_stage: 'SALES_ACCEPTED', to_stage: 'QUALIFYING' }, true],
    ['given back unclaimed', { from_stage: 'QUALIFIED_LEAD', to_stage: 'QUALIFYING' }, true],
    ['moved by itself', { from_stage: 'UNVERIFIED', to_stage: 'QUALIFYING' }, false],
    ['reactivated', { from_stage: 'DORMANT', to_stage: 'QUALIFYING' }, false],
    ['created as customer', { to_stage: 'CUSTOMER' }, false],
    ['qualified', { from_stage: 'QUALIFYING', to_stage: 'QUALIFIED_LEAD' }, false],
  ])('when %s: %j → %s', (_, event, fires) => {
    expect(qualify.trigger?.condition.evaluate(changed(event))).toBe(fires);
  });

  it('opens its case for qualified kinds and asks for QUALIFYING', () => {
    expect([...qualify.orgKinds]).toEqual(['customer', 'engineering_firm']);
    expect(qualify.trigger?.event).toBe('OrgStageChanged');
    expect(qualify.case).toMatchObject({
      caseType: 'QUALIFY_COMPANY',
      engine: 'inside_sales',
      phase: 'QUALIFY-A',
      role: 'inside_sales',
      queue: 'INSIDE_SALES',
    });
    expect(qualify.case?.title.render({ org })).toBe('Qualifizierung: Kessler & Vogt');
    expect(qualify.transition).toEqual({ to: 'QUALIFYING', reason: 'CASE_OPENED' });
  });

  it('creates six tasks', () => {
    const row = (task: Template['tasks'][number]) => [
      task.taskType,
      task.title.render({ org }),
      `${task.queue} / ${task.role}`,
      task.dueInWorkingDays,
      task.priority,
    ];
    expect(qualify.tasks.map(row)).toEqual([
      ['OPS_DATA_CHECK', 'Basisdaten prüfen / Dublettencheck', 'SALES_OPS / ops', 1, 'HIGH'],
      ['ADD_CONTACT_POINTS', 'Telefon, Webseite, Domain ergänzen', 'SALES_OPS / ops', 2, 'NORMAL'],
      ['FIRST_OUTREACH', 'Erstkontakt versuchen', 'INSIDE_SALES / inside_sales', 2, 'NORMAL'],
      ['IDENTIFY_CONTACT', 'Ansprechpartner ermitteln', 'INSIDE_SALES / inside_sales', 5, 'NORMAL'],
      ['FIT_ASSESSMENT', 'Fit, Branche, Anwendungsfall prüfen', 'INSIDE_SALES / inside_sales', 7, 'NORMAL'],
      [
        'CHECK_RELATION_SIGNALS',
        'Beziehungssignale prüfen (Konzern, Empfehlung, Berater)',
        'INSIDE_SALES / inside_sales',
        7,
        'NORMAL',
      ],
    ]);
  });

  it('ends qualified, disqualified or dormant', () => {
    expect(qualify.completion.map(({ outcome, stage }) => [outcome, stage])).toEqual([
      ['QUALIFIED', 'QUALIFIED_LEAD'],
      ['DISQUALIFIED', 'DISQUALIFIED'],
      ['DORMANT', 'DORMANT'],
    ]);
  });

  it('explains which part kept it from starting', () => {
    const explanation = workLead.trigger?.condition.explain(changed({ to_stage: 'QUALIFIED_LEAD' }, ['WORK_LEAD']));
    expect(explanation).toEqual({
      result: false,
      parts: [
        { source: "event.to_stage == 'QUALIFIED_LEAD'", value: { 'event.to_stage': 'QUALIFIED_LEAD' }, result: true },
        { source: "!('WORK_LEAD' in cases.open_types)", value: { 'cases.open_types': ['WORK_LEAD'] }, result: false },
      ],
    });
  });
});

describe('work_lead', () => {
  it.each([
    ['qualified', { from_stage: 'QUALIFYING', to_stage: 'QUALIFIED_LEAD' }, [], true],
    ['created as prospect', { to_stage: 'QUALIFIED_LEAD' }, [], true],
    [
      'released, its case still open',
      { from_stage: 'SALES_ACCEPTED', to_stage: 'QUALIFIED_LEAD' },
      ['WORK_LEAD'],
      false,
    ],
    ['qualified with another case open', { to_stage: 'QUALIFIED_LEAD' }, ['OPPORTUNITY'], true],
    ['accepted', { to_stage: 'SALES_ACCEPTED' }, [], false],
  ])('when %s: %j, %j → %s', (_, event, open, fires) => {
    expect(workLead.trigger?.condition.evaluate(changed(event, open))).toBe(fires);
  });

  it('creates four tasks and moves nothing by itself', () => {
    expect(workLead.tasks.map((task) => [task.taskType, task.dueInWorkingDays, task.priority, task.queue])).toEqual([
      ['INTRO_MEETING', 3, 'HIGH', 'OUTSIDE_SALES'],
      ['NEEDS_ANALYSIS', 7, 'NORMAL', 'OUTSIDE_SALES'],
      ['SEND_OFFER', 14, 'NORMAL', 'OUTSIDE_SALES'],
      ['FOLLOW_UP_OFFER', 21, 'NORMAL', 'OUTSIDE_SALES'],
    ]);
    expect(workLead.transition).toBeUndefined();
  });

  it('asks for SALES_ACCEPTED when outside sales claims it', () => {
    const [rule] = workLead.rules;
    expect(rule).toMatchObject({
      on: 'CaseClaimed',
      actions: [{ kind: 'request_transition', to: 'SALES_ACCEPTED', reason: 'ACCEPTED' }],
    });
    expect(rule?.condition.evaluate({ event: { claimed_by_role: 'outside_sales' } })).toBe(true);
    expect(rule?.condition.evaluate({ event: { claimed_by_role: 'inside_sales' } })).toBe(false);
  });

  it('ends in five ways', () => {
    expect(Object.fromEntries(workLead.completion.map(({ outcome, stage }) => [outcome, stage]))).toEqual({
      WON: 'CUSTOMER',
      LOST: 'DISQUALIFIED',
      DISQUALIFIED: 'DISQUALIFIED',
      DORMANT: 'DORMANT',
      RETURNED: 'QUALIFYING',
    });
  });

  it.each([
    ['SALES_ACCEPTED', 'DISQUALIFIED', 'LOST'],
    ['QUALIFIED_LEAD', 'DISQUALIFIED', 'DISQUALIFIED'],
    ['SALES_ACCEPTED', 'CUSTOMER', 'WON'],
    ['QUALIFIED_LEAD', 'QUALIFYING', 'RETURNED'],
    ['QUALIFIED_LEAD', 'SALES_ACCEPTED', undefined],
    ['SALES_ACCEPTED', 'ARCHIVED', undefined],
  ])('takes a move from %s to %s for %s', (from, to, outcome) => {
    expect(outcomeOf(workLead, from, to)).toBe(outcome);
  });
});

describe('the content hash', () => {
  const again = (text: string) => readTemplate(text, 'x.yaml', catalog).contentHash;

  it('does not change with layout, comments or the order of fields', () => {
    const text = qualify.source
      .replace('version: 2\n', '')
      .replace('key: qualify_company\n', 'version: 2   # still\nkey: "qualify_company"\n\n\n');
    expect(text).not.toBe(qualify.source);
    expect(again(text)).toBe(qualify.contentHash);
  });

  it.each([
    ['a title', 'Erstkontakt versuchen', 'Erstkontakt suchen'],
    ['a due date', 'due_in_working_days: 5', 'due_in_working_days: 6'],
    ['the condition', "event.to_stage == 'UNVERIFIED'", "event.to_stage == 'DORMANT'"],
  ])('changes with %s', (_, text, other) => {
    expect(qualify.source).toContain(text);
    expect(again(qualify.source.replace(text, other))).not.toBe(qualify.contentHash);
  });

  it('changes with the order of tasks', () => {
    const tasks = qualify.source.split(/(?= {2}- key: )/);
    const [head = '', first = '', second = '', ...rest] = tasks;
    expect(again([head, second, first, ...rest].join(''))).not.toBe(qualify.contentHash);
  });
});

it('knows where each part stands in the source', () => {
  const lines = qualify.source.split('\n');
  const at = (path: (string | number)[]) => {
    const { start } = qualify.range(path);
    return lines[start.line - 1]?.slice(start.column - 1);
  };
  expect(at(['tasks', 2])).toBe('key: first_outreach');
  expect(at(['tasks', 2, 'title'])).toBe('Erstkontakt versuchen');
  expect(at(['completion', 1, 'stage'])).toBe('DISQUALIFIED');
  const { start, end } = qualify.range(['case']);
  expect([lines[start.line - 1], end.line - start.line]).toEqual(['  type: QUALIFY_COMPANY', 7]);
});

it('reads what rules do, how long they wait and what lets them begin anew', () => {
  const rule = (key: string) => qualify.rules.find((each) => each.key === key);
  expect(rule('no_activity')).toMatchObject({
    on: 'CaseOpened',
    after: { unit: 'days', amount: 14 },
    restartsOn: ['ActivityLogged'],
    actions: [{ kind: 'escalate', reason: 'NO_ACTIVITY' }],
  });
  expect(rule('bounced_email')).toMatchObject({
    restartsOn: [],
    actions: [{ kind: 'create_task', task: { taskType: 'ADD_CONTACT_POINTS', dueInWorkingDays: 1, toActor: false } }],
  });
  expect(rule('bounced_email')?.after).toBeUndefined();
  expect(reactivate.case).toBeUndefined();
  expect(reactivate.rules[0]?.actions).toEqual([{ kind: 'start_template', key: 'qualify_company' }]);
});

describe('a folder of templates', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tom-workflows-'));
    cpSync(join(shipped, 'workflows'), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('may hold several versions of a key', () => {
    writeFileSync(join(folder, 'work_lead_2.yaml'), workLead.source.replace('version: 1', 'version: 2'));
    expect(readTemplates(folder, catalog).map(({ key, version }) => [key, version])).toEqual([
      ['qualify_company', 2],
      ['reactivate_dormant', 1],
      ['work_lead', 1],
      ['work_lead', 2],
    ]);
  });

  it('may not hold a version twice, nor two keys for one type of case', () => {
    writeFileSync(join(folder, 'x.yaml'), workLead.source);
    writeFileSync(join(folder, 'y.yaml'), workLead.source.replace('key: work_lead', 'key: other_lead'));
    expect(
      messagesOf(() => readTemplates(folder, catalog)).map((message) => message.replaceAll(`${folder}/`, '')),
    ).toEqual([
      'x.yaml:2:10: work_lead.yaml is the same version of work_lead. (expected each version once)',
      'y.yaml:13:9: work_lead.yaml opens cases of the type WORK_LEAD too. (expected one template for each type)',
      'y.yaml:13:9: x.yaml opens cases of the type WORK_LEAD too. (expected one template for each type)',
    ]);
  });

  it('may not start a template that is not there, or opens no case, or is the same', () => {
    const starting = (key: string) => reactivate.source.replace('key: qualify_company', `key: ${key}`);
    for (const key of ['nothing', 'reactivate_dormant']) {
      writeFileSync(join(folder, 'reactivate_dormant.yaml'), starting(key));
      expect(messagesOf(() => readTemplates(folder, catalog))[0]).toContain(
        `There is no other template ${key} that opens a case. (expected one of qualify_company, work_lead)`,
      );
    }
  });

  it('tells the problems of every file', () => {
    writeFileSync(join(folder, 'x.yaml'), 'key: 1\n');
    writeFileSync(join(folder, 'y.yaml'), 'a: [\n');
    const files = messagesOf(() => readTemplates(folder, catalog)).map((message) =>
      message.slice(folder.length + 1, folder.length + 7),
    );
    expect(new Set(files)).toEqual(new Set(['x.yaml', 'y.yaml']));
  });
});

it('knows every event that rules may be on, with the fields of each', () => {
  expect(Object.keys(eventTypes)).toEqual([
    'OrgStageChanged',
    'ActivityLogged',
    'TaskCreated',
    'TaskCompleted',
    'TaskCancelled',
    'TaskBecameOverdue',
    'CaseOpened',
    'CaseClaimed',
    'CaseReleased',
    'CaseRequirementFulfilled',
    'CasePhaseChanged',
    'CaseHandedOver',
    'CaseReturned',
    'CaseStatusChanged',
    'CaseEscalated',
    'CaseClosed',
  ]);
  const read = (on: string, condition: string) => () =>
    readTemplate(`{ key: x, version: 1, description: x, org_kinds: qualified, rules: [{ key: r, on: ${on}, condition: "${condition}",
      do: [{ create_task: { type: GENERAL, title: x, queue: SALES_OPS, role: ops, due_in_working_days: 1, priority: LOW } }] }] }`,
      'x.yaml', catalog);
  expect(read('CaseReturned', "event.return_count >= 2 && event.from_engine == 'ops'")).not.toThrow();
  expect(read('CaseHandedOver', "event.queue == 'SALES_OPS' && event.role == 'ops'")).not.toThrow();
  expect(read('CasePhaseChanged', "event.phase == 'OPS-B'")).not.toThrow();
  expect(messagesOf(read('CaseReturned', "event.from_engine == 'opps'"))[0]).toContain("event.from_engine is never 'opps'");
  expect(messagesOf(read('CaseReturned', "event.reason == 'x'"))[0]).toContain('reason');
});
