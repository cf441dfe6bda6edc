import { OrgErased, OrgUpdated, StageTransitionRefused } from '@tom/contracts/messages';
import { ids, newId } from '@tom/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casesOf, created, moved, short } from './fixtures.ts';
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
    const erased = await harness.tell(OrgErased, { orgId, revision: 3, data: { orgId } });
    await harness.handled(erased);
    const tables = [
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
});
