import type { CaseOutput, CaseView } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { newId } from '@tom/kernel';
import type { Envelope } from '@tom/messaging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closing, inbound, including, known, refusal, short, withTemplateCase } from './fixtures.ts';
import { startHarness, type Harness, type Person } from './harness.ts';

let harness: Harness;
let cora: Person;
let olga: Person;
let ida: Person;
beforeAll(async () => {
  harness = await startHarness();
  cora = harness.person('cora', 'customer_inbound');
  olga = harness.person('olga', 'ops');
  ida = harness.person('ida', 'inside_sales');
});
afterAll(() => harness.stop());

const words = { goal: 'Angebot vorbereiten', context: 'Anruf', openPoints: ['Menge?'], recommendation: 'Rahmenvertrag' };
const toOps = (caseId: string, given: object = {}) => ({
  caseId,
  engine: 'ops',
  role: 'ops',
  queue: 'SALES_OPS',
  ...words,
  ...given,
});
const toInside = (caseId: string) => toOps(caseId, { engine: 'inside_sales', role: 'inside_sales', queue: 'INSIDE_SALES' });

async function opened(): Promise<CaseView & { caseId: string }> {
  const view = await harness.client.openCase(inbound(known(harness)), cora());
  return { ...view, caseId: view.case?.caseId ?? '' };
}

const outputsOf = (view: CaseView, phase = view.case?.phase): readonly CaseOutput[] =>
  view.phases.find((known) => known.phase === phase)?.outputs ?? [];
const idOf = (output: CaseOutput | undefined) => output?.requirementId ?? '';

/** Supplies every output of the phase that the case is in. */
async function supplied(caseId: string, person: Person): Promise<CaseView> {
  let view = await harness.client.getCase({ caseId }, person());
  for (const output of outputsOf(view)) {
    const request = { caseId, requirementId: output.requirementId, value: `${output.key}: da` };
    view = await harness.client.fulfilCaseRequirement(request, person());
  }
  return view;
}

/** A case that customer inbound gave to ops. */
async function handedOver(): Promise<{ caseId: string; view: CaseView; intake: CaseView }> {
  const { caseId } = await opened();
  const intake = await supplied(caseId, cora);
  return { caseId, intake, view: await harness.client.handOverCase(toOps(caseId), cora()) };
}

const typesOf = (envelopes: readonly Envelope[]) => envelopes.map(short);

describe('fulfilling an output', () => {
  it('keeps the value with who and when, replaces it, and tells of it without the value', async () => {
    const { caseId, ...view } = await opened();
    const requirementId = idOf(outputsOf(view)[0]);
    const call = cora();
    const first = await harness.client.fulfilCaseRequirement({ caseId, requirementId, value: 'Frau Muster' }, call);
    expect(outputsOf(first)[0]?.fulfilled).toMatchObject({ value: 'Frau Muster', by: 'cora' });
    const [told] = await harness.published(call.correlationId);
    expect(told).toMatchObject({
      type: 'tom.workflow.v1.CaseRequirementFulfilled',
      actor: 'user:cora',
      revision: 2,
      data: { requirementId, key: 'org_identified', description: { de: 'Unternehmen identifiziert' } },
    });
    expect(JSON.stringify(told)).not.toContain('Frau Muster');
    const again = await harness.client.fulfilCaseRequirement({ caseId, requirementId, value: 'Herr Muster' }, cora());
    expect(outputsOf(again)[0]?.fulfilled?.value).toBe('Herr Muster');
    const same = cora();
    await harness.client.fulfilCaseRequirement({ caseId, requirementId, value: 'Herr Muster' }, same);
    expect(await harness.published(same.correlationId)).toEqual([]);
  });

  it('happens once for one key, and is refused: no value, no such output, no right, another owner, closed', async () => {
    const { caseId, ...view } = await opened();
    const other = await opened();
    const request = { caseId, requirementId: idOf(outputsOf(view)[0]), value: 'ja' };
    const fulfil = (given: object, person: Person = cora, key?: string) =>
      harness.client.fulfilCaseRequirement({ ...request, ...given }, person(key));
    const answer = await fulfil({}, cora, 'fulfil-1');
    await fulfil({ value: 'nein' });
    expect(await fulfil({}, cora, 'fulfil-1')).toEqual(answer);
    await expect(fulfil({ value: '' })).rejects.toThrow(refusal('INVALID', { violations: [including({ path: 'value' })] }));
    for (const requirementId of [newId(), 'x', idOf(outputsOf(other)[0])])
      await expect(fulfil({ requirementId })).rejects.toThrow(refusal('NOT_FOUND'));
    await expect(fulfil({}, ida)).rejects.toThrow(refusal('FORBIDDEN'));
    await harness.client.claimCase({ caseId }, cora());
    await expect(fulfil({}, harness.person('carl', 'customer_inbound'))).rejects.toThrow(
      refusal('CASE_CLAIMED_BY', { by: 'cora' }),
    );
    await fulfil({ value: 'von der Leitung' }, harness.person('mia', 'manager'));
    await harness.client.closeCase(closing(caseId, 'CANCELLED'), cora());
    await expect(fulfil({})).rejects.toThrow(refusal('STATE_REFUSED', { state: 'CLOSED' }));
  });
});

