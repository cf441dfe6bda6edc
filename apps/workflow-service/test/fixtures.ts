import { OrgCreated, OrgStageChanged } from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import type { Envelope } from '@tom/messaging';
import { eventually } from '@tom/service/testing';
import { expect } from 'vitest';
import { orgOf, stageChange, type Harness } from './harness.ts';

/** An object with at least these members. */
export const including = (members: object): unknown => expect.objectContaining(members);

/** What a refusal looks like. */
export const refusal = (code: string, details: object = {}) =>
  including({ code, details: including(details) }) as Error;

/** A company that stage-service knows. */
export function known(harness: Harness, stage = 'CUSTOMER', given: Parameters<typeof orgOf>[2] = {}): string {
  const orgId = newId();
  harness.stage.orgs.set(orgId, orgOf(orgId, stage, given));
  return orgId;
}

export const inbound = (orgId: string, given: object = {}) => ({
  orgId,
  caseType: 'INBOUND_REQUEST',
  engine: 'customer_inbound',
  title: 'Anfrage',
  description: undefined,
  priority: undefined,
  dueAt: undefined,
  ...given,
});

/** A request to close a case. */
export const closing = (caseId: string, outcomeCode: string, given: object = {}) => ({
  caseId,
  outcomeCode,
  outcomeNote: undefined,
  reasonCode: undefined,
  reasonNote: undefined,
  duplicateOfOrgId: undefined,
  followUpAt: undefined,
  activity: undefined,
  ...given,
});

/** A company with a template's case, known to both sides. */
export async function withTemplateCase(harness: Harness, stage: 'QUALIFYING' | 'SALES_ACCEPTED') {
  const orgId = newId();
  const entry = stage === 'QUALIFYING' ? 'UNVERIFIED' : 'QUALIFIED_LEAD';
  const before = await harness.tell(OrgStageChanged, {
    orgId,
    revision: 2,
    data: stageChange(orgOf(orgId, entry), undefined),
  });
  await harness.handled(before);
  const [row] = await harness.rows<{ case_id: string }>('select case_id from case_item where org_id = $1', orgId);
  const caseId = row?.case_id ?? '';
  if (stage === 'SALES_ACCEPTED') await harness.client.claimCase({ caseId }, harness.person('otto', 'outside_sales')());
  const org = orgOf(orgId, stage);
  const after = await harness.tell(OrgStageChanged, { orgId, revision: 3, data: stageChange(org, entry, { caseId }) });
  await harness.handled(after);
  harness.stage.orgs.set(orgId, org);
  return { orgId, caseId };
}

/** The last part of a message's type. */
export const short = (envelope: Envelope) => envelope.type.slice(envelope.type.lastIndexOf('.') + 1);

/** The cases of a company, the oldest first. */
export const casesOf = (harness: Harness, orgId: string) =>
  harness.rows<{
    case_id: string;
    case_type: string;
    status: string;
    outcome_code: string | null;
    owner: string | null;
    title: string;
  }>('select * from case_item where org_id = $1 order by number', orgId);

/** A new company as stage-service tells it; answers the stage change. */
export async function created(
  harness: Harness,
  orgId: string,
  stage = 'UNVERIFIED',
  given: Parameters<typeof orgOf>[2] = {},
) {
  const org = orgOf(orgId, stage, given);
  const correlationId = newId();
  const first = await harness.tell(OrgCreated, { orgId, revision: 1, data: { org }, correlationId });
  const change = await harness.tell(OrgStageChanged, {
    orgId,
    revision: 2,
    data: stageChange(org, undefined, { reasonCode: 'ORG_CREATED' }),
    correlationId,
  });
  await harness.handled(first, change);
  return change;
}

/** A company that moves from one stage to another. */
export async function moved(
  harness: Harness,
  orgId: string,
  from: string,
  to: string,
  revision: number,
  given: Parameters<typeof stageChange>[2] = {},
) {
  const change = await harness.tell(OrgStageChanged, {
    orgId,
    revision,
    data: stageChange(orgOf(orgId, to), from, given),
  });
  await harness.handled(change);
  return change;
}

/** Until the service has nothing left to handle, what it told itself included. */
export async function quiet(harness: Harness, patienceMs?: number): Promise<void> {
  await eventually(async () => {
    await harness.settled();
    const [row] = await harness.rows<{ n: number }>('select count(*)::int as n from outbox');
    if (row?.n !== 0) throw new Error('Something waits in the outbox');
    await harness.settled();
    const [again] = await harness.rows<{ n: number }>('select count(*)::int as n from outbox');
    if (again?.n !== 0) throw new Error('Something waits in the outbox');
  }, patienceMs);
  expect(await harness.rows('select error from dead_letter')).toEqual([]);
}
