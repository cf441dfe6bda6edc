import type { CaseView } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { newId } from '@tom/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closing, inbound, including, known, refusal } from './fixtures.ts';
import { startHarness, type Harness, type Person } from './harness.ts';

let harness: Harness;
let ida: Person;
let otto: Person;
let cora: Person;
beforeAll(async () => {
  harness = await startHarness();
  ida = harness.person('ida', 'inside_sales');
  otto = harness.person('otto', 'outside_sales');
  cora = harness.person('cora', 'customer_inbound');
});
afterAll(() => harness.stop());

async function opened(given: object = {}, orgId = known(harness)): Promise<CaseView & { caseId: string }> {
  const view = await harness.client.openCase(inbound(orgId, given), cora());
  return { ...view, caseId: view.case?.caseId ?? '' };
}

describe('opening a case', () => {
  it('answers it with phases, outputs and outcomes, at once readable, and tells of it', async () => {
    const orgId = known(harness, 'CUSTOMER', {
      address: { street: undefined, postalCode: undefined, city: 'Ulm', country: undefined },
    });
    const call = cora();
    const view = await harness.client.openCase(inbound(orgId, { priority: 'HIGH' }), call);
    expect(view).toMatchObject({
      case: {
        orgId,
        caseType: 'INBOUND_REQUEST',
        engine: 'customer_inbound',
        phase: 'CI-A',
        status: 'NEW',
        ownerRole: 'customer_inbound',
        ownerQueue: 'CUSTOMER_INBOUND',
        priority: 'HIGH',
        openedBy: 'cora',
        version: 1,
      },
      org: { name: 'Muster GmbH', city: 'Ulm', currentStage: 'CUSTOMER' },
      allowedOutcomes: [{ code: 'RESOLVED' }, { code: 'CANCELLED' }],
    });
    expect(view.phases.map((phase) => phase.phase)).toEqual(['CI-A', 'CI-B', 'CI-C']);
    expect(view.phases[0]?.outputs).toHaveLength(4);
    expect(await harness.client.getCase({ caseId: view.case?.caseId ?? '' }, ida())).toEqual(view);
    expect(await harness.published(call.correlationId)).toMatchObject([
      { type: 'tom.workflow.v1.CaseOpened', actor: 'user:cora', depth: 0 },
    ]);
  });

  it('of a type that a template opens is opened by that template', async () => {
    const orgId = known(harness, 'DORMANT');
    const call = ida();
    const request = { ...inbound(orgId), caseType: 'QUALIFY_COMPANY', engine: 'inside_sales', title: 'Noch einmal' };
    const view = await harness.client.openCase(request, call);
    expect(view.case).toMatchObject({
      template: 'qualify_company',
      templateVersion: 2,
      title: 'Noch einmal',
      openedBy: 'ida',
    });
    const [openedEvent, create, transition] = await harness.published(call.correlationId);
    expect(openedEvent).toMatchObject({ actor: 'user:ida' });
    expect(create).toMatchObject({ actor: 'template:qualify_company', data: { tasks: { length: 6 } } });
    expect(transition).toMatchObject({
      data: { fromStage: 'DORMANT', toStage: 'QUALIFYING', reasonCode: 'REACTIVATED' },
    });
  });

  it('is refused: every bad field, no right, an unknown company, a second one, the wrong kind', async () => {
    const bad = {
      ...inbound('x'),
      caseType: 'NOPE',
      engine: 'nope',
      title: '',
      priority: 'SOON',
      description: 'a\u0000',
    };
    await expect(harness.client.openCase(bad, cora())).rejects.toThrow(
      refusal('INVALID', {
        violations: ['orgId', 'caseType', 'engine', 'title', 'description', 'priority'].map((path) =>
          including({ path }),
        ),
      }),
    );
    const orgId = known(harness);
    await expect(harness.client.openCase(inbound(orgId), otto())).rejects.toThrow(refusal('FORBIDDEN'));
    await expect(harness.client.openCase(inbound(newId()), cora())).rejects.toThrow(
      refusal('INVALID', { violations: [including({ path: 'orgId' })] }),
    );
    const first = await opened({}, orgId);
    await expect(harness.client.openCase(inbound(orgId), cora())).rejects.toThrow(
      refusal('CASE_OPEN_EXISTS', { caseId: first.caseId }),
    );
    const supplier = {
      ...inbound(known(harness, 'CUSTOMER', { orgKind: 'supplier' })),
      caseType: 'QUALIFY_COMPANY',
      engine: 'inside_sales',
    };
    await expect(harness.client.openCase(supplier, ida())).rejects.toThrow(
      refusal('RULES_UNMET', { unmet: [including({ rule: 'ORG_KIND' })] }),
    );
  });

  it('happens once for one key: the same answer again, another body refused, a twin waits', async () => {
    const orgId = known(harness);
    const [one, twin] = await Promise.all([
      harness.client.openCase(inbound(orgId), cora('key-1', 'POST /cases')),
      harness.client.openCase(inbound(orgId), cora('key-1', 'POST /cases')),
    ]);
    expect(twin).toEqual(one);
    expect(await harness.client.openCase(inbound(orgId), cora('key-1', 'POST /cases'))).toEqual(one);
    await expect(
      harness.client.openCase(inbound(orgId, { title: 'Anders' }), cora('key-1', 'POST /cases')),
    ).rejects.toThrow(refusal('IDEMPOTENCY_KEY_REUSED'));
  });

  it('lets one of many win', async () => {
    const orgId = known(harness);
    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, () => harness.client.openCase(inbound(orgId), cora())),
    );
    expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
    const refused = attempts.filter((attempt) => attempt.status === 'rejected');
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'CASE_OPEN_EXISTS' });
  });
});

