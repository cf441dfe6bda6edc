import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { breakText, messagesOf } from '../test/messages-of.ts';
import { loadCatalog, readTemplate } from './index.ts';

const shipped = join(import.meta.dirname, '../../../config');
const catalog = loadCatalog(shipped);

describe('a broken template', () => {
  const source = readFileSync(join(shipped, 'workflows/work_lead.yaml'), 'utf8');

  it.each<[part: string, replacement: string, message: string]>([
    ['version: 1', "version: «'1'", 'This is the text "1". (expected a whole number from 1 to 1000000)'],
    ['key: work_lead', 'key: «Work-Lead', '"Work-Lead" is not known here. (expected a name in lower_snake_case)'],
    [
      'org_kinds: qualified',
      'org_kinds: «[customer]',
      '["customer"] is not known here. (expected one of qualified, any)',
    ],
    ['event: OrgStageChanged', 'event: «OrgCreate', '"OrgCreate" is not known here. (expected one of OrgStageChanged,'],
    ['trigger:', '«triggers:', 'There is no field triggers here. (expected one of key, version, description,'],
    [
      'event.to_stage ==',
      'event.«stage ==',
      'There is no fact event.stage. (expected one of event.type, event.from_stage,',
    ],
    ["event.to_stage == 'QUALIFIED_LEAD'", '«event.to_stage == 1', 'no such overload: string == int.'],
    [
      "event.to_stage == 'QUALIFIED_LEAD'",
      "«event.from_stage == 'X'",
      'event.from_stage may be missing. (expected has(',
    ],
    [
      "event.to_stage == 'QUALIFIED_LEAD'",
      "«case.engine == 'X'",
      'There is no fact case.engine. (expected one of event, org, cases)',
    ],
    ["event.to_stage == 'QUALIFIED_LEAD'", "re2(org.org_kind, «'(')", 'The pattern cannot be used'],
    [
      'type: WORK_LEAD',
      'type: «WORK_LEED',
      'There is no case type WORK_LEED. (expected one of QUALIFY_COMPANY, WORK_LEAD,',
    ],
    [
      'engine: outside_sales',
      'engine: «outside',
      'There is no engine outside. (expected one of customer_inbound, ops,',
    ],
    ['phase: OS-A', 'phase: «QUALIFY-A', 'There is no phase of outside_sales QUALIFY-A. (expected one of OS-A, OS-B)'],
    ['phase: OS-A', 'phase: «os a', '"os a" is not known here. (expected a phase such as QUALIFY-A)'],
    ['  phase: OS-A\n', '', 'phase is missing. (expected phase: a phase such as QUALIFY-A)'],
    [
      "'Lead bearbeiten: {{ org.name }}'",
      "'Lead bearbeiten: {{ «org.nam }}'",
      '{{ org.nam }} cannot be shown here. (expected one of org.org_id,',
    ],
    [
      "'Lead bearbeiten: {{ org.name }}'",
      "'Lead bearbeiten: «{{ org.name }'",
      'The placeholder is not closed. (expected {{ path }})',
    ],
    ['title: Erstgespräch führen', "title: 'Gespräch {{ «event.type }}'", '{{ event.type }} cannot be shown here.'],
    [
      'type: INTRO_MEETING',
      'type: «INTRO_MEETINGS',
      'There is no task type INTRO_MEETINGS. (expected one of OPS_DATA_CHECK,',
    ],
    ['- key: send_offer', '- key: «needs_analysis', 'The task needs_analysis stands here twice.'],
    [
      'due_in_working_days: 14',
      'due_in_working_days: «1.5',
      'This is the number 1.5. (expected a whole number from 0 to 250)',
    ],
    [
      'due_in_working_days: 14',
      'due_in_days: 14',
      'There is no field due_in_days here. (expected one of key, type, title,',
    ],
    [
      'due_in_working_days: 3\n    priority: HIGH',
      'due_in_working_days: 3\n    priority: «TOP',
      'There is no priority TOP. (expected one of URGENT, HIGH,',
    ],
    ["'QUALIFIED_LEAD'", "«'QUALIFIED'", "event.to_stage is never 'QUALIFIED'. (expected one of UNVERIFIED,"],
    ["'WORK_LEAD' in", "«'WORK_LEED' in", "cases.open_types is never 'WORK_LEED'. (expected one of QUALIFY_COMPANY,"],
    [
      "'outside_sales'",
      "«'field_sales'",
      "event.claimed_by_role is never 'field_sales'. (expected one of inside_sales,",
    ],
    ['on: CaseClaimed', 'on: «CaseGrabbed', '"CaseGrabbed" is not known here. (expected one of OrgStageChanged,'],
    [
      'on: CaseClaimed',
      'on: ActivityLogged',
      'There is no fact event.claimed_by_role. (expected one of event.type, event.activity_type,',
    ],
    [
      'event.claimed_by_role ==',
      'case.nothing == 1 || event.claimed_by_role ==',
      'There is no fact case.nothing. (expected one of case.case_id,',
    ],
    ['to: SALES_ACCEPTED', 'to: «SALES', 'There is no stage SALES. (expected one of UNVERIFIED,'],
    ['reason: ACCEPTED', 'reason: «WON', 'There is no reason for SALES_ACCEPTED WON. (expected one of ACCEPTED)'],
    [
      'to: SALES_ACCEPTED\n          reason: ACCEPTED',
      '«to: DORMANT',
      'reason is missing. (expected reason: one of NO_CURRENT_NEED,',
    ],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n          reason: ACCEPTED',
      'create_task: «{ type: GENERAL }',
      'title is missing. (expected title: ',
    ],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n          reason: ACCEPTED',
      'create_task: { type: «GENERALS, title: x, queue: OUTSIDE_SALES, role: outside_sales, due_in_working_days: 1, priority: HIGH }',
      'There is no task type GENERALS.',
    ],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n          reason: ACCEPTED',
      'create_task: { type: GENERAL, title: x, queue: «OUTSIDE, role: outside_sales, due_in_working_days: 1, priority: HIGH }',
      'There is no queue OUTSIDE.',
    ],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n          reason: ACCEPTED',
      'create_task: { type: GENERAL, title: x, queue: OUTSIDE_SALES, role: outside_sales, due_in_working_days: 1, priority: «TOP }',
      'There is no priority TOP.',
    ],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n          reason: ACCEPTED',
      'cancel_tasks: { types: [«OFFER] }',
      'There is no task type OFFER.',
    ],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n          reason: ACCEPTED',
      'move_phase: { to: «QUALIFY-A }',
      'There is no phase of outside_sales QUALIFY-A. (expected one of OS-A, OS-B)',
    ],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n          reason: ACCEPTED',
      "add_note: { body: 'x {{ «event.type }}' }",
      '{{ event.type }} cannot be shown here.',
    ],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n          reason: ACCEPTED',
      'set_priority: { to: «TOP }',
      'There is no priority TOP.',
    ],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n          reason: ACCEPTED',
      'escalate: «{}',
      'reason is missing. (expected reason: ',
    ],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n          reason: ACCEPTED',
      'start_template: «{}',
      'key is missing. (expected key: ',
    ],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n          reason: ACCEPTED',
      '«send_mail: {}',
      'There is no field send_mail here. (expected one of request_transition, create_task,',
    ],
    ['on: CaseClaimed', 'on: CaseClaimed\n    after: «{}', 'expected one of working_days,'],
    ['on: CaseClaimed', 'on: CaseClaimed\n    after: { weeks: 2 }', 'There is no field weeks here.'],
    ['on: CaseClaimed', 'on: CaseClaimed\n    «restarts_on: [CaseOpened]', 'There is no waiting to begin anew.'],
    [
      'request_transition:\n          to: SALES_ACCEPTED\n',
      'request_transition:\n',
      'to is missing. (expected to: a name in UPPER_SNAKE_CASE)',
    ],
    ['outcome: LOST', 'outcome: «WON', 'The outcome WON stands here twice.'],
    ['outcome: LOST', 'outcome: «GONE', 'There is no outcome GONE. (expected one of QUALIFIED,'],
    ['stage: CUSTOMER', 'stage: «KUNDE', 'There is no stage KUNDE. (expected one of UNVERIFIED,'],
    [
      'stage: CUSTOMER',
      'stage: CUSTOMER\n    requires: [exit_criterion, «offer]',
      'There is no output offer. (expected one of decision_maker,',
    ],
    [
      'completion:',
      'required_outputs:\n  - { key: offer, phase: «OPS-A, type: document, description: { de: A, en: A }}\ncompletion:',
      'There is no phase OPS-A. (expected one of OS-A, OS-B)',
    ],
    ['completion:', 'rules:\n', 'The key rules stands here twice.'],
    ['key: work_lead', '__proto__: { key: x }\nkey: work_lead', 'The key cannot be used.'],
    [
      'priority: NORMAL\n\ntasks:',
      'priority: &p NORMAL\n  description: *p\n\ntasks:',
      'Aliases such as *p are not available.',
    ],
  ])('%s → %s: %s', (part, replacement, message) => {
    const broken = breakText(source, part, replacement);
    const messages = messagesOf(() => readTemplate(broken.text, 'work_lead.yaml', catalog));
    const told = messages.find((line) => line.includes(message));
    expect(told, messages.join('\n')).toMatch(/^work_lead\.yaml:\d+:\d+: .+ \(expected .+\)$/);
    if (broken.place)
      expect(told?.startsWith(`work_lead.yaml:${broken.place}: `), `${told} at ${broken.place}`).toBe(true);
  });

  it('names the queue that is not worked by the role, for the case and for each task', () => {
    const broken = source.replaceAll('queue: OUTSIDE_SALES', 'queue: INSIDE_SALES');
    const messages = messagesOf(() => readTemplate(broken, 'x.yaml', catalog));
    expect(messages).toHaveLength(5);
    for (const message of messages) {
      expect(message).toContain('The queue INSIDE_SALES is not worked by outside_sales. (expected inside_sales)');
    }
  });

  it('names the role that does not lead the engine', () => {
    const broken = source.replace('engine: outside_sales', 'engine: ops').replace('phase: OS-A', 'phase: OPS-A');
    expect(messagesOf(() => readTemplate(broken, 'x.yaml', catalog))).toEqual([
      'x.yaml:16:9: outside_sales is not the role of ops. (expected ops)',
    ]);
  });

  it('tells all problems at once, in the order of the file', () => {
    const broken = source
      .replace('type: WORK_LEAD', 'type: X')
      .replace('type: SEND_OFFER', 'type: Y')
      .replace("== 'outside_sales'", '== 1')
      .replace('outcome: WON', 'outcome: Z');
    const messages = messagesOf(() => readTemplate(broken, 'x.yaml', catalog));
    expect(messages.map((message) => message.replace(/^\S+ /, '').replace(/ \(.*/, ''))).toEqual([
      'There is no case type X.',
      'There is no task type Y.',
      'no such overload: string == int.',
      'There is no outcome Z.',
    ]);
  });

  it('cannot be closed without an outcome', () => {
    const broken = source.replace(/completion:[^]*/, '');
    expect(messagesOf(() => readTemplate(broken, 'x.yaml', catalog))).toEqual([
      'x.yaml:12:1: The case can never be closed. (expected completion: with at least one outcome)',
    ]);
  });

  it('may have rules only, but then neither trigger, tasks nor completion', () => {
    const head = 'key: a\nversion: 1\ndescription: b\n';
    const rules = 'rules:\n  - key: r\n    on: OrgStageChanged\n    do: [{ request_transition: { to: CUSTOMER } }]\n';
    const template = readTemplate(head + rules, 'x.yaml', catalog);
    expect([template.case, template.tasks, template.rules.length]).toEqual([undefined, [], 1]);
    expect(template.rules[0]?.condition.evaluate({})).toBe(true);
    expect([...template.orgKinds]).toHaveLength(6);
    const more = 'tasks: []\ntrigger: { event: OrgStageChanged }\ncompletion: []\n';
    expect(messagesOf(() => readTemplate(head + rules + more, 'x.yaml', catalog))).toEqual([
      'x.yaml:8:1: tasks needs a case. (expected case: { type: …, engine: …, … })',
      'x.yaml:9:1: trigger needs a case. (expected case: { type: …, engine: …, … })',
      'x.yaml:10:1: completion needs a case. (expected case: { type: …, engine: …, … })',
    ]);
    expect(messagesOf(() => readTemplate(head, 'x.yaml', catalog))).toEqual([
      'x.yaml:1:6: The template does nothing. (expected a case or rules)',
    ]);
  });

  it.each([
    ['', 'x.yaml:1:1: This is empty. (expected a group of fields'],
    ['just words', 'x.yaml:1:1: This is the text "just words". (expected a group of fields'],
    ['\0', 'x.yaml:1:1: The file contains a control character.'],
    ['a: &a [*a, *a]', 'x.yaml:1:8: Aliases such as *a are not available.'],
    ['x'.repeat(300_000), 'x.yaml:1:1: The file is too large.'],
  ])('is refused though it is hardly one: %j', (text, message) => {
    expect(messagesOf(() => readTemplate(text, 'x.yaml', catalog)).join('\n')).toContain(message);
  });
});
