import { OrgStageChanged } from '@tom/contracts/messages';
import { DomainError } from '@tom/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closing, including, refusal, withTemplateCase } from './fixtures.ts';
import { orgOf, stageChange, startHarness, type Harness, type Person } from './harness.ts';

let harness: Harness;
let ida: Person;
let otto: Person;
beforeAll(async () => {
  harness = await startHarness();
  ida = harness.person('ida', 'inside_sales');
  otto = harness.person('otto', 'outside_sales');
});
afterAll(() => harness.stop());

/** stage-service lets it through: the stage changes and its event follows. */
function letThrough(delayMs = 0): void {
  let moves = 0;
  const answers = new Map<string, object>();
  harness.stage.onTransition = async (request, call) => {
    const key = call.idempotency?.key;
    const kept = key === undefined ? undefined : answers.get(key);
    if (kept) return kept as never;
    const current = harness.stage.orgs.get(request.orgId);
    if (!current || current.currentStage !== request.fromStage) {
      throw new DomainError('STAGE_CHANGED', 'It moved.', { currentStage: current?.currentStage, by: 'x', at: 'y' });
    }
    const org = orgOf(request.orgId, request.toStage);
    harness.stage.orgs.set(request.orgId, org);
    moves += 1;
    const { caseId, outcomeCode, outcomeNote, reasonNote } = request;
    const data = stageChange(org, request.fromStage, { caseId, outcomeCode, outcomeNote, reasonNote });
    setTimeout(
      () =>
        void harness.tell(OrgStageChanged, {
          orgId: org.orgId,
          revision: 3 + moves,
          data,
          correlationId: call.correlationId,
        }),
      delayMs,
    );
    const answer = { org, caseId, activityId: undefined, expected: ['tom.workflow.v1.CaseClosed'], unchanged: false };
    if (key !== undefined) answers.set(key, answer);
    return answer;
  };
}

describe('closing a case whose outcome moves the company', () => {
  it('goes through the one door as the caller, and answers the case closed, with its note', async () => {
    const { caseId, orgId } = await withTemplateCase(harness, 'QUALIFYING');
    letThrough();
    const call = ida();
    const answer = await harness.client.closeCase(
      closing(caseId, 'QUALIFIED', { outcomeNote: 'Guter Fit', reasonCode: undefined }),
      call,
    );
    expect(answer).toMatchObject({
      case: {
        case: { status: 'CLOSED', outcomeCode: 'QUALIFIED', outcomeNote: 'Guter Fit' },
        org: { currentStage: 'QUALIFIED_LEAD' },
      },
      org: { currentStage: 'QUALIFIED_LEAD' },
      expected: ['tom.workflow.v1.CaseClosed'],
    });
    const asked = harness.stage.asked.at(-1);
    expect(asked?.request).toMatchObject({
      orgId,
      fromStage: 'QUALIFYING',
      toStage: 'QUALIFIED_LEAD',
      caseId,
      outcomeCode: 'QUALIFIED',
    });
    expect(asked?.call.caller).toMatchObject({ actor: 'user:ida' });
    expect(asked?.call.correlationId).toBe(call.correlationId);
  });

  it('changes nothing when the door refuses, and hands its reasons on', async () => {
    const { caseId } = await withTemplateCase(harness, 'QUALIFYING');
    harness.stage.onTransition = async () => {
      throw DomainError.rulesUnmet('Not yet.', [{ rule: 'NEXT_STEP', met: false, message: { de: 'd', en: 'e' } }]);
    };
    const before = await harness.client.getCase({ caseId }, ida());
    await expect(harness.client.closeCase(closing(caseId, 'QUALIFIED'), ida('refused-1'))).rejects.toThrow(
      refusal('RULES_UNMET', { unmet: [including({ rule: 'NEXT_STEP' })] }),
    );
    expect(await harness.client.getCase({ caseId }, ida())).toEqual(before);
    letThrough();
    const answer = await harness.client.closeCase(closing(caseId, 'QUALIFIED'), ida('refused-1'));
    expect(answer.case?.case?.status).toBe('CLOSED');
  });

  it('is one move for one key, also when its first answer was lost', async () => {
    const { caseId } = await withTemplateCase(harness, 'QUALIFYING');
    letThrough();
    const first = await harness.client.closeCase(closing(caseId, 'QUALIFIED'), ida('door-1'));
    const again = await harness.client.closeCase(closing(caseId, 'QUALIFIED'), ida('door-1'));
    expect(again.case?.case).toEqual(first.case?.case);
    const keys = harness.stage.asked.slice(-2).map(({ call, request }) => [call.idempotency?.key, request.fromStage]);
    expect(keys[0]).toEqual(keys[1]);
    await expect(harness.client.closeCase(closing(caseId, 'DORMANT'), ida('door-1'))).rejects.toThrow(
      refusal('IDEMPOTENCY_KEY_REUSED'),
    );
    await expect(harness.client.closeCase(closing(caseId, 'QUALIFIED'), ida('door-2'))).rejects.toThrow(
      refusal('STATE_REFUSED'),
    );
  });

  it('never makes a second move on top of one whose event is still on its way', async () => {
    const { caseId } = await withTemplateCase(harness, 'QUALIFYING');
    letThrough(250);
    const [first, second] = await Promise.allSettled([
      harness.client.closeCase(closing(caseId, 'QUALIFIED'), ida()),
      new Promise((resolve) => setTimeout(resolve, 60)).then(() =>
        harness.client.closeCase(closing(caseId, 'DORMANT', { reasonCode: 'TIMING' }), ida()),
      ),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'STATE_REFUSED' } });
  });
});

describe('releasing the lead of a company that sales had accepted', () => {
  it('is the way back through the one door; the owner is cleared on its event', async () => {
    const { caseId, orgId } = await withTemplateCase(harness, 'SALES_ACCEPTED');
    letThrough();
    const answer = await harness.client.releaseCase(
      { caseId, reasonCode: 'NO_CAPACITY', reasonNote: undefined },
      otto('back-1'),
    );
    expect(answer).toMatchObject({
      case: { case: { owner: undefined, status: 'NEW' } },
      org: { currentStage: 'QUALIFIED_LEAD' },
    });
    expect(answer.expected).toContain('tom.workflow.v1.CaseReleased');
    expect(harness.stage.asked.at(-1)?.request).toMatchObject({
      orgId,
      fromStage: 'SALES_ACCEPTED',
      toStage: 'QUALIFIED_LEAD',
      reasonCode: 'NO_CAPACITY',
      caseId,
      outcomeCode: undefined,
    });
    const again = await harness.client.releaseCase(
      { caseId, reasonCode: 'NO_CAPACITY', reasonNote: undefined },
      otto('back-1'),
    );
    expect(again.case?.case).toEqual(answer.case?.case);
  });
});