describe('advancing', () => {
  it('names every missing output, then goes on; the same phase again changes nothing', async () => {
    const { caseId, ...view } = await opened();
    await expect(harness.client.advanceCase({ caseId, phase: 'CI-B' }, cora())).rejects.toThrow(
      refusal('RULES_UNMET', {
        unmet: outputsOf(view).map(({ key, description, requirementId }) =>
          including({
            rule: key,
            met: false,
            message: description,
            hint: including({ en: 'Supply this output.' }),
            fix: { action: 'FULFIL_REQUIREMENT', params: { caseId, requirementId } },
          }),
        ),
      }),
    );
    expect((await harness.client.getCase({ caseId }, cora())).case?.status).toBe('NEW');
    await supplied(caseId, cora);
    const call = cora('advance-1');
    const advanced = await harness.client.advanceCase({ caseId, phase: 'CI-B' }, call);
    expect(advanced.case).toMatchObject({ phase: 'CI-B', version: 1 });
    expect(await harness.published(call.correlationId)).toMatchObject([
      { type: 'tom.workflow.v1.CasePhaseChanged', data: { previousPhase: 'CI-A', case: { phase: 'CI-B' } } },
    ]);
    expect(await harness.client.advanceCase({ caseId, phase: 'CI-B' }, cora('advance-1'))).toEqual(advanced);
    const same = cora();
    await harness.client.advanceCase({ caseId, phase: 'CI-B' }, same);
    expect(await harness.published(same.correlationId)).toEqual([]);
  });

  it('is refused: a phase of nobody or of another engine, backwards, past outputs, no right, closed', async () => {
    const { caseId } = await opened();
    const advance = (phase: string, person: Person = cora) => harness.client.advanceCase({ caseId, phase }, person());
    for (const phase of ['', 'NOPE', 'OPS-A'])
      await expect(advance(phase)).rejects.toThrow(refusal('INVALID', { violations: [including({ path: 'phase' })] }));
    await expect(advance('CI-B', ida)).rejects.toThrow(refusal('FORBIDDEN'));
    await supplied(caseId, cora);
    await expect(advance('CI-C')).rejects.toThrow(
      refusal('RULES_UNMET', { unmet: ['category', 'target_engine', 'expectation'].map((rule) => including({ rule })) }),
    );
    await advance('CI-B');
    await expect(advance('CI-A')).rejects.toThrow(
      refusal('RULES_UNMET', { unmet: [including({ rule: 'PHASE_AHEAD' })] }),
    );
    await harness.client.closeCase(closing(caseId, 'CANCELLED'), cora());
    await expect(advance('CI-C')).rejects.toThrow(refusal('STATE_REFUSED'));
    await expect(harness.client.advanceCase({ caseId: newId(), phase: 'CI-B' }, cora())).rejects.toThrow(
      refusal('NOT_FOUND'),
    );
  });
});

