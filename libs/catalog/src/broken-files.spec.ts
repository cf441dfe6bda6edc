import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { breakText, messagesOf } from '../test/messages-of.ts';
import { loadCatalog } from './index.ts';

const shipped = join(import.meta.dirname, '../../../config');

describe('a broken file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tom-config-'));
    cpSync(shipped, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const inFolder = (name: string, part: string, replacement: string) => {
    const file = join(folder, name);
    const broken = breakText(readFileSync(file, 'utf8'), part, replacement);
    writeFileSync(file, broken.text);
    return broken.place && `${file}:${broken.place}: `;
  };

  it.each<[file: string, part: string, replacement: string, message: string]>([
    // queues.yaml, engines.yaml
    [
      'queues.yaml',
      'role: inside_sales',
      'role: «insight_sales',
      'There is no role insight_sales. (expected one of inside_sales, ops',
    ],
    ['queues.yaml', 'engine: ops', 'engine: «opps', 'There is no engine opps. (expected one of customer_inbound, ops'],
    [
      'queues.yaml',
      '  SALES_OPS:',
      '  «sales-ops:',
      'The name sales-ops cannot be used. (expected a name in UPPER_SNAKE_CASE',
    ],
    [
      'queues.yaml',
      '  SALES_OPS:',
      '  «INSIDE_SALES:',
      'The key INSIDE_SALES stands here twice. (expected it once; first in line 3',
    ],
    ['queues.yaml', '{ de: Sales Ops, en: Sales ops }', '«{ de: Sales Ops }', 'en is missing. (expected en: a text'],
    [
      'queues.yaml',
      '{ de: Sales Ops, en: Sales ops }',
      '«Sales Ops',
      'This is the text "Sales Ops". (expected a text in both languages',
    ],
    ['queues.yaml', 'queues:', '«quues:', 'There is no field quues here. (expected one of queues'],
    [
      'engines.yaml',
      'queue: SALES_OPS',
      'queue: «SALES_OPTS',
      'There is no queue SALES_OPTS. (expected one of INSIDE_SALES',
    ],
    [
      'engines.yaml',
      '- phase: OPS-B',
      '- phase: «OPS-A',
      'The phase OPS-A stands here twice. (expected each phase once',
    ],
    ['engines.yaml', 'key: risk_note', 'key: «references', 'The output references stands here twice.'],
    ['engines.yaml', 'mandatory: false', 'mandatory: «no', 'This is the text "no". (expected true or false'],
    [
      'engines.yaml',
      'type: document\n            description: { de: Über',
      'type: «paper\n            description: { de: Über',
      '"paper" is not known here. (expected one of document, information',
    ],
    // roles.yaml
    [
      'roles.yaml',
      'rights: [move_stage, reassign_tasks, draft_templates]',
      'rights: [move_stage, «reasign_tasks, draft_templates]',
      '"reasign_tasks" is not known here. (expected one of read, edit_orgs',
    ],
    [
      'roles.yaml',
      '  own_work: [',
      '  other_work: [',
      'There is no group own_work. (expected one of everyone, other_work',
    ],
    ['roles.yaml', 'rights: [read]', 'rights: «[read, read]', 'An entry stands here twice.'],
    // codes.yaml
    ['codes.yaml', 'engine: customer_inbound', 'engine: «inbound', 'There is no engine inbound.'],
    ['codes.yaml', 'rank: 4', 'rank: «3', 'The rank 3 stands here twice.'],
    ['codes.yaml', '  prospect: {', '  «suspect: {', 'There is no field suspect here. (expected one of lead, prospect'],
    [
      'codes.yaml',
      '  CALL_BACK: {',
      '  RING_BACK: {',
      'CALL_BACK is missing. (expected CALL_BACK, which the system itself uses',
    ],
    [
      'codes.yaml',
      'mandatory: [notes]\n      REACHED_GATEKEEPER',
      'mandatory: [«note]\n      REACHED_GATEKEEPER',
      '"note" is not known here. (expected one of notes, followUpAt',
    ],
    [
      'codes.yaml',
      '{ working_days: 3 }',
      '{ working_days: «0 }',
      '0 is out of range. (expected a whole number from 1 to 250',
    ],
    [
      'codes.yaml',
      '{ working_days: 3 }',
      '«{ working_days: 3, hours: 1 }',
      'This list is too long. (expected { working_days: 1 } or { hours: 2 }',
    ],
    // business.yaml
    ['business.yaml', 'Europe/Berlin', '«Europe/Bärlin', 'There is no time zone Europe/Bärlin.'],
    ['business.yaml', "end_of_day: '18:00'", 'end_of_day: «18.00', 'This is the number 18. (expected a time such as'],
    [
      'business.yaml',
      "end_of_day: '18:00'",
      "end_of_day: «'07:00'",
      'The day ends before it begins. (expected a time after 08:00',
    ],
    ['business.yaml', 'MONDAY', '«MOONDAY', '"MOONDAY" is not known here. (expected one of MONDAY'],
    ['business.yaml', '[MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]', '«[]', 'This list is too short.'],
    ['business.yaml', 'country: DE', 'country: «FR', '"FR" is not known here. (expected one of DE'],
    ['business.yaml', 'country: DE', 'country: DE, state: «Bayern', '"Bayern" is not known here. (expected one of BW, BY, BE'],
    ['business.yaml', '{ country: DE }', '«{ state: BY }', 'country is missing.'],
    // stages.yaml
    ['stages.yaml', 'version: 1', 'version: «0', '0 is out of range.'],
    ['stages.yaml', 'version: 1\n', '', 'version is missing. (expected version: a whole number'],
    [
      'stages.yaml',
      'customer: CUSTOMER',
      'customer: «CUSTOMERS',
      'There is no stage CUSTOMERS. (expected one of UNVERIFIED',
    ],
    [
      'stages.yaml',
      'customer: CUSTOMER',
      'customer: «DORMANT',
      'The stage DORMANT has the status inactive. (expected a stage with the status customer',
    ],
    ['stages.yaml', 'main_next: CUSTOMER', 'main_next: «KUNDE', 'There is no stage KUNDE.'],
    [
      'stages.yaml',
      'main_next: CUSTOMER',
      'main_next: «UNVERIFIED',
      'No transition leads from SALES_ACCEPTED to UNVERIFIED.',
    ],
    ['stages.yaml', '  GUARD_OVERRIDDEN:', '  GUARD_OVERRULED:', 'GUARD_OVERRIDDEN is missing.'],
    [
      'stages.yaml',
      'condition: cases.qualify_open',
      'condition: «case.qualify_open',
      'There is no fact case.qualify_open. (expected one of org, request, activities, tasks, cases',
    ],
    ['stages.yaml', 'condition: cases.open == 0', "condition: «cases.open == '0'", 'no such overload: int == string.'],
    [
      'stages.yaml',
      'condition: cases.open == 0',
      'condition: cases.open == 0 && «request.reason_code == 1',
      'request.reason_code may be missing. (expected has(request.reason_code)',
    ],
    ['stages.yaml', 'value: cases.open', 'value: cases.open + cases.«closed', 'There is no fact cases.closed.'],
    [
      'stages.yaml',
      'condition: cases.work_lead_open && cases.work_lead_claimed',
      "condition: cases.work_lead_open && org.status.«matches('a')",
      'matches() is not available.',
    ],
    ['stages.yaml', 'action: CLAIM_CASE', 'action: «CLAIM', '"CLAIM" is not known here. (expected one of LOG_ACTIVITY'],
    [
      'stages.yaml',
      'guard: [CONTACT_LOGGED, NEXT_STEP]',
      'guard: [CONTACT_LOGGED, «NEXT_STEPS]',
      'There is no rule NEXT_STEPS.',
    ],
    ['stages.yaml', 'reasons: [ACCEPTED]', 'reasons: [ACCEPTED, «TAKEN]', 'There is no reason TAKEN.'],
    [
      'stages.yaml',
      'default_reason: WON',
      'default_reason: «ACCEPTED',
      'There is no reason of this row ACCEPTED. (expected one of WON',
    ],
    [
      'stages.yaml',
      'default_outcome: LOST',
      'default_outcome: «LOOSE',
      'There is no outcome LOOSE. (expected one of QUALIFIED',
    ],
    ['stages.yaml', 'from: [ARCHIVED]', 'from: [«ARCHIVE]', 'There is no stage ARCHIVE.'],
    [
      'stages.yaml',
      '  - from: [ARCHIVED]\n    to: UNVERIFIED',
      '  - from: [ARCHIVED]\n    to: «ARCHIVED',
      'ARCHIVED leads to itself.',
    ],
    [
      'stages.yaml',
      'from: [UNVERIFIED, DISQUALIFIED]',
      'from: [UNVERIFIED, DISQUALIFIED, DORMANT]',
      'The transition DORMANT → QUALIFYING stands here twice.',
    ],
    [
      'stages.yaml',
      'needs_reason: true\n    reasons: [REACTIVATED]',
      'needs_reason: «true',
      'A reason is needed, but the row has none.',
    ],
    [
      'stages.yaml',
      'reasons: [REOPENED, ARCHIVED_BY_MISTAKE]',
      'reasons: [REOPENED]\n    default_reason: «REOPENED',
      'A reason that is needed has no default.',
    ],
    [
      'stages.yaml',
      '    reasons: [ACCEPTED]\n    default_reason: ACCEPTED\n',
      '    reasons: [ACCEPTED]\n',
      'default_reason is missing.',
    ],
    [
      'stages.yaml',
      'needs_reason: true\n    reasons: [REACTIVATED]',
      'need_reason: true\n    reasons: [REACTIVATED]',
      'There is no field need_reason here. (expected one of from, to',
    ],
  ])('%s: %s → %s: %s', (file, part, replacement, message) => {
    const place = inFolder(file, part, replacement);
    const messages = messagesOf(() => loadCatalog(folder));
    const told = messages.find((line) => line.includes(message));
    expect(told, messages.join('\n')).toMatch(/^.+\/\w+\.yaml:\d+:\d+: .+ \(expected .+\)$/);
    if (place) expect(told?.startsWith(place), `${told} at ${place}`).toBe(true);
  });

  it('tells the problems of all files at once, but nothing that only follows from a broken one', () => {
    inFolder('queues.yaml', '  SALES_OPS:', '  sales-ops:');
    inFolder('stages.yaml', 'condition: cases.qualify_open', 'condition: cases.qualify_opened');
    inFolder('business.yaml', 'Europe/Berlin', 'Mars/Olympus');
    rmSync(join(folder, 'roles.yaml'));
    const files = messagesOf(() => loadCatalog(folder)).map((line) => line.slice(folder.length + 1).replace(/:.*/, ''));
    expect(files).toEqual(['queues.yaml', 'roles.yaml', 'stages.yaml', 'business.yaml']);
  });
});