describe('claiming', () => {
  it('makes the caller the owner, once; another is told who has it', async () => {
    const { caseId } = await opened();
    const claimed = await harness.client.claimCase({ caseId }, cora());
    expect(claimed.case).toMatchObject({ owner: 'cora', status: 'IN_PROGRESS', version: 1 });
    expect(claimed.statusReason?.en).toBe('Somebody has claimed it.');
    const again = cora();
    expect((await harness.client.claimCase({ caseId }, again)).case).toEqual(claimed.case);
    expect(await harness.published(again.correlationId)).toEqual([]);
    await expect(harness.client.claimCase({ caseId }, harness.person('carl', 'customer_inbound')())).rejects.toThrow(
      refusal('CASE_CLAIMED_BY', { by: 'cora' }),
    );
    await expect(harness.client.claimCase({ caseId }, otto())).rejects.toThrow(refusal('FORBIDDEN'));
    await expect(harness.client.claimCase({ caseId: newId() }, cora())).rejects.toThrow(refusal('NOT_FOUND'));
    await expect(harness.client.claimCase({ caseId: 'no-id' }, cora())).rejects.toThrow(refusal('NOT_FOUND'));
  });
});

describe('releasing', () => {
  it('takes the owner away, by the owner or a manager, and is answered again for the same key', async () => {
    const { caseId } = await opened();
    const nothing = { reasonCode: undefined, reasonNote: undefined };
    await expect(harness.client.releaseCase({ caseId, ...nothing }, cora())).rejects.toThrow(
      refusal('STATE_REFUSED', { state: 'NEW' }),
    );
    await harness.client.claimCase({ caseId }, cora());
    await expect(
      harness.client.releaseCase({ caseId, ...nothing }, harness.person('carl', 'customer_inbound')()),
    ).rejects.toThrow(refusal('CASE_CLAIMED_BY'));
    const released = await harness.client.releaseCase({ caseId, ...nothing }, cora('release-1'));
    expect(released.case?.case).toMatchObject({ owner: undefined, status: 'NEW' });
    expect(await harness.client.releaseCase({ caseId, ...nothing }, cora('release-1'))).toEqual(released);
    await harness.client.claimCase({ caseId }, cora());
    const byManager = await harness.client.releaseCase({ caseId, ...nothing }, harness.person('mia', 'manager')());
    expect(byManager.case?.case?.owner).toBeUndefined();
  });
});