describe('handing over', () => {
  it('is refused while outputs are missing, and the attempt blocks the case until they are there', async () => {
    const { caseId } = await opened();
    const call = cora('handover-blocked');
    await expect(harness.client.handOverCase(toOps(caseId), call)).rejects.toThrow(
      refusal('RULES_UNMET', {
        unmet: ['org_identified', 'summary', 'channel_and_time', 'urgency'].map((rule) => including({ rule })),
      }),
    );
    const blocked = await harness.client.getCase({ caseId }, cora());
    expect(blocked).toMatchObject({ case: { status: 'BLOCKED', engine: 'customer_inbound' }, chain: [] });
    expect(blocked.statusReason?.en).toBe('Mandatory outputs of the phase are missing.');
    expect(await harness.published(call.correlationId)).toMatchObject([
      { type: 'tom.workflow.v1.CaseStatusChanged', data: { previousStatus: 'NEW' }, actor: 'user:cora' },
    ]);
    expect(await harness.rows('select 1 from case_handover where case_id = $1', caseId)).toEqual([]);
    await expect(harness.client.handOverCase(toOps(caseId), call)).rejects.toThrow(refusal('RULES_UNMET'));
    expect(await harness.published(call.correlationId)).toHaveLength(1);
    expect((await supplied(caseId, cora)).case?.status).toBe('NEW');
    // The refusal was not kept: the same key may be tried again.
    expect((await harness.client.handOverCase(toOps(caseId), call)).case?.engine).toBe('ops');
  });

  it('gives the case to another engine, in its first phase, with its outputs; nobody owns it', async () => {
    const { caseId } = await opened();
    await harness.client.claimCase({ caseId }, cora());
    await supplied(caseId, cora);
    const call = cora('handover-1');
    const given = await harness.client.handOverCase(toOps(caseId), call);
    expect(given.case).toMatchObject({
      engine: 'ops',
      phase: 'OPS-A',
      ownerRole: 'ops',
      ownerQueue: 'SALES_OPS',
      owner: undefined,
      status: 'NEW',
      version: 1,
    });
    expect(given.phases.map(({ phase }) => phase)).toEqual(['OPS-A', 'OPS-B', 'OPS-C']);
    expect(outputsOf(given)).toHaveLength(4);
    expect(given.chain).toMatchObject([
      {
        kind: 'handover',
        fromEngine: 'customer_inbound',
        fromPhase: 'CI-A',
        toEngine: 'ops',
        toQueue: 'SALES_OPS',
        toPhase: 'OPS-A',
        by: 'cora',
        ...words,
      },
    ]);
    expect(given.returnTarget).toMatchObject({
      engine: 'customer_inbound',
      role: 'customer_inbound',
      queue: 'CUSTOMER_INBOUND',
      phase: 'CI-A',
    });
    expect(given.returnTarget?.outputs.map(({ key }) => key)).toContain('summary');
    const events = await harness.published(call.correlationId);
    expect(typesOf(events)).toEqual(['CaseHandedOver', 'CaseNoteAdded', 'CaseStatusChanged']);
    expect(events[0]).toMatchObject({
      actor: 'user:cora',
      depth: 0,
      data: { fromEngine: 'customer_inbound', fromRole: 'customer_inbound', fromPhase: 'CI-A', goal: words.goal },
    });
    const { items } = await harness.client.listCaseNotes({ caseId, pageSize: 0, pageToken: undefined }, olga());
    expect(items).toMatchObject([{ noteType: 'handover', createdBy: 'cora' }]);
    expect(items[0]?.body).toContain('– Menge?');
    expect(await harness.client.handOverCase(toOps(caseId), cora('handover-1'))).toEqual(given);
    await expect(harness.client.claimCase({ caseId }, cora())).rejects.toThrow(refusal('FORBIDDEN'));
    expect((await harness.client.claimCase({ caseId }, olga())).case).toMatchObject({
      owner: 'olga',
      status: 'IN_PROGRESS',
    });
  });

  it('is refused: what does not exist or fit together, missing words, its own engine, no right, closed', async () => {
    const { caseId } = await opened();
    const bad = (given: object, ...paths: string[]) =>
      expect(harness.client.handOverCase(toOps(caseId, given), cora())).rejects.toThrow(
        refusal('INVALID', { violations: paths.map((path) => including({ path })) }),
      );
    await bad({ engine: 'nope', role: 'nope', queue: 'NOPE' }, 'engine', 'role', 'queue');
    await bad({ role: 'inside_sales', queue: 'INSIDE_SALES' }, 'role', 'queue');
    await bad({ goal: '', context: '', openPoints: [''], recommendation: '' }, 'goal', 'context', 'openPoints[0]', 'recommendation');
    await bad({ engine: 'customer_inbound', role: 'customer_inbound', queue: 'CUSTOMER_INBOUND' }, 'engine');
    await expect(harness.client.handOverCase(toOps(caseId), olga())).rejects.toThrow(refusal('FORBIDDEN'));
    await harness.client.claimCase({ caseId }, cora());
    await expect(
      harness.client.handOverCase(toOps(caseId), harness.person('carl', 'customer_inbound')()),
    ).rejects.toThrow(refusal('CASE_CLAIMED_BY'));
    expect((await harness.client.getCase({ caseId }, cora())).case?.status).toBe('IN_PROGRESS');
    await harness.client.closeCase(closing(caseId, 'CANCELLED'), cora());
    await expect(harness.client.handOverCase(toOps(caseId), cora())).rejects.toThrow(refusal('STATE_REFUSED'));
  });

  it('by many at once happens once', async () => {
    const { caseId } = await opened();
    await supplied(caseId, cora);
    const attempts = await Promise.allSettled(
      Array.from({ length: 6 }, () => harness.client.handOverCase(toOps(caseId), harness.person('mia', 'manager')())),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await harness.client.getCase({ caseId }, cora())).chain).toHaveLength(1);
  });
});

