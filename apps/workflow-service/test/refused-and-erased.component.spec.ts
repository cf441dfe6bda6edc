import { OrgErased, OrgUpdated, StageTransitionRefused } from '@tom/contracts/messages';
import { ids, newId } from '@tom/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casesOf, created, inbound, known, moved, refusal as refusalOf, short, withTemplateCase } from './fixtures.ts';
import { orgOf, startHarness, type Harness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

describe('a stage that was refused', () => {
  const refusal = (orgId: string, causationId: string, revision: number) =>
    harness.tell(StageTransitionRefused, {
      orgId,
      revision,
      causationId,
      data: {
        orgId,
        fromStage: 'UNVERIFIED',
        toStage: 'QUALIFYING',
        currentStage: 'ARCHIVED',
        caseId: undefined,
        code: 'STAGE_CHANGED',
        unmet: [],
      },
    });

  it('undoes the case that asked for it: a note, CANCELLED, its tasks cancelled', async () => {
    const orgId = newId();
    const change = await created(harness, orgId);
    const transition = (await harness.published(change.correlationId)).find(
      (message) => short(message) === 'TransitionStage',
    );
    const refused = await refusal(orgId, transition?.id ?? '', 3);
    await harness.handled(refused);
    const messages = await harness.published(refused.correlationId);
    expect(messages.map((message) => [short(message), message.revision]).sort()).toEqual([
      ['CancelCaseTasks', 0],
      ['CaseClosed', 3],
      ['CaseNoteAdded', 2],
    ]);
    expect(await casesOf(harness, orgId)).toMatchObject([{ status: 'CLOSED', outcome_code: 'CANCELLED' }]);
    expect(
      await harness.rows('select note_type from case_note where case_id = $1', ids.case(change.id, 'qualify_company')),
    ).toEqual([{ note_type: 'system' }]);
    await harness.again(refused);
    const later = await refusal(orgId, transition?.id ?? '', 4);
    await harness.handled(later);
    expect(await harness.published(later.correlationId)).toEqual([]);
  });

  it('leaves alone a case that it only joined', async () => {
    const orgId = newId();
    await created(harness, orgId);
    const again = await moved(harness, orgId, 'ARCHIVED', 'UNVERIFIED', 3, { reasonCode: 'REOPENED' });
    const asked = await harness.published(again.correlationId);
    expect(asked.map(short)).toEqual(['TransitionStage']);
    const refused = await refusal(orgId, asked[0]?.id ?? '', 4);
    await harness.handled(refused);
    expect(await casesOf(harness, orgId)).toMatchObject([{ status: 'NEW', outcome_code: null }]);
  });
});

describe('an erased company', () => {
  it('leaves no name and no free text behind', async () => {
    const orgId = newId();
    const change = await created(harness, orgId, 'UNVERIFIED', { name: 'Geheim GmbH' });
    const caseId = ids.case(change.id, 'qualify_company');
    await harness.client.addCaseNote(
      { caseId, noteType: 'comment', body: 'Geheim gesagt' },
      harness.person('ida', 'inside_sales')('erasure'),
    );
    const [ida, olga] = [harness.person('ida', 'inside_sales'), harness.person('olga', 'ops')];
    const words = { goal: 'Geheimes Ziel', context: 'Geheim', openPoints: ['Geheim?'], recommendation: 'Geheimer Rat' };
    await harness.client.handOverCase({ caseId, engine: 'ops', role: 'ops', queue: 'SALES_OPS', ...words }, ida());
    const back = { caseId, reason: 'Geheimer Grund', missing: ['Geheime Zahl'] };
    const { phases } = await harness.client.returnCase(back, olga('erasure-return'));
    const requirementId = phases[0]?.outputs[0]?.requirementId ?? '';
    await harness.client.fulfilCaseRequirement({ caseId, requirementId, value: 'Geheim 42' }, ida());
    const erased = await harness.tell(OrgErased, { orgId, revision: 3, data: { orgId } });
    await harness.handled(erased);
    const tables = [
      'case_requirement',
      'case_handover',
      'case_return',
      'known_org',
      'case_item',
      'case_note',
      'case_history',
      'idempotency',
      'observed_event',
      'rule_evaluation',
      'dead_letter',
    ];
    for (const table of tables) {
      expect([table, await harness.rows(`select 1 from ${table} as t where t::text ilike '%geheim%'`)]).toEqual([
        table,
        [],
      ]);
    }
    expect((await casesOf(harness, orgId))[0]?.title).toBe('Qualifizierung');
    // A name that an older event carries does not come back.
    const late = await harness.tell(OrgUpdated, {
      orgId,
      revision: 2,
      data: { org: orgOf(orgId, 'UNVERIFIED', { name: 'Geheim GmbH' }), changedFields: [] },
    });
    await harness.handled(late);
    expect(await harness.rows('select name from known_org where org_id = $1', orgId)).toEqual([{ name: null }]);
  });

  it('has no new case and no new word; what there is can be ended', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    const refused = refusalOf('STATE_REFUSED', { state: 'ERASED' });
    const [ida, cora] = [harness.person('ida', 'inside_sales'), harness.person('cora', 'customer_inbound')];
    const { version = 0 } = (await harness.client.getCase({ caseId }, ida())).case ?? {};
    const erased = await harness.tell(OrgErased, { orgId, revision: 4, data: { orgId } });
    await harness.handled(erased);
    const open = () => harness.client.openCase(inbound(orgId), cora());
    const note = () => harness.client.addCaseNote({ caseId, noteType: 'comment', body: 'Neu' }, ida());
    const edit = (seen: number) =>
      harness.client.updateCase({ caseId, version: seen, updateMask: ['title'], fields: { title: 'Neu' } }, ida());
    // Its owner has not said so yet: only that counts.
    await note();
    harness.stage.orgs.set(orgId, orgOf(orgId, 'QUALIFYING', { name: undefined }));
    await expect(open()).rejects.toThrow(refused);
    await expect(harness.client.startTemplate({ key: 'qualify_company', orgId }, ida())).rejects.toThrow(refused);
    await expect(note()).rejects.toThrow(refused);
    await expect(edit(version + 7)).rejects.toThrow(refusalOf('STALE_VERSION'));
    await expect(edit(version)).rejects.toThrow(refused);
    const words = { goal: 'Neu', context: 'Neu', openPoints: [], recommendation: 'Neu' };
    await expect(
      harness.client.handOverCase({ caseId, engine: 'ops', role: 'ops', queue: 'SALES_OPS', ...words }, ida()),
    ).rejects.toThrow(refused);
    const { phases } = await harness.client.getCase({ caseId }, ida());
    const requirementId = phases[1]?.outputs[0]?.requirementId ?? '';
    await expect(harness.client.fulfilCaseRequirement({ caseId, requirementId, value: 'Neu' }, ida())).rejects.toThrow(refused);
    await harness.client.claimCase({ caseId }, ida());
    const unheard = known(harness, 'CUSTOMER', { name: undefined });
    await expect(harness.client.openCase(inbound(unheard), cora())).rejects.toThrow(refused);
  });
});
