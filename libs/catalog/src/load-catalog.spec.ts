import { join } from 'node:path';
import { evaluateGuard } from '@tom/rules';
import { describe, expect, it } from 'vitest';
import { loadCatalog, type StageFacts, type StageTransition } from './index.ts';

const shipped = join(import.meta.dirname, '../../../config');
const catalog = loadCatalog(shipped);
const { stages, codes } = catalog;

describe('the shipped stages', () => {
  const person = 'person';
  const workflow = 'workflow';
  const noFit = ['NO_FIT', 'NO_BUDGET', 'COMPETITOR', 'OUT_OF_BUSINESS', 'DUPLICATE', 'NOT_REACHABLE', 'OTHER'];
  const later = ['NO_CURRENT_NEED', 'BUDGET_LATER', 'CONTACT_UNAVAILABLE', 'TIMING', 'OTHER'];
  const back = ['NOT_READY', 'WRONG_CONTACT', 'DATA_INCOMPLETE', 'OTHER'];
  const lost = ['LOST_PRICE', 'LOST_COMPETITOR', 'LOST_NO_DECISION', 'LOST_NO_FIT', 'OTHER'];
  const table: [
    from: string,
    to: string,
    setBy: string,
    guard: string[],
    needsReason: boolean,
    reasons: string[],
    usual?: string,
  ][] = [
    ['UNVERIFIED', 'QUALIFYING', workflow, ['QUALIFY_CASE_OPEN'], false, ['CASE_OPENED', 'REACTIVATED'], 'CASE_OPENED'],
    ['UNVERIFIED', 'DISQUALIFIED', person, [], true, noFit],
    ['UNVERIFIED', 'ARCHIVED', person, ['NO_OPEN_CASE'], false, []],
    ['QUALIFYING', 'QUALIFIED_LEAD', person, ['CONTACT_LOGGED', 'NEXT_STEP'], false, []],
    ['QUALIFYING', 'DISQUALIFIED', person, [], true, noFit],
    ['QUALIFYING', 'DORMANT', person, ['NEXT_STEP_FUTURE'], true, later],
    ['QUALIFYING', 'ARCHIVED', person, ['NO_OPEN_CASE'], false, []],
    ['QUALIFIED_LEAD', 'DISQUALIFIED', person, [], true, noFit],
    ['QUALIFIED_LEAD', 'DORMANT', person, ['NEXT_STEP_FUTURE'], true, later],
    ['QUALIFIED_LEAD', 'SALES_ACCEPTED', workflow, ['WORK_LEAD_CLAIMED'], false, ['ACCEPTED'], 'ACCEPTED'],
    ['QUALIFIED_LEAD', 'QUALIFYING', person, [], true, back],
    ['QUALIFIED_LEAD', 'ARCHIVED', person, ['NO_OPEN_CASE'], false, []],
    ['SALES_ACCEPTED', 'DORMANT', person, ['NEXT_STEP_FUTURE'], true, later],
    ['SALES_ACCEPTED', 'QUALIFYING', person, [], true, back],
    ['SALES_ACCEPTED', 'CUSTOMER', person, [], false, ['WON'], 'WON'],
    ['SALES_ACCEPTED', 'QUALIFIED_LEAD', person, [], true, ['NO_CAPACITY', 'WRONG_TERRITORY', 'OTHER']],
    ['SALES_ACCEPTED', 'DISQUALIFIED', person, [], true, lost],
    ['SALES_ACCEPTED', 'ARCHIVED', person, ['NO_OPEN_CASE'], false, []],
    ['CUSTOMER', 'DORMANT', person, ['NEXT_STEP_FUTURE'], true, later],
    ['CUSTOMER', 'ARCHIVED', person, ['NO_OPEN_CASE'], false, []],
    [
      'DISQUALIFIED',
      'QUALIFYING',
      workflow,
      ['QUALIFY_CASE_OPEN'],
      false,
      ['CASE_OPENED', 'REACTIVATED'],
      'CASE_OPENED',
    ],
    ['DISQUALIFIED', 'ARCHIVED', person, ['NO_OPEN_CASE'], false, []],
    ['DORMANT', 'QUALIFYING', workflow, ['QUALIFY_CASE_OPEN'], false, ['REACTIVATED', 'CASE_OPENED'], 'REACTIVATED'],
    ['DORMANT', 'CUSTOMER', person, ['WAS_CUSTOMER'], true, ['REACTIVATED']],
    ['DORMANT', 'ARCHIVED', person, ['NO_OPEN_CASE'], false, []],
    ['ARCHIVED', 'UNVERIFIED', person, [], true, ['REOPENED', 'ARCHIVED_BY_MISTAKE']],
  ];

  it('are the whole table and nothing else', () => {
    const row = (transition: StageTransition) => [
      transition.from,
      transition.to,
      transition.setBy,
      transition.guard.map(({ rule }) => rule),
      transition.needsReason,
      transition.reasons.map(({ code }) => code),
      ...(transition.defaultReason === undefined ? [] : [transition.defaultReason]),
    ];
    const order = (a: unknown[], b: unknown[]) =>
      `${String(a[0])} ${String(a[1])}` < `${String(b[0])} ${String(b[1])}` ? -1 : 1;
    expect(stages.transitions.map(row).sort(order)).toEqual([...table].sort(order));
  });

  it('find a row by its ends and all rows of a stage', () => {
    expect(stages.find('QUALIFYING', 'QUALIFIED_LEAD')?.guard).toHaveLength(2);
    expect(stages.find('QUALIFYING', 'CUSTOMER')).toBeUndefined();
    expect(
      stages
        .from('CUSTOMER')
        .map(({ to }) => to)
        .sort(),
    ).toEqual(['ARCHIVED', 'DORMANT']);
    expect(stages.from('NOWHERE')).toEqual([]);
  });

  it('give a status to every stage and a stage to every status', () => {
    expect(Object.fromEntries([...stages.stages.values()].map(({ stage, status }) => [stage, status]))).toEqual({
      UNVERIFIED: 'lead',
      QUALIFYING: 'lead',
      QUALIFIED_LEAD: 'prospect',
      SALES_ACCEPTED: 'prospect',
      CUSTOMER: 'customer',
      DORMANT: 'inactive',
      DISQUALIFIED: 'inactive',
      ARCHIVED: 'inactive',
    });
    expect(['lead', 'prospect', 'customer', 'inactive'].map((status) => stages.initial(status as 'lead'))).toEqual([
      'UNVERIFIED',
      'QUALIFIED_LEAD',
      'CUSTOMER',
      'DORMANT',
    ]);
  });

  it('have one main path', () => {
    const path = ['UNVERIFIED'];
    for (let next = stages.stages.get('UNVERIFIED')?.mainNext; next; next = stages.stages.get(next)?.mainNext)
      path.push(next);
    expect(path).toEqual(['UNVERIFIED', 'QUALIFYING', 'QUALIFIED_LEAD', 'SALES_ACCEPTED', 'CUSTOMER']);
  });

  it('ask for a note with OTHER alone, and may name a company with DUPLICATE alone', () => {
    const all = [...stages.reasons.values()];
    expect(all.filter(({ needsNote }) => needsNote).map(({ code }) => code)).toEqual(['OTHER']);
    expect(all.filter(({ namesOrg }) => namesOrg).map(({ code }) => code)).toEqual(['DUPLICATE']);
  });

  it('take a move from sales to disqualified for lost', () => {
    expect(stages.find('SALES_ACCEPTED', 'DISQUALIFIED')?.defaultOutcome).toBe('LOST');
    expect(stages.transitions.filter(({ defaultOutcome }) => defaultOutcome)).toHaveLength(1);
  });

  it('speak to nobody in particular', () => {
    const texts = [...stages.rules.values()].flatMap(({ message, hint }) => [message, ...(hint ? [hint] : [])]);
    for (const { de, en } of texts) {
      expect(de).not.toMatch(/\b(du|dich|dir|dein\w*|Sie|Ihnen|Ihr\w*)\b|!/);
      expect(en).not.toMatch(/\b(you|your)\b|!/i);
    }
  });
});

