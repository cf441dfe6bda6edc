import type { FunnelReport, OrgsBehind } from '@tom/contracts/tom/stage/v1/stage_service';
import { ActivityLogged } from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCase, startSystem, type System } from './system.ts';

// Each test has days of its own, as the service's clock goes on.
let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const today = () => system.clock.now().toISOString().slice(0, 10);
const create = async (more: object = {}) => (await system.client.createOrg({ name: 'Muster GmbH', ...more }, system.ida())).orgId;
const move = (orgId: string, toStage: string, more: object = {}) => system.client.transition({ orgId, toStage, ...more }, system.ida());
const stageOf = (report: FunnelReport, stage: string) => report.stages.find((one) => one.stage === stage);
const lackingDays: OrgsBehind = { without: [], farthestStages: [], activityOutcomes: [] };
async function behind(filter: Partial<OrgsBehind>, stages: string[] = []) {
  const { items, total } = await system.client.listOrgs({ stages, statuses: [], orgKinds: [], pageSize: 200, behind: { ...lackingDays, ...filter } }, system.ida());
  expect(total).toBe(items.length);
  return items.map(({ org }) => org?.orgId).sort();
}

async function toQualifying(orgId: string) {
  system.know(orgId, { cases: [openCase('QUALIFY_COMPANY')], contactsSince: 1, nextStepsToday: 1 });
  await move(orgId, 'QUALIFYING');
}

describe('the funnel', () => {
  it('tells how far those came that began on the days, and the same companies can be listed', async () => {
    system.clock.advance(2 * DAY);
    const [onward, dropped, back, customer, dormant] = [await create(), await create(), await create(), await create({ status: 'customer' }), await create({ status: 'inactive' })];
    for (const orgId of [onward, dropped, back]) await toQualifying(orgId);
    for (const orgId of [onward, back]) await move(orgId, 'QUALIFIED_LEAD');
    await move(dropped, 'DISQUALIFIED', { reasonCode: 'NO_FIT' });
    await move(back, 'QUALIFYING', { reasonCode: 'NOT_READY' });
    const report = await system.client.getFunnelReport({ from: today(), to: today() }, system.ida());
    expect(report.span).toMatchObject({ from: today(), to: today() });
    expect(stageOf(report, 'UNVERIFIED')).toMatchObject({ entered: 3, onward: 3, here: 0, back: 0, dropped: {} });
    expect(stageOf(report, 'QUALIFYING')).toMatchObject({ entered: 3, onward: 2, here: 0, back: 0, dropped: { DISQUALIFIED: 1 } });
    expect(stageOf(report, 'QUALIFIED_LEAD')).toMatchObject({ entered: 2, onward: 0, here: 1, back: 1 });
    expect(stageOf(report, 'CUSTOMER')).toMatchObject({ entered: 1, here: 1 });
    const begun = { begunFrom: report.span?.begins, begunTo: report.span?.ends };
    expect(await behind({ ...begun, passedStage: 'QUALIFYING' })).toEqual([onward, dropped, back].sort());
    expect(await behind({ ...begun, passedStage: 'QUALIFYING', farthestStages: ['QUALIFIED_LEAD', 'SALES_ACCEPTED', 'CUSTOMER'] })).toEqual([onward, back].sort());
    expect(await behind({ ...begun, farthestStages: ['QUALIFYING'] }, ['DISQUALIFIED'])).toEqual([dropped]);
    expect(await behind({ ...begun, farthestStages: ['QUALIFIED_LEAD'] }, ['QUALIFYING'])).toEqual([back]);
    expect(await behind({ ...begun, farthestStages: ['CUSTOMER'] })).toEqual([customer]);
    expect(await behind(begun)).toContain(dormant);
  });

  it('counts a company that entered the first stage again with those of that day, from the beginning', async () => {
    system.clock.advance(2 * DAY);
    const [first, orgId] = [today(), await create({ industry: 'Druck' })];
    await toQualifying(orgId);
    await move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT' });
    system.know(orgId, { cases: [] });
    await move(orgId, 'ARCHIVED');
    system.clock.advance(2 * DAY);
    await move(orgId, 'UNVERIFIED', { reasonCode: 'REOPENED' });
    const at = (day: string, by?: string) => system.client.getFunnelReport({ from: day, to: day, by }, system.ida());
    expect(stageOf(await at(first), 'UNVERIFIED')).toMatchObject({ entered: 0 });
    const again = await at(today(), 'industry');
    expect(stageOf(again, 'UNVERIFIED')).toMatchObject({ entered: 1, onward: 0, here: 1 });
    expect(again.groups).toMatchObject([{ key: 'Druck', companies: 1 }]);
  });
});

