import { setTimeout as sleep } from 'node:timers/promises';
import { ApiRefusal, type DemoClient } from './demo-client.ts';
import { takeCaseStep } from './demo-case.ts';
import type { DemoCompany, DemoPerson, DemoStep } from './demo-company.ts';

const DAY_MS = 86_400_000;
const PATIENCE_MS = 15_000;

interface Place {
  readonly client: DemoClient;
  readonly company: DemoCompany;
  readonly orgId: string;
  readonly contactIds: readonly string[];
  readonly begunAt: Date;
  key(step: string | number): string;
}

/**
 * Enters one company and lets happen what its steps say, in their order. Every time is reckoned from `begunAt` and
 * every request has its own key, so that telling it again after an interruption repeats nothing.
 */
export async function tellStory(
  client: DemoClient,
  company: DemoCompany,
  { ref, begunAt }: { ref: string; begunAt: Date },
): Promise<void> {
  const key = (step: string | number) => `demo-data-${ref}-${step}`;
  const orgId = await enterCompany(client, company, ref, key('org'));
  if (orgId === undefined) return;

  const contactIds: string[] = [];
  for (const [index, { name, title, phone = `${company.phone}-${11 + index}`, decides }] of (company.contacts ?? []).entries()) {
    const email = `${emailName(name)}@${company.domain}`;
    const contact = { name, title, email, phone, ...(decides === undefined ? {} : { decides }) };
    const { contactId } = await client.post<{ contactId: string }>(
      company.by,
      `/orgs/${orgId}/contacts`,
      contact,
      key(`contact-${index}`),
    );
    contactIds.push(contactId);
  }

  const place: Place = { client, company, orgId, contactIds, begunAt, key };
  // the template's work follows the creation: what the steps speak of must be there
  if (company.steps?.length && isQualified(company)) await untilWorkHasBegun(place);
  for (const [index, step] of (company.steps ?? []).entries()) await take(place, step, key(index));
}

/** Undefined when it has been there for longer than keys are kept: then it is left as it is. */
async function enterCompany(
  client: DemoClient,
  company: DemoCompany,
  ref: string,
  key: string,
): Promise<string | undefined> {
  const { name, street, postalCode, city, phone, domain, industry, status, orgKind } = company;
  const org = {
    name,
    phone,
    industry,
    externalRef: ref,
    website: `https://www.${domain}`,
    accountOwner: company.by,
    address: { street, postalCode, city, country: 'DE' },
    ...(status === undefined ? {} : { status }),
    ...(orgKind === undefined ? {} : { orgKind }),
  };
  try {
    return (await client.post<{ orgId: string }>(company.by, '/orgs', org, key)).orgId;
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 'EXTERNAL_REF_TAKEN') return undefined;
    throw error;
  }
}

async function take(place: Place, step: DemoStep, key: string): Promise<void> {
  const { client, company, orgId } = place;
  const by = step.by ?? company.by;
  switch (step.kind) {
    case 'activity':
      await client.post(by, `/orgs/${orgId}/activities`, activity(place, step), key);
      return;
    case 'task': {
      const { type, title, queue, dueInDays, hour, priority = 'NORMAL', waitingFor, claimedBy } = step;
      const more = waitingFor === undefined ? {} : { waitingFor };
      const task = { orgId, taskType: type, title, assignedQueue: queue, priority, dueAt: at(place, dueInDays, hour), ...more };
      const { taskId } = await client.post<{ taskId: string }>(by, '/tasks', task, key);
      if (claimedBy) await client.post(claimedBy, `/tasks/${taskId}/claim`, {}, `${key}-claim`);
      return;
    }
    case 'done':
      await client.post(by, `/tasks/${await taskOf(place, by, step.type)}/complete`, { result: step.result }, key);
      return;
    case 'claim':
      await client.post(by, `/tasks/${await taskOf(place, by, step.type)}/claim`, {}, key);
      return;
    case 'qualify':
      await client.post(company.by, `/orgs/${orgId}/qualify`, {}, key);
      await untilCaseIsOpen(place, 'WORK_LEAD');
      return;
    case 'disqualify':
    case 'dormant':
      await client.post(
        company.by,
        `/orgs/${orgId}/${step.kind}`,
        {
          reasonCode: step.reason,
          ...(step.note === undefined ? {} : { reasonNote: step.note }),
          ...(step.followUpInDays === undefined ? {} : { followUpAt: at(place, step.followUpInDays) }),
        },
        key,
      );
      return;
    case 'accept': {
      const caseId = await untilCaseIsOpen(place, 'WORK_LEAD');
      await client.post('otto', `/cases/${caseId}/claim`, {}, key);
      await eventually(`${company.name} in SALES_ACCEPTED`, async () => {
        const org = await client.get<{ currentStage: string }>('otto', `/orgs/${orgId}`);
        return org.currentStage === 'QUALIFIED_LEAD' ? undefined : org;
      });
      return;
    }
    case 'win':
      await client.post('otto', `/orgs/${orgId}/stage`, { toStage: 'CUSTOMER' }, key);
      return;
    case 'lose':
      await client.post('otto', `/orgs/${orgId}/stage`, { toStage: 'DISQUALIFIED', reasonCode: step.reason }, key);
      return;
    case 'return':
      await client.post('otto', `/orgs/${orgId}/stage`, { toStage: 'QUALIFYING', reasonCode: step.reason }, key);
      return;
    case 'archive':
      await eventually(`no open case of ${company.name}`, async () =>
        (await first(client, by, `/cases?orgId=${orgId}&open=true`)) === undefined ? true : undefined,
      );
      await client.post(by, `/orgs/${orgId}/stage`, { toStage: 'ARCHIVED' }, key);
      return;
    default:
      await takeCaseStep(place, step, by, key);
  }
}