describe('the shipped guards', () => {
  const none: StageFacts = {
    org: {
      org_kind: 'customer',
      status: 'lead',
      current_stage: 'QUALIFYING',
      stage_since: '2026-03-02T08:00:00.000Z',
      was_customer: false,
    },
    request: { has_note: false },
    activities: { contacts_since_case: 0, pending_follow_ups: 0 },
    tasks: { next_steps_today: 0, next_steps_future: 0 },
    cases: { open: 0, open_types: [], qualify_open: false, work_lead_open: false, work_lead_claimed: false, missing_outputs: [] },
  };
  type Change = { readonly [Group in keyof StageFacts]?: Partial<StageFacts[Group]> };
  const given = (change: Change) =>
    Object.fromEntries(
      Object.entries(none).map(([group, facts]) => [group, { ...facts, ...change[group as keyof StageFacts] }]),
    );
  const unmet = (from: string, to: string, change: Change) => {
    const row = stages.find(from, to);
    if (!row) throw new Error(`no row ${from} → ${to}`);
    return evaluateGuard(row.guard, given(change)).unmet.map(({ rule }) => rule);
  };

  it.each<[string, string, Change, string[]]>([
    ['QUALIFYING', 'QUALIFIED_LEAD', {}, ['CONTACT_LOGGED', 'NEXT_STEP']],
    ['QUALIFYING', 'QUALIFIED_LEAD', { activities: { contacts_since_case: 1 } }, ['NEXT_STEP']],
    ['QUALIFYING', 'QUALIFIED_LEAD', { tasks: { next_steps_today: 1 } }, ['CONTACT_LOGGED']],
    ['QUALIFYING', 'QUALIFIED_LEAD', { activities: { contacts_since_case: 1, pending_follow_ups: 1 } }, []],
    ['QUALIFYING', 'QUALIFIED_LEAD', { activities: { contacts_since_case: 2 }, tasks: { next_steps_today: 1 } }, []],
    ['QUALIFYING', 'DORMANT', { tasks: { next_steps_today: 1 } }, ['NEXT_STEP_FUTURE']],
    ['QUALIFYING', 'DORMANT', { tasks: { next_steps_future: 1 } }, []],
    ['CUSTOMER', 'DORMANT', { activities: { pending_follow_ups: 1 } }, []],
    ['UNVERIFIED', 'QUALIFYING', {}, ['QUALIFY_CASE_OPEN']],
    ['DORMANT', 'QUALIFYING', { cases: { qualify_open: true } }, []],
    ['QUALIFIED_LEAD', 'SALES_ACCEPTED', { cases: { work_lead_open: true } }, ['WORK_LEAD_CLAIMED']],
    ['QUALIFIED_LEAD', 'SALES_ACCEPTED', { cases: { work_lead_claimed: true } }, ['WORK_LEAD_CLAIMED']],
    ['QUALIFIED_LEAD', 'SALES_ACCEPTED', { cases: { work_lead_open: true, work_lead_claimed: true } }, []],
    ['DORMANT', 'CUSTOMER', {}, ['WAS_CUSTOMER']],
    ['DORMANT', 'CUSTOMER', { org: { was_customer: true } }, []],
    ['CUSTOMER', 'ARCHIVED', { cases: { open: 1 } }, ['NO_OPEN_CASE']],
    ['CUSTOMER', 'ARCHIVED', {}, []],
    ['ARCHIVED', 'UNVERIFIED', {}, []],
  ])('%s → %s with %j leave %j open', (from, to, change, rules) => {
    expect(unmet(from, to, change)).toEqual(rules);
  });

  it('offer a way out of every unmet rule', () => {
    for (const { guard } of stages.transitions) {
      for (const rule of evaluateGuard(guard, given({ cases: { open: 1 } })).unmet) {
        expect(rule.hint?.de).toBeTruthy();
        expect(rule.fix?.action).toMatch(/^[A-Z_]+$/);
      }
    }
  });
});