describe('returning', () => {
  it('goes back to engine, role, queue and phase; what is named is demanded there and blocks the case', async () => {
    const { caseId, intake } = await handedOver();
    const summary = idOf(outputsOf(intake).find(({ key }) => key === 'summary'));
    const call = olga('return-1');
    const request = { caseId, reason: 'Unklar', missing: [summary, 'Liefertermin', 'Liefertermin'] };
    const returned = await harness.client.returnCase(request, call);
    expect(returned.case).toMatchObject({
      engine: 'customer_inbound',
      phase: 'CI-A',
      ownerRole: 'customer_inbound',
      ownerQueue: 'CUSTOMER_INBOUND',
      owner: undefined,
      status: 'BLOCKED',
      returnCount: 1,
      version: 1,
    });
    expect(returned.returnTarget).toBeUndefined();
    expect(returned.chain.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['handover', undefined],
      ['return', 'Unklar'],
    ]);
    const outputs = outputsOf(returned);
    expect(outputs.filter(({ fulfilled }) => !fulfilled).map(({ description }) => description?.de)).toEqual([
      'Zusammenfassung in zwei Sätzen',
      'Liefertermin',
    ]);
    expect(outputs.at(-1)).toMatchObject({ type: 'information', mandatory: true });
    const events = await harness.published(call.correlationId);
    expect(typesOf(events)).toEqual(['CaseReturned', 'CaseNoteAdded', 'CaseStatusChanged']);
    expect(events[0]).toMatchObject({ data: { fromEngine: 'ops', fromPhase: 'OPS-A', reason: 'Unklar' } });
    expect(await harness.client.returnCase(request, olga('return-1'))).toEqual(returned);
    await expect(harness.client.handOverCase(toOps(caseId), cora())).rejects.toThrow(
      refusal('RULES_UNMET', { unmet: [including({ rule: 'summary' }), including({ rule: 'returned_1' })] }),
    );
    expect((await supplied(caseId, cora)).case?.status).toBe('NEW');
    expect((await harness.client.handOverCase(toOps(caseId), cora())).case?.engine).toBe('ops');
  });

  it('follows the real chain: from the third to the second, and on to the first', async () => {
    const { caseId } = await handedOver();
    await supplied(caseId, olga);
    const third = await harness.client.handOverCase(toInside(caseId), olga());
    expect(third.returnTarget?.engine).toBe('ops');
    const second = await harness.client.returnCase({ caseId, reason: 'Fehlt', missing: ['Preis'] }, ida());
    expect(second).toMatchObject({ case: { engine: 'ops', phase: 'OPS-A' }, returnTarget: { engine: 'customer_inbound' } });
    const first = await harness.client.returnCase({ caseId, reason: 'Auch', missing: ['Menge'] }, olga());
    expect(first).toMatchObject({ case: { engine: 'customer_inbound', returnCount: 2 }, returnTarget: undefined });
    expect(first.chain.map(({ kind, toEngine }) => `${kind} ${toEngine}`)).toEqual([
      'handover ops',
      'handover inside_sales',
      'return ops',
      'return customer_inbound',
    ]);
    await expect(
      harness.client.returnCase({ caseId, reason: 'Noch weiter', missing: ['x'] }, cora()),
    ).rejects.toThrow(refusal('RULES_UNMET', { unmet: [including({ rule: 'HANDED_OVER' })] }));
  });

  it('more than twice escalates the case, once it is no longer blocked', async () => {
    const { caseId } = await handedOver();
    for (let round = 1; round <= 3; round += 1) {
      const call = olga();
      await harness.client.returnCase({ caseId, reason: 'Fehlt', missing: ['Preis'] }, call);
      expect(typesOf(await harness.published(call.correlationId)).includes('CaseEscalated')).toBe(round === 3);
      const after = await supplied(caseId, cora);
      expect(after.case?.status).toBe(round === 3 ? 'ESCALATED' : 'NEW');
      // The same words are the same output.
      expect(outputsOf(after).filter(({ key }) => key.startsWith('returned_'))).toHaveLength(1);
      if (round < 3) await harness.client.handOverCase(toOps(caseId), cora());
      else expect(after.statusReason?.en).toBe('It was returned more than twice.');
    }
  });

  it('is refused: no reason, nothing missing, an unknown output or one of elsewhere, nowhere to go, closed', async () => {
    const { caseId, view } = await handedOver();
    const send = (given: object, person: Person = olga) =>
      harness.client.returnCase({ caseId, reason: 'Fehlt', missing: ['Preis'], ...given }, person());
    const invalid = (path: string) => refusal('INVALID', { violations: [including({ path })] });
    await expect(send({ reason: '' })).rejects.toThrow(invalid('reason'));
    await expect(send({ missing: [] })).rejects.toThrow(invalid('missing'));
    await expect(send({ missing: ['Preis', ' '] })).rejects.toThrow(invalid('missing[1]'));
    await expect(send({ missing: ['Preis', newId()] })).rejects.toThrow(invalid('missing[1]'));
    await expect(send({ missing: [idOf(outputsOf(view)[0])] })).rejects.toThrow(invalid('missing[0]'));
    await expect(send({}, cora)).rejects.toThrow(refusal('FORBIDDEN'));
    await expect(send({ caseId: newId() })).rejects.toThrow(refusal('NOT_FOUND'));
    const never = await opened();
    await expect(send({ caseId: never.caseId }, cora)).rejects.toThrow(
      refusal('RULES_UNMET', { unmet: [including({ rule: 'HANDED_OVER' })] }),
    );
    await harness.client.claimCase({ caseId }, olga());
    await expect(send({}, harness.person('olaf', 'ops'))).rejects.toThrow(refusal('CASE_CLAIMED_BY', { by: 'olga' }));
    await harness.client.closeCase(closing(caseId, 'CANCELLED'), olga());
    await expect(send({})).rejects.toThrow(refusal('STATE_REFUSED', { state: 'CLOSED' }));
  });
});