describe('editing', () => {
  const edit = (caseId: string, version: number, updateMask: string[], fields: object) => ({
    caseId,
    version,
    updateMask,
    fields: { title: undefined, description: undefined, priority: undefined, dueAt: undefined, ...fields },
  });

  it('writes what the mask names, clears what has no value, and counts the version', async () => {
    const { caseId } = await opened({ description: 'alt' });
    const first = await harness.client.updateCase(
      edit(caseId, 1, ['title', 'description', 'due_at'], { title: 'Neu', dueAt: '2199-01-01T00:00:00.000Z' }),
      cora(),
    );
    expect(first.case).toMatchObject({
      title: 'Neu',
      description: undefined,
      dueAt: '2199-01-01T00:00:00.000Z',
      version: 2,
    });
    const same = await harness.client.updateCase(edit(caseId, 2, ['title'], { title: 'Neu' }), cora());
    expect(same.case?.version).toBe(2);
  });

  it('escalates a case whose due date has passed', async () => {
    const { caseId } = await opened();
    const call = cora();
    const { case: item } = await harness.client.updateCase(
      edit(caseId, 1, ['dueAt'], { dueAt: '2020-01-01T00:00:00.000Z' }),
      call,
    );
    expect(item?.status).toBe('ESCALATED');
    expect((await harness.published(call.correlationId)).map(({ revision, type }) => [revision, type])).toEqual([
      [2, 'tom.workflow.v1.CaseUpdated'],
      [3, 'tom.workflow.v1.CaseStatusChanged'],
      [4, 'tom.workflow.v1.CaseEscalated'],
    ]);
  });

  it('is refused: stale with the case as it is, bad fields, what is not writable, once it is closed', async () => {
    const { caseId } = await opened();
    await harness.client.updateCase(edit(caseId, 1, ['title'], { title: 'Eins' }), cora());
    await expect(harness.client.updateCase(edit(caseId, 1, ['title'], { title: 'Zwei' }), cora())).rejects.toThrow(
      refusal('STALE_VERSION', {
        by: 'cora',
        current: including({ case: including({ caseId, title: 'Eins', version: 2 }) }),
      }),
    );
    await expect(
      harness.client.updateCase(edit(caseId, 2, ['status', 'title', 'priority'], { title: ' ' }), cora()),
    ).rejects.toThrow(
      refusal('INVALID', {
        violations: ['status', 'title', 'priority'].map((path) => including({ path })),
      }),
    );
    await harness.client.closeCase(closing(caseId, 'CANCELLED'), cora());
    await expect(harness.client.updateCase(edit(caseId, 2, ['title'], { title: 'Drei' }), cora())).rejects.toThrow(
      refusal('STATE_REFUSED', { state: 'CLOSED' }),
    );
  });
});

describe('notes', () => {
  it('are added by anybody, listed newest first, page by page while others write', async () => {
    const { caseId } = await opened();
    const add = (body: string, key?: string) =>
      harness.client.addCaseNote({ caseId, noteType: 'comment', body }, otto(key));
    for (const body of ['1', '2', '3', '4', '5']) await add(body);
    const first = await harness.client.listCaseNotes({ caseId, pageSize: 2, pageToken: undefined }, ida());
    await add('6');
    const second = await harness.client.listCaseNotes({ caseId, pageSize: 2, pageToken: first.nextPageToken }, ida());
    const third = await harness.client.listCaseNotes({ caseId, pageSize: 2, pageToken: second.nextPageToken }, ida());
    expect([first, second, third].flatMap((page) => page.items.map((note) => note.body))).toEqual([
      '5',
      '4',
      '3',
      '2',
      '1',
    ]);
    expect(third.nextPageToken).toBeUndefined();
    const kept = await add('7', 'note-1');
    expect(await add('7', 'note-1')).toEqual(kept);
    await expect(harness.client.listCaseNotes({ caseId, pageSize: 2, pageToken: 'x' }, ida())).rejects.toThrow(
      refusal('INVALID'),
    );
    await expect(harness.client.addCaseNote({ caseId, noteType: 'system', body: '' }, ida())).rejects.toThrow(
      refusal('INVALID', {
        violations: [including({ path: 'noteType' }), including({ path: 'body' })],
      }),
    );
  });
});