describe('the shipped lists', () => {
  it('have the codes of the domain', () => {
    const names = (list: ReadonlyMap<string, unknown>) => [...list.keys()].join(' ');
    const outcomes = (type: string) => names(codes.activityTypes.get(type)?.outcomes ?? new Map());
    expect(names(codes.activityTypes)).toBe('CALL EMAIL MEETING RESEARCH NOTE');
    expect(outcomes('CALL')).toBe(
      'REACHED_DECISION_MAKER REACHED_GATEKEEPER NO_ANSWER LEFT_VOICEMAIL CALL_BACK_REQUESTED ' +
        'WRONG_NUMBER NOT_INTERESTED',
    );
    expect(outcomes('EMAIL')).toBe('SENT REPLIED BOUNCED');
    expect(outcomes('MEETING')).toBe('HELD NO_SHOW RESCHEDULED');
    expect(outcomes('RESEARCH')).toBe('FACTS_FOUND NOTHING_FOUND');
    expect(outcomes('NOTE')).toBe('');
    expect(names(codes.taskTypes)).toBe(
      'OPS_DATA_CHECK ADD_CONTACT_POINTS FIRST_OUTREACH IDENTIFY_CONTACT FIT_ASSESSMENT CHECK_RELATION_SIGNALS ' +
        'CALL_BACK INTRO_MEETING NEEDS_ANALYSIS SEND_OFFER FOLLOW_UP_OFFER SET_NEXT_STEP GENERAL',
    );
    expect(names(codes.orgKinds)).toBe('customer supplier consultant engineering_firm internal other');
    expect(names(codes.caseTypes)).toBe('QUALIFY_COMPANY WORK_LEAD OPPORTUNITY INBOUND_REQUEST');
    expect(names(codes.outcomeCodes)).toBe('QUALIFIED DISQUALIFIED DORMANT WON LOST RETURNED RESOLVED CANCELLED');
    expect(names(catalog.queues)).toBe('INSIDE_SALES SALES_OPS OUTSIDE_SALES CUSTOMER_INBOUND ORDER_ADMIN');
    expect(names(catalog.engines)).toBe('customer_inbound ops inside_sales outside_sales order_admin');
  });

  it('count calls, e-mails and meetings as contacts', () => {
    expect([...codes.activityTypes.values()].filter(({ contact }) => contact).map(({ code }) => code)).toEqual([
      'CALL',
      'EMAIL',
      'MEETING',
    ]);
  });

  it('qualify customers and engineering firms', () => {
    expect([...codes.orgKinds.values()].filter(({ qualified }) => qualified).map(({ code }) => code)).toEqual([
      'customer',
      'engineering_firm',
    ]);
  });

  it('number outcomes as in a form and ask for a follow-up when a call-back is wanted', () => {
    const calls = codes.activityTypes.get('CALL')?.outcomes;
    expect(calls?.get('CALL_BACK_REQUESTED')).toMatchObject({
      order: 5,
      mandatory: ['followUpAt'],
      usualFollowUp: { workingDays: 1 },
      reached: true,
    });
    expect(calls?.get('NO_ANSWER')).toMatchObject({ order: 3, mandatory: [], reached: false });
  });

  it('rank priorities', () => {
    expect([...codes.priorities.values()].map(({ code, rank }) => [code, rank])).toEqual([
      ['URGENT', 1],
      ['HIGH', 2],
      ['NORMAL', 3],
      ['LOW', 4],
    ]);
  });

  it('allow RESOLVED and CANCELLED without a template', () => {
    expect(
      [...codes.outcomeCodes.values()].filter(({ withoutTemplate }) => withoutTemplate).map(({ code }) => code),
    ).toEqual(['RESOLVED', 'CANCELLED']);
  });

  it('have the phases of the engines with their mandatory outputs', () => {
    const phases = [...catalog.engines.values()].flatMap(({ phases }) =>
      phases.map(({ phase, outputs }) => [phase, outputs.filter(({ mandatory }) => mandatory).length]),
    );
    expect(phases).toEqual([
      ['CI-A', 4],
      ['CI-B', 3],
      ['CI-C', 3],
      ['OPS-A', 4],
      ['OPS-B', 0],
      ['OPS-C', 2],
      ['QUALIFY-A', 0],
      ['QUALIFY-B', 2],
      ['OS-A', 3],
      ['OS-B', 2],
      ['OA-A', 2],
    ]);
  });

  it('work from Monday to Friday, 8 to 18, in Berlin', () => {
    const { calendar, ...hours } = catalog.business;
    expect(hours).toEqual({
      timeZone: 'Europe/Berlin',
      startOfDay: '08:00',
      endOfDay: '18:00',
      workingDays: [1, 2, 3, 4, 5],
      holidays: { country: 'DE' },
    });
    expect(calendar.dueInWorkingDays(new Date('2026-03-06T10:00:00Z'), 1).toISOString()).toBe(
      '2026-03-09T17:00:00.000Z',
    );
  });
});
