import { CaseReturned } from '@tom/contracts/messages';
import { ids, newId } from '@tom/kernel';
import type { Envelope } from '@tom/messaging';
import { eventually, sharedConfigDir } from '@tom/service/testing';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closing, inbound, known, short } from './fixtures.ts';
import { startHarness, type Harness, type Person } from './harness.ts';

const task = (title: string) =>
  `do: [{ create_task: { type: GENERAL, title: ${title}, queue: CUSTOMER_INBOUND, role: customer_inbound, due_in_working_days: 1, priority: NORMAL } }]`;

const REQUEST = `
key: inbound_request
version: 1
description: Beantwortet eine Anfrage.
org_kinds: qualified
trigger: { event: OrgStageChanged, condition: 'false' }
case:
  type: INBOUND_REQUEST
  engine: customer_inbound
  phase: CI-A
  role: customer_inbound
  queue: CUSTOMER_INBOUND
  title: 'Anfrage: {{ org.name }}'
  priority: NORMAL
rules:
  - key: summary_there
    on: CaseRequirementFulfilled
    condition: event.key == 'summary' && event.phase == 'CI-A'
    do: [{ set_priority: { to: HIGH } }]
  - key: classified
    on: CasePhaseChanged
    condition: event.phase == 'CI-B' && has(event.previous_phase) && event.previous_phase == 'CI-A'
    ${task('Eingeordnet')}
  - key: given_to_ops
    on: CaseHandedOver
    condition: event.queue == 'SALES_OPS' && event.from_engine == 'customer_inbound'
    ${task('Bei Ops')}
  - key: comes_back_again
    on: CaseReturned
    condition: case.return_count >= 2
    ${task('Kommt wieder zurück')}
  - key: second_return
    on: CaseReturned
    condition: event.return_count == 2
    ${task('Zum zweiten Mal')}
  - key: too_often
    on: CaseEscalated
    condition: event.reason == 'RETURNED_TOO_OFTEN'
    ${task('Zu oft')}
  - key: blocked
    on: CaseStatusChanged
    condition: event.status == 'BLOCKED'
    ${task('Blockiert')}
completion: [{ outcome: RESOLVED }, { outcome: CANCELLED }]
`;

const COMPANY = `
key: returns_of_company
version: 1
description: Sieht jede Rückgabe eines Unternehmens.
org_kinds: qualified
rules:
  - key: returned_by_ops
    on: CaseReturned
    condition: event.from_engine == 'ops' && event.engine == 'customer_inbound' && cases.open == 1
    ${task('Rückgabe ansehen')}
`;

