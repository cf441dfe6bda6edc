import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '@tom/catalog';
import { openCase, startSystem, type KnownFacts, type System } from './system.ts';
import { fileURLToPath } from 'node:url';

/** domain.md §3, typed out once more: what stages.yaml must say. */
const DISQUALIFY = ['NO_FIT', 'NO_BUDGET', 'COMPETITOR', 'OUT_OF_BUSINESS', 'DUPLICATE', 'NOT_REACHABLE', 'OTHER'];
const REST = ['NO_CURRENT_NEED', 'BUDGET_LATER', 'CONTACT_UNAVAILABLE', 'TIMING', 'OTHER'];
const RETURN = ['NOT_READY', 'WRONG_CONTACT', 'DATA_INCOMPLETE', 'OTHER'];
const LOST = ['LOST_PRICE', 'LOST_COMPETITOR', 'LOST_NO_DECISION', 'LOST_NO_FIT', 'OTHER'];
const contract: readonly (readonly [from: readonly string[], to: string, rules: readonly string[], required?: readonly string[]])[] = [
  [['UNVERIFIED', 'DORMANT', 'DISQUALIFIED'], 'QUALIFYING', ['QUALIFY_CASE_OPEN']],
  [['QUALIFYING'], 'QUALIFIED_LEAD', ['CONTACT_LOGGED', 'NEXT_STEP']],
  [['UNVERIFIED', 'QUALIFYING', 'QUALIFIED_LEAD'], 'DISQUALIFIED', [], DISQUALIFY],
  [['QUALIFYING', 'QUALIFIED_LEAD', 'SALES_ACCEPTED', 'CUSTOMER'], 'DORMANT', ['NEXT_STEP_FUTURE'], REST],
  [['QUALIFIED_LEAD'], 'SALES_ACCEPTED', ['WORK_LEAD_CLAIMED']],
  [['QUALIFIED_LEAD', 'SALES_ACCEPTED'], 'QUALIFYING', [], RETURN],
  [['SALES_ACCEPTED'], 'CUSTOMER', []],
  [['SALES_ACCEPTED'], 'QUALIFIED_LEAD', [], ['NO_CAPACITY', 'WRONG_TERRITORY', 'OTHER']],
  [['SALES_ACCEPTED'], 'DISQUALIFIED', [], LOST],
  [['DORMANT'], 'CUSTOMER', ['WAS_CUSTOMER'], ['REACTIVATED']],
  [
    ['UNVERIFIED', 'QUALIFYING', 'QUALIFIED_LEAD', 'SALES_ACCEPTED', 'CUSTOMER', 'DISQUALIFIED', 'DORMANT'],
    'ARCHIVED',
    ['NO_OPEN_CASE'],
  ],
  [['ARCHIVED'], 'UNVERIFIED', [], ['REOPENED', 'ARCHIVED_BY_MISTAKE']],
];
const wanted = contract.flatMap(([froms, to, rules, required]) => froms.map((from) => ({ from, to, rules, required: required ?? [] })));
const statusOf: Readonly<Record<string, string>> = {
  UNVERIFIED: 'lead',
  QUALIFYING: 'lead',
  QUALIFIED_LEAD: 'prospect',
  SALES_ACCEPTED: 'prospect',
  CUSTOMER: 'customer',
  DORMANT: 'inactive',
  DISQUALIFIED: 'inactive',
  ARCHIVED: 'inactive',
};

/** What makes each rule true, and false. */
const met: Readonly<Record<string, () => Partial<KnownFacts>>> = {
  QUALIFY_CASE_OPEN: () => ({ cases: [openCase('QUALIFY_COMPANY')] }),
  CONTACT_LOGGED: () => ({ contactsSince: 1 }),
  NEXT_STEP: () => ({ nextStepsToday: 1 }),
  NEXT_STEP_FUTURE: () => ({ nextStepsFuture: 1 }),
  WORK_LEAD_CLAIMED: () => ({ cases: [openCase('WORK_LEAD', { owner: 'otto', claimedByEngineRole: true })] }),
  WAS_CUSTOMER: () => ({}),
  NO_OPEN_CASE: () => ({}),
};
const unmet: Readonly<Record<string, () => Partial<KnownFacts>>> = { NO_OPEN_CASE: () => ({ cases: [openCase('WORK_LEAD')] }) };

const { stages } = loadCatalog(fileURLToPath(new URL('../../../config', import.meta.url)));
const pairs = [...stages.stages.keys()].flatMap((from) => [...stages.stages.keys()].map((to) => ({ from, to })));
const strangers = pairs.filter(({ from, to }) => !wanted.some((row) => row.from === from && row.to === to));

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

/** A company in the stage whose facts meet these rules and no others. */
async function companyMeeting(from: string, all: readonly string[], rules: readonly string[]): Promise<string> {
  const orgId = await system.company(from, { wasCustomer: rules.includes('WAS_CUSTOMER') });
  for (const rule of all) system.know(orgId, (rules.includes(rule) ? met : unmet)[rule]?.() ?? {});
  return orgId;
}