describe('the time in stages', () => {
  it('is of the stays that ended on the days, beside those of before and who is there now', async () => {
    system.clock.advance(3 * DAY);
    const left: string[] = [];
    for (const hours of [1, 2, 9]) {
      const orgId = await create({ address: { city: 'Köln' } });
      left.push(orgId);
      const created = system.clock.now();
      system.clock.advance(hours * HOUR);
      await toQualifying(orgId);
      system.clock.set(created);
    }
    system.clock.advance(9 * HOUR);
    const [from, to] = [new Date(system.clock.now().getTime() - 9 * HOUR).toISOString().slice(0, 10), today()];
    const report = await system.client.getTimeInStageReport({ from, to, by: 'city' }, system.ida());
    expect(report.stages.find(({ stage }) => stage === 'UNVERIFIED')).toMatchObject({ left: 3, medianSeconds: 2 * 3600, p90Seconds: 7.6 * 3600, leftBefore: 0 });
    expect(report.groups).toMatchObject([{ key: 'Köln', left: 3, stages: [{ stage: 'UNVERIFIED', left: 3 }] }]);
    expect(await behind({ leftStage: 'UNVERIFIED', leftFrom: report.span?.begins, leftTo: report.span?.ends })).toEqual([...left].sort());
    expect(await behind({ enteredStage: 'QUALIFYING', enteredFrom: report.span?.begins, enteredTo: report.span?.ends })).toEqual([...left].sort());

    const waiting = await create();
    system.clock.advance(8 * HOUR);
    const later = await system.client.getTimeInStageReport({ from, to: today() }, system.ida());
    const stuck = later.stages.find(({ stage }) => stage === 'UNVERIFIED');
    expect(stuck?.hereLonger).toBeGreaterThan(0);
    const listed = await behind({ stageSinceTo: stuck?.longerSince }, ['UNVERIFIED']);
    expect(listed).toContain(waiting);
    expect(listed).toHaveLength(stuck?.hereLonger ?? -1);
  });
});

it('companies are found by what happened there, and by who did it', async () => {
  const [called, mailed] = [await create(), await create()];
  const log = (orgId: string, activityType: string, outcomeCode: string, createdBy: string) => {
    const activity = {
      activityId: newId(), orgId, activityType, outcomeCode, occurredAt: '2025-07-01T09:00:00.000Z', version: 1, followUpRevision: 0,
      createdAt: '2025-07-01T09:00:00.000Z', createdBy, updatedAt: '2025-07-01T09:00:00.000Z', updatedBy: createdBy,
    };
    return system.publish(ActivityLogged, orgId, { activity } as ActivityLogged, { revision: 1, aggregateId: activity.activityId });
  };
  await log(called, 'CALL', 'NO_ANSWER', 'ida');
  await log(mailed, 'EMAIL', 'SENT', 'ingo');
  await system.settled();
  const day = { activityFrom: '2025-07-01T00:00:00.000Z', activityTo: '2025-07-02T00:00:00.000Z' };
  expect(await behind(day)).toEqual([called, mailed].sort());
  expect(await behind({ ...day, activityType: 'CALL', activityOutcomes: ['NO_ANSWER', 'LEFT_VOICEMAIL'] })).toEqual([called]);
  expect(await behind({ ...day, activityBy: 'ingo' })).toEqual([mailed]);
  expect(await behind({ activityFrom: day.activityTo, activityTo: '2025-07-03T00:00:00.000Z' })).toEqual([]);
});

it('a wrong report or filter is refused with everything that is wrong', async () => {
  const invalid = (...paths: string[]) => ({ code: 'INVALID', details: { violations: paths.map((path) => ({ path })) } });
  await expect(system.client.getFunnelReport({ by: 'moon' }, system.ida())).rejects.toMatchObject(invalid('by'));
  await expect(system.client.getTimeInStageReport({ from: 'x', to: '2026-02-30' }, system.ida())).rejects.toMatchObject(invalid('from', 'to'));
  await expect(behind({ leftFrom: '1700-01-01T00:00:00.000Z', passedStage: 'DORMANT', without: ['name'] })).rejects.toMatchObject(
    invalid('without', 'passedStage', 'leftFrom', 'leftStage'),
  );
  await expect(system.client.getFunnelReport({}, system.call('nobody', []))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