async function taskOf({ client, company, orgId }: Place, by: DemoPerson, type: string): Promise<string> {
  const { taskId } = await eventually(`the task ${type} of ${company.name}`, () =>
    first<{ taskId: string }>(client, by, `/tasks?orgId=${orgId}&taskType=${type}`),
  );
  return taskId;
}

function activity(place: Place, step: Extract<DemoStep, { kind: 'activity' }>) {
  const { type, direction, outcome, subject, notes, minutes, contact, daysAgo, hour, followUpInDays, followUpHour } = step;
  const contactId = contact === undefined ? undefined : place.contactIds[contact];
  return {
    activityType: type,
    subject,
    ...(direction === undefined ? {} : { direction }),
    ...(outcome === undefined ? {} : { outcomeCode: outcome }),
    ...(notes === undefined ? {} : { notes }),
    ...(minutes === undefined ? {} : { durationMinutes: minutes }),
    ...(contactId === undefined ? {} : { contactId }),
    ...(daysAgo === undefined ? {} : { occurredAt: at(place, -daysAgo, hour) }),
    ...(followUpInDays === undefined ? {} : { followUpAt: at(place, followUpInDays, followUpHour) }),
  };
}

/**
 * That hour in Germany (an hour earlier in winter) on the first working day on or after that many days from the load, or
 * on or before it when it has passed.
 */
function at({ begunAt }: Place, days: number, hour = 10): string {
  const day = new Date(begunAt.getTime() + days * DAY_MS);
  day.setUTCHours(hour - 2, 0, 0, 0);
  const step = days > 0 ? DAY_MS : -DAY_MS;
  while (days !== 0 && (day.getUTCDay() === 0 || day.getUTCDay() === 6)) day.setTime(day.getTime() + step);
  return day.toISOString();
}

function isQualified({ orgKind, status }: DemoCompany): boolean {
  return (orgKind === undefined || orgKind === 'engineering_firm') && status !== 'customer' && status !== 'inactive';
}

async function untilWorkHasBegun(place: Place): Promise<void> {
  const { client, company, orgId } = place;
  await untilCaseIsOpen(place, company.status === 'prospect' ? 'WORK_LEAD' : 'QUALIFY_COMPANY');
  await eventually(`the stage of ${company.name}`, async () => {
    const org = await client.get<{ currentStage: string }>(company.by, `/orgs/${orgId}`);
    return org.currentStage === 'UNVERIFIED' ? undefined : org;
  });
}

/** Also one that has been closed since: the story may be told again. */
async function untilCaseIsOpen({ client, company, orgId }: Place, caseType: string): Promise<string> {
  const found = await eventually(`the case ${caseType} of ${company.name}`, () =>
    first<{ caseId: string }>(client, company.by, `/cases?orgId=${orgId}&caseType=${caseType}`),
  );
  return found.caseId;
}

async function first<T>(client: DemoClient, user: string, path: string): Promise<T | undefined> {
  return (await client.get<{ items: T[] }>(user, path)).items[0];
}

async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let waited = 0; waited < PATIENCE_MS; waited += 50) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error(`${what} did not appear within ${PATIENCE_MS / 1000} s`);
}

function emailName(name: string): string {
  const plain = name
    .replace(/^(Dr|Dipl)\.(-Ing\.)?\s*/, '')
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .replaceAll('ı', 'i');
  return plain.replaceAll(/[^a-z]+/g, '.');
}