let folder: string;
let harness: Harness;
let cora: Person;
let olga: Person;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tom-config-'));
  cpSync(sharedConfigDir, folder, { recursive: true });
  writeFileSync(join(folder, 'workflows', 'inbound_request.yaml'), REQUEST);
  writeFileSync(join(folder, 'workflows', 'returns_of_company.yaml'), COMPANY);
  harness = await startHarness({ configDir: folder });
  cora = harness.person('cora', 'customer_inbound');
  olga = harness.person('olga', 'ops');
});
afterAll(async () => {
  await harness.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function opened() {
  const orgId = known(harness);
  const view = await harness.client.openCase(inbound(orgId), cora());
  return { orgId, caseId: view.case?.caseId ?? '' };
}

async function supplied(caseId: string): Promise<void> {
  const view = await harness.client.getCase({ caseId }, cora());
  const wanted = view.phases.find(({ phase }) => phase === view.case?.phase)?.outputs ?? [];
  for (const { requirementId } of wanted) await harness.client.fulfilCaseRequirement({ caseId, requirementId, value: 'da' }, cora());
}

const words = { goal: 'Angebot', context: 'Anruf', openPoints: ['Menge?'], recommendation: 'Rahmenvertrag' };

async function handedOver(caseId: string, call = cora()) {
  await supplied(caseId);
  await harness.client.handOverCase({ caseId, engine: 'ops', role: 'ops', queue: 'SALES_OPS', ...words }, call);
  return call;
}

async function returned(caseId: string, call = olga()) {
  await harness.client.returnCase({ caseId, reason: 'Vertraulich', missing: ['Preis'] }, call);
  // What a rule reads of the case is how the case is when the rule looks.
  await harness.handled(...(await harness.published(call.correlationId)).filter((each) => short(each) === 'CaseReturned'));
  return call;
}

/** The rules that have fired at a case or company, each as often as it did. */
const firedAt = async (placeId: string) =>
  (await harness.rows<{ rule: string }>('select rule from rule_evaluation where place_id = $1 and fired order by rule', placeId)).map(({ rule }) => rule);

const tellReturn = (place: { orgId: string; caseId: string }, revision: number, returnCount: number, copy: Envelope<CaseReturned>) =>
  harness.tell(CaseReturned, {
    orgId: place.orgId,
    aggregateId: place.caseId,
    revision,
    data: { ...copy.data, returnId: newId(), case: { ...copy.data.case, ...place, returnCount } },
  });

/** A case that was returned once, and the event that told of it. */
async function returnedOnce() {
  const place = await opened();
  await handedOver(place.caseId);
  const call = await returned(place.caseId);
  const envelope = (await harness.published(call.correlationId)).find((each) => short(each) === 'CaseReturned');
  if (!envelope) throw new Error('No CaseReturned was told');
  return { ...place, envelope: { ...envelope, data: CaseReturned.decode(envelope.data) } };
}

describe('rules on what happens to a case', () => {
  it('fire at outputs, phases, hand-overs, returns, statuses and escalations, each once for each event', async () => {
    const { orgId, caseId } = await opened();
    await supplied(caseId);
    await harness.client.advanceCase({ caseId, phase: 'CI-B' }, cora());
    await eventually(async () => expect(await firedAt(caseId)).toEqual(['classified', 'summary_there']));
    expect((await harness.client.getCase({ caseId }, cora())).case?.priority).toBe('HIGH');

    const given = await handedOver(caseId);
    const back: string[] = [];
    back.push((await returned(caseId)).correlationId);
    for (let round = 2; round <= 3; round += 1) {
      await handedOver(caseId);
      back.push((await returned(caseId)).correlationId);
    }
    const expected = [
      ...['blocked', 'blocked', 'blocked', 'classified', 'comes_back_again', 'comes_back_again'],
      ...['given_to_ops', 'given_to_ops', 'given_to_ops', 'second_return', 'summary_there', 'too_often'],
    ];
    await eventually(async () => expect(await firedAt(caseId)).toEqual(expected));
    await eventually(async () => expect(await firedAt(orgId)).toEqual(['returned_by_ops', 'returned_by_ops', 'returned_by_ops']));

    const titlesOf = async (correlationId: string) =>
      (await harness.published(correlationId))
        .filter((each) => short(each) === 'CreateTasks')
        .flatMap(({ data }) => (data as { tasks: { title: string }[] }).tasks.map(({ title }) => title))
        .toSorted();
    expect(await titlesOf(given.correlationId)).toEqual(['Bei Ops']);
    expect(await Promise.all(back.map(titlesOf))).toEqual([
      ['Blockiert', 'Rückgabe ansehen'],
      ['Blockiert', 'Kommt wieder zurück', 'Rückgabe ansehen', 'Zum zweiten Mal'],
      ['Blockiert', 'Kommt wieder zurück', 'Rückgabe ansehen', 'Zu oft'],
    ]);
  });

  it('are kept as codes and counts: neither words nor persons', async () => {
    const { caseId, envelope } = await returnedOnce();
    const [seen] = await harness.rows<{ codes: object }>('select codes from observed_event where event_id = $1', envelope.id);
    expect(seen?.codes).toMatchObject({ engine: 'customer_inbound', from_engine: 'ops', from_queue: 'SALES_OPS', return_count: 1 });
    const all = await harness.rows('select codes from observed_event where case_id = $1', caseId);
    expect(JSON.stringify(all)).not.toMatch(/Vertraulich|Preis|Angebot|olga|cora/);
  });

  it('are handled once when their event comes again', async () => {
    const place = await returnedOnce();
    const second = await tellReturn(place, 40, 2, place.envelope);
    await harness.handled(second);
    await harness.again(second);
    await harness.handled(await tellReturn(place, 41, 3, place.envelope));
    expect((await firedAt(place.caseId)).filter((rule) => rule === 'second_return')).toHaveLength(1);
    const asked = (await harness.published(second.correlationId)).filter((each) => short(each) === 'CreateTasks');
    expect(asked.filter(({ data }) => JSON.stringify(data).includes('Zum zweiten Mal'))).toHaveLength(1);
    expect(JSON.stringify(asked)).toContain(ids.ruleAction(second.id, place.caseId, 'second_return', 0));
  });

  it('judge each event by what it tells, also when a later one came before it', async () => {
    const place = await returnedOnce();
    const later = await tellReturn(place, 41, 3, place.envelope);
    await harness.handled(later);
    const earlier = await tellReturn(place, 40, 2, place.envelope);
    await harness.handled(earlier);
    const looked = await harness.rows(
      `select event_id, fired from rule_evaluation where place_id = $1 and rule = 'second_return' and event_id = any($2)`,
      place.caseId,
      [later.id, earlier.id],
    );
    expect(looked).toHaveLength(2);
    expect(looked).toEqual(expect.arrayContaining([{ event_id: later.id, fired: false }, { event_id: earlier.id, fired: true }]));
  });

  it('do nothing any more for a case that was closed', async () => {
    const place = await returnedOnce();
    await harness.client.closeCase(closing(place.caseId, 'CANCELLED'), cora());
    const late = await tellReturn(place, 40, 2, place.envelope);
    await harness.handled(late);
    expect(await harness.rows(
      `select fired, obstacle from rule_evaluation where event_id = $1 and rule = 'second_return'`, late.id,
    )).toEqual([{ fired: false, obstacle: 'CASE_CLOSED' }]);
    expect(JSON.stringify(await harness.published(late.correlationId))).not.toContain('Zum zweiten Mal');
  });
});