function reasonFor(required: readonly string[]) {
  const [reasonCode] = required;
  return reasonCode === undefined ? {} : { reasonCode };
}

describe('the table of stages.yaml', () => {
  it('has the rows of the contract, with their guards and reasons, and no other', () => {
    const told = stages.transitions.map(({ from, to, guard, needsReason, reasons }) => ({
      from,
      to,
      rules: guard.map(({ rule }) => rule),
      required: needsReason ? reasons.map(({ code }) => code) : [],
    }));
    const byName = (a: { from: string; to: string }, b: { from: string; to: string }) =>
      `${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1;
    expect(told.toSorted(byName)).toEqual(wanted.toSorted(byName));
  });

  it('knows the status of every stage', () => {
    expect(Object.fromEntries([...stages.stages.values()].map(({ stage, status }) => [stage, status]))).toEqual(statusOf);
  });
});

describe('a row whose rules are met lets the company pass', () => {
  it.each(wanted)('$from → $to', async ({ from, to, rules, required }) => {
    const orgId = await companyMeeting(from, rules, rules);
    const { org, unchanged } = await system.client.transition({ orgId, toStage: to, ...reasonFor(required) }, system.ida());
    expect(unchanged).toBe(false);
    expect(org).toMatchObject({ currentStage: to, status: statusOf[to], version: 1 });
    const { items } = await system.client.listStageHistory({ orgId, pageSize: 1 }, system.ida());
    expect(items[0]).toMatchObject({ fromStage: from, toStage: to, actor: 'user:ida', facts: { org: { current_stage: from } } });
    const usual = stages.find(from, to)?.defaultReason;
    expect(items[0]?.reasonCode).toBe(required[0] ?? usual);
  });
});

const inBothLanguages = { de: expect.stringMatching(/\S/) as string, en: expect.stringMatching(/\S/) as string };

describe('each rule that is unmet refuses and is named', () => {
  const guarded = wanted.flatMap((row) => row.rules.map((rule) => ({ ...row, rule })));
  it.each(guarded)('$from → $to without $rule', async ({ from, to, rules, required, rule }) => {
    const orgId = await companyMeeting(from, rules, rules.filter((other) => other !== rule));
    const refusal = await system.client.transition({ orgId, toStage: to, ...reasonFor(required) }, system.ida()).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'RULES_UNMET', details: { unmet: [{ rule, met: false }] } });
    const [named] = (refusal as { details: { unmet: { message: object; hint: object }[] } }).details.unmet;
    expect(named?.message).toEqual(inBothLanguages);
    expect(named?.hint).toEqual(inBothLanguages);
    expect(await system.client.getOrg({ orgId }, system.ida())).toMatchObject({ currentStage: from });
    const { items } = await system.client.listStageHistory({ orgId, pageSize: 10 }, system.ida());
    expect(items).toHaveLength(1);
  });

  it('names all of them at once', async () => {
    const orgId = await system.company('QUALIFYING');
    await expect(system.client.transition({ orgId, toStage: 'QUALIFIED_LEAD' }, system.ida())).rejects.toMatchObject({
      code: 'RULES_UNMET',
      details: { unmet: [{ rule: 'CONTACT_LOGGED', value: 0 }, { rule: 'NEXT_STEP', value: 0 }] },
    });
  });
});

describe('a required reason', () => {
  it.each(wanted.filter(({ required }) => required.length > 0))('$from → $to is invalid without one, whatever the rules say', async ({ from, to }) => {
    const orgId = await system.company(from);
    const move = (reasonCode?: string) =>
      system.client.transition({ orgId, toStage: to, ...(reasonCode ? { reasonCode } : {}) }, system.ida());
    const refused = { code: 'INVALID', details: { violations: [{ path: 'reasonCode' }] } };
    await expect(move()).rejects.toMatchObject(refused);
    await expect(move('WON')).rejects.toMatchObject(refused);
  });
});

describe('what has no row is refused', () => {
  it.each(strangers)('$from → $to', async ({ from, to }) => {
    const orgId = await system.company(from, { wasCustomer: true });
    system.know(orgId, { contactsSince: 1, nextStepsToday: 1, nextStepsFuture: 1 });
    await expect(system.client.transition({ orgId, toStage: to }, system.ida())).rejects.toMatchObject({
      code: 'RULES_UNMET',
      details: { unmet: [{ rule: 'TRANSITION_NOT_ALLOWED', met: false }] },
    });
    await expect(
      system.client.overrideStage({ orgId, toStage: to, reason: 'because' }, system.root()),
    ).rejects.toMatchObject({ code: 'RULES_UNMET', details: { unmet: [{ rule: 'TRANSITION_NOT_ALLOWED' }] } });
  });
});