describe('closing a case that no template opened', () => {
  it('ends it here, once, with RESOLVED or CANCELLED', async () => {
    const { caseId } = await opened();
    await expect(harness.client.closeCase(closing(caseId, 'WON'), cora())).rejects.toThrow(
      refusal('INVALID', { violations: [including({ path: 'outcomeCode' })] }),
    );
    await expect(harness.client.closeCase(closing(caseId, 'RESOLVED'), otto())).rejects.toThrow(refusal('FORBIDDEN'));
    const call = cora('close-1');
    const closed = await harness.client.closeCase(closing(caseId, 'RESOLVED', { outcomeNote: 'erledigt' }), call);
    expect(closed.case?.case).toMatchObject({ status: 'CLOSED', outcomeCode: 'RESOLVED', outcomeNote: 'erledigt' });
    expect(closed.case?.allowedOutcomes).toEqual([]);
    expect((await harness.published(call.correlationId)).map(({ type }) => type).sort()).toEqual([
      'tom.task.v1.CancelCaseTasks',
      'tom.workflow.v1.CaseClosed',
    ]);
    expect(
      await harness.client.closeCase(closing(caseId, 'RESOLVED', { outcomeNote: 'erledigt' }), cora('close-1')),
    ).toEqual(closed);
    await expect(harness.client.closeCase(closing(caseId, 'RESOLVED'), cora())).rejects.toThrow(
      refusal('STATE_REFUSED', { state: 'CLOSED' }),
    );
    await expect(harness.client.claimCase({ caseId }, cora())).rejects.toThrow(refusal('STATE_REFUSED'));
    await expect(harness.client.addCaseNote({ caseId, noteType: 'comment', body: 'zu spät' }, cora())).rejects.toThrow(
      refusal('STATE_REFUSED'),
    );
  });
});

describe('listing cases', () => {
  it('goes through the pages while others write, each case once, filtered', async () => {
    const mine = [];
    for (let index = 0; index < 5; index += 1)
      mine.push((await opened({ title: `Liste ${index} 100%_x` })).case?.number);
    const all = {
      orgId: undefined,
      caseTypes: ['INBOUND_REQUEST'],
      engines: [],
      statuses: ['NEW'],
      ownerRoles: [],
      ownerQueues: ['CUSTOMER_INBOUND'],
      open: true,
      mine: false,
      q: '100%_x',
    };
    const seen: (string | undefined)[] = [];
    let pageToken: string | undefined;
    do {
      const page = await harness.client.listCases({ ...all, pageSize: 2, pageToken }, ida());
      seen.push(...page.items.map((item) => item.case?.number));
      pageToken = page.nextPageToken;
      await opened({ title: 'Dazwischen 100%_x' });
    } while (pageToken !== undefined);
    expect(seen).toEqual([...mine].reverse());
    const byNumber = await harness.client.listCases({ ...all, q: mine[0], pageSize: 10, pageToken: undefined }, ida());
    expect(byNumber.items.map((item) => item.case?.number)).toContain(mine[0]);
    await expect(
      harness.client.listCases({ ...all, statuses: ['NOPE'], pageSize: 500, pageToken: undefined }, ida()),
    ).rejects.toThrow(
      refusal('INVALID', {
        violations: [including({ path: 'status' }), including({ path: 'pageSize' })],
      }),
    );
  });

  it('knows what is mine, open, of a company', async () => {
    const one = await opened();
    const orgId = one.case?.orgId;
    await harness.client.claimCase({ caseId: one.caseId }, harness.person('carla', 'customer_inbound')());
    const list = async (given: object, person: Person = ida) =>
      (
        await harness.client.listCases(
          {
            orgId: undefined,
            caseTypes: [],
            engines: [],
            statuses: [],
            ownerRoles: [],
            ownerQueues: [],
            open: undefined,
            mine: false,
            pageSize: 0,
            pageToken: undefined,
            q: undefined,
            ...given,
          },
          person(),
        )
      ).items.map((item) => item.case?.caseId);
    expect(await list({ mine: true }, harness.person('carla', 'customer_inbound'))).toEqual([one.caseId]);
    expect(await list({ orgId, open: true })).toEqual([one.caseId]);
    expect(await list({ orgId, open: false })).toEqual([]);
    expect(await list({ orgId, q: 'muster' })).toEqual([one.caseId]);
  });
});