describe('a case elsewhere', () => {
  it('of a template is given back by the engine that it was handed over to without moving the company', async () => {
    const { caseId } = await withTemplateCase(harness, 'SALES_ACCEPTED');
    const otto = harness.person('otto', 'outside_sales');
    await supplied(caseId, otto);
    await harness.client.handOverCase(toOps(caseId), otto());
    await harness.client.claimCase({ caseId }, olga());
    const before = harness.stage.asked.length;
    const released = await harness.client.releaseCase({ caseId, reasonCode: undefined, reasonNote: undefined }, olga());
    expect(released).toMatchObject({ case: { case: { engine: 'ops', owner: undefined } }, org: undefined });
    expect(harness.stage.asked).toHaveLength(before);
    // Its outcomes stay those of its template, whoever leads it.
    expect(released.case?.allowedOutcomes.map(({ code }) => code)).toContain('WON');
  });

  it('is listed by engine, role, queue, status and owner', async () => {
    const { caseId } = await handedOver();
    await harness.client.claimCase({ caseId }, harness.person('omar', 'ops')());
    const lists = { caseTypes: [], engines: ['ops'], statuses: ['IN_PROGRESS'], ownerRoles: ['ops'], ownerQueues: ['SALES_OPS'] };
    const list = async (given: object) =>
      (await harness.client.listCases({ ...lists, mine: false, pageSize: 0, ...given }, ida())).items.map(
        (item) => item.case?.caseId,
      );
    expect(await list({ owner: 'omar' })).toEqual([caseId]);
    expect(await list({ owner: 'omar', engines: ['customer_inbound'] })).toEqual([]);
    expect(await list({ owner: 'nobody' })).toEqual([]);
  });

  it('keeps its edits apart from its moves: a hand-over makes no version stale', async () => {
    const { caseId } = await handedOver();
    const edit = (version: number, title: string) =>
      harness.client.updateCase({ caseId, version, updateMask: ['title'], fields: { title } }, olga());
    await edit(1, 'Eins');
    await expect(edit(1, 'Zwei')).rejects.toThrow(
      refusal('STALE_VERSION', { current: including({ case: including({ title: 'Eins', engine: 'ops' }) }) }),
    );
  });
});
