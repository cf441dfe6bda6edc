import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaseOpened, OrgCreated, OrgErased, OrgUpdated } from '@tom/contracts/messages';
import { ids, newId } from '@tom/kernel';
import { redrive, type OutgoingMessage } from '@tom/messaging';
import { eventually } from '@tom/service/testing';
import { startApp } from '../src/app.ts';
import { overdueRefs } from '../src/adapters/waiting-report-table.ts';
import { createReporter, orgSnapshot, type Reporter } from './reporter.ts';
import { startSystem, type System } from './system.ts';

let system: System;
let reporter: Reporter;
beforeAll(async () => {
  system = await startSystem();
  reporter = createReporter(system);
});
afterAll(() => system.stop());

const DAY_MS = 86_400_000;
const later = (ms: number) => new Date(system.clock.now().getTime() + ms).toISOString();
const activity = (externalRef: string, reportedId: string) =>
  system.client.getActivity({ activityId: ids.reportedActivity(externalRef, reportedId) }, system.ida());
const gone = { code: 'NOT_FOUND' };

async function timeline(orgId: string) {
  system.answers.orgs.add(orgId);
  return (await system.client.listTimeline({ orgId, kinds: ['ACTIVITY'], pageSize: 200 }, system.ida())).items;
}
async function openCase(orgId: string, engine = 'inside_sales', queue = 'INSIDE_SALES'): Promise<string> {
  const caseId = newId();
  const at = system.clock.now().toISOString();
  const opened = {
    caseId, number: '1', orgId, caseType: 'QUALIFY_COMPANY', engine, status: 'NEW', ownerRole: engine, ownerQueue: queue,
    priority: 'NORMAL', title: 'x', openedAt: at, openedBy: 'x', returnCount: 0, version: 1,
  };
  await system.publish(CaseOpened, orgId, { case: opened }, { aggregateId: caseId });
  await reporter.settled();
  return caseId;
}

describe('a report about a known company', () => {
  it('is logged in the name of the system, caused by the report, and says on the timeline who reported it', async () => {
    const { externalRef, orgId } = await reporter.company();
    const caseId = await openCase(orgId);
    const followUpAt = later(DAY_MS);
    const fields = { activityType: 'CALL', direction: 'INBOUND', outcomeCode: 'CALL_BACK_REQUESTED', occurredAt: later(-3_600_000), notes: 'Bitte', followUpAt };
    const sent = reporter.message(externalRef, { reportedId: '1', fields }, { ce_depth: '1', ce_correlationid: newId() });
    await reporter.send(sent);
    expect(await activity(externalRef, '1')).toMatchObject({
      ...fields,
      orgId,
      caseId,
      queue: 'INSIDE_SALES',
      createdBy: 'client:phones',
      followUpRevision: 1,
      version: 1,
    });
    const told = await system.told(orgId, 1);
    expect(told).toMatchObject([
      {
        type: 'tom.activity.v1.ActivityLogged',
        actor: 'client:phones',
        causationId: sent.headers['ce_id'],
        correlationId: sent.headers['ce_correlationid'],
        depth: 2,
      },
    ]);
    expect(await timeline(orgId)).toMatchObject([
      {
        actor: 'client:phones',
        at: fields.occurredAt,
        title: { de: 'Anruf · Rückruf gewünscht (gemeldet von phones)', en: 'Call · Call-back requested (reported by phones)' },
        cause: { event: sent.headers['ce_id'] },
      },
    ]);
  });

  it('happened when the message was sent, unless it says otherwise', async () => {
    const { externalRef } = await reporter.company();
    const ce_time = later(-600_000);
    await reporter.send(reporter.message(externalRef, { reportedId: '1' }, { ce_time }));
    expect(await activity(externalRef, '1')).toMatchObject({ occurredAt: ce_time });
  });

  it('twice is once: the same message, and another one with the same id', async () => {
    const { externalRef, orgId } = await reporter.company();
    const sent = reporter.message(externalRef, { reportedId: '1' });
    await reporter.send(sent, sent);
    await reporter.send(sent, reporter.message(externalRef, { reportedId: '1', fields: { activityType: 'NOTE' } }));
    expect(await timeline(orgId)).toHaveLength(1);
    expect(await system.told(orgId, 1)).toHaveLength(1);
    expect(await activity(externalRef, '1')).toMatchObject({ activityType: 'CALL' });
  });

  it('is not logged again after the activity was deleted', async () => {
    const { externalRef, orgId } = await reporter.company();
    await reporter.send(reporter.message(externalRef, { reportedId: '1' }));
    await system.client.deleteActivity({ activityId: ids.reportedActivity(externalRef, '1'), version: 1 }, system.ida());
    await reporter.send(reporter.message(externalRef, { reportedId: '1' }));
    await expect(activity(externalRef, '1')).rejects.toMatchObject(gone);
    expect(await timeline(orgId)).toEqual([]);
  });

  it('with a follow-up that has passed meanwhile still carries what was agreed', async () => {
    const { externalRef } = await reporter.company();
    const fields = { activityType: 'CALL', occurredAt: later(-2 * DAY_MS), followUpAt: later(-DAY_MS) };
    await reporter.send(reporter.message(externalRef, { reportedId: '1', fields }));
    expect(await activity(externalRef, '1')).toMatchObject({ followUpAt: fields.followUpAt });
  });

  it('completes no task, and is logged without a contact that was removed since', async () => {
    const { externalRef, orgId } = await reporter.company();
    const contactId = newId();
    await reporter.contact(orgId, contactId, 'removed');
    const fields = { activityType: 'CALL', contactId, completesTaskId: newId() };
    await reporter.send(reporter.message(externalRef, { reportedId: '1', fields }));
    const logged = await activity(externalRef, '1');
    expect([logged.contactId, logged.completesTaskId]).toEqual([undefined, undefined]);
  });

  it('asks the owners, as the service that it is, for what the projections lack', async () => {
    const { externalRef, orgId } = await reporter.company();
    const [contactId, caseId] = [newId(), system.openCase(orgId, 'ops', 'SALES_OPS')];
    system.answers.contacts.set(contactId, orgId);
    await reporter.send(reporter.message(externalRef, { reportedId: '1', fields: { activityType: 'CALL', contactId, caseId } }));
    expect(await activity(externalRef, '1')).toMatchObject({ contactId, caseId, queue: 'SALES_OPS' });
    // A company that was there before references were kept here.
    const old = `OLD-${newId()}`;
    system.answers.refs.set(old, orgId);
    await reporter.send(reporter.message(old, { reportedId: '1' }));
    expect(await activity(old, '1')).toMatchObject({ orgId });
  });

  it('has no case when several are open', async () => {
    const { externalRef, orgId } = await reporter.company();
    await openCase(orgId);
    await openCase(orgId, 'outside_sales', 'OUTSIDE_SALES');
    await reporter.send(reporter.message(externalRef, { reportedId: '1' }));
    expect((await activity(externalRef, '1')).caseId).toBeUndefined();
  });
});

describe('a report before its company', () => {
  it('waits, with those behind it, and all are logged in their order when the company appears', async () => {
    const externalRef = reporter.freshRef();
    const sent = ['1', '2', '3'].map((reportedId) => reporter.message(externalRef, { reportedId }));
    await reporter.send(...sent, reporter.message(externalRef, { reportedId: '2' }));
    expect(await reporter.waiting(externalRef)).toBe(3);
    expect(await reporter.letters(externalRef)).toEqual([]);
    const { orgId } = await reporter.company(externalRef);
    await reporter.settled();
    const told = await system.told(orgId, 3);
    expect(told.map(({ causationId, aggregateId }) => [causationId, aggregateId])).toEqual(
      sent.map((message, index) => [message.headers['ce_id'], ids.reportedActivity(externalRef, String(index + 1))]),
    );
    expect(told.every(({ actor, depth }) => actor === 'client:phones' && depth === 1)).toBe(true);
    expect(await reporter.waiting(externalRef)).toBe(0);
    await reporter.send(sent[0] as OutgoingMessage, reporter.message(externalRef, { reportedId: '4' }));
    expect(await timeline(orgId)).toHaveLength(4);
  });

  it('is logged too when a company that was there gets the reference', async () => {
    const { orgId } = await reporter.company();
    const externalRef = reporter.freshRef();
    await reporter.send(reporter.message(externalRef, { reportedId: '1' }));
    await system.publish(OrgUpdated, orgId, { org: orgSnapshot(orgId, externalRef), changedFields: ['externalRef'] }, { revision: 5 });
    await reporter.settled();
    expect(await activity(externalRef, '1')).toMatchObject({ orgId });
  });

  it('follows the reference to another company, whose event may come before that of the one that gave it up', async () => {
    const { externalRef, orgId: former } = await reporter.company();
    system.clock.advance(1_000);
    const { orgId } = await reporter.company(externalRef);
    await reporter.send(reporter.message(externalRef, { reportedId: '1' }));
    expect(await activity(externalRef, '1')).toMatchObject({ orgId });
    await system.publish(OrgUpdated, former, { org: orgSnapshot(former, undefined), changedFields: ['externalRef'] }, { revision: 3 });
    await reporter.settled();
    await reporter.send(reporter.message(externalRef, { reportedId: '2' }));
    expect(await activity(externalRef, '2')).toMatchObject({ orgId });
  });

  it('that names what is not the company’s goes to the dead letters then, with those behind it, and the event is handled', async () => {
    const externalRef = reporter.freshRef();
    const contactId = newId();
    system.answers.contacts.set(contactId, newId());
    const wrong = { reportedId: '2', fields: { activityType: 'CALL', contactId } };
    const reports = [{ reportedId: '1' }, wrong, { reportedId: '3' }].map((report) => reporter.message(externalRef, report));
    await reporter.send(...reports);
    expect(await reporter.waiting(externalRef)).toBe(3);
    const { orgId } = await reporter.company(externalRef);
    await reporter.settled();
    expect(await timeline(orgId)).toHaveLength(1);
    expect(await reporter.letters(externalRef)).toMatchObject([
      { reason: 'refused', error: expect.stringContaining('fields.contactId: is not a contact') as string },
      { reason: 'parked' },
    ]);
  });

  it('whose company does not come goes to the dead letters with its line, and a redrive logs it later', async () => {
    const externalRef = reporter.freshRef();
    await reporter.send(reporter.message(externalRef, { reportedId: '1' }));
    system.clock.advance(13 * DAY_MS);
    await reporter.send(reporter.message(externalRef, { reportedId: '2' }));
    system.clock.advance(1.5 * DAY_MS);
    // A service looks when it starts, and every minute.
    const other = await startApp(system.config, { clock: system.clock });
    await eventually(async () => expect(await reporter.waiting(externalRef)).toBe(0));
    await other.stop();
    expect(await reporter.letters(externalRef)).toMatchObject([
      { reason: 'expired', error: 'its company did not come within 14 days', attempts: 1 },
      { reason: 'parked' },
    ]);
    expect(await reporter.copies(externalRef)).toMatchObject([{ headers: { tom_dlq_reason: 'expired' } }]);
    await reporter.company(externalRef);
    await redrive({ database: system.database, group: 'activity-service', key: externalRef });
    await eventually(() => activity(externalRef, '2'));
    await activity(externalRef, '1');
    expect(await reporter.letters(externalRef)).toEqual([]);
  });

  it('is refused when too many wait already, and how many wait is a metric', async () => {
    const externalRef = reporter.freshRef();
    await reporter.send(reporter.message(externalRef, { reportedId: '1' }));
    const text = `insert into waiting_report (activity_id, external_ref, topic, "partition", "offset", headers, value, received_at)
      select gen_random_uuid(), external_ref, topic, "partition", "offset", headers, value, received_at
      from waiting_report, generate_series(1, 999) where external_ref = $1`;
    await system.database.query({ name: 'test.many', text }, [externalRef]);
    await reporter.send(reporter.message(externalRef, { reportedId: '1001' }));
    expect(await reporter.letters(externalRef)).toMatchObject([{ reason: 'refused', error: expect.stringContaining('1000 for one') as string }]);
    const metrics = await (await fetch(`http://${system.app.opsAddress}/metrics`)).text();
    expect(Number(/^tom_waiting_reports(?:\{.*\})? (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(1_000);
    expect(metrics).toMatch(/^tom_waiting_reports_oldest_seconds(?:\{.*\})? \d/m);
    await system.database.query({ name: 'test.none', text: 'delete from waiting_report where external_ref = $1' }, [externalRef]);
  });

  it('is looked for by an index', async () => {
    const plan = await system.database.transaction(async (tx) => {
      await tx.query({ name: 'test.no_seqscan', text: 'set local enable_seqscan = off' });
      return JSON.stringify(await tx.query({ name: 'test.overdue', text: `explain (format json) ${overdueRefs.text}` }, [system.clock.now()]));
    });
    expect(plan).toContain('waiting_report_received');
  });
});

describe('an erased company', () => {
  it('takes no reports: they are dropped, whatever was kept of its reference is gone', async () => {
    const { externalRef, orgId } = await reporter.company();
    await reporter.send(reporter.message(externalRef, { reportedId: '1', fields: { activityType: 'CALL', notes: 'geheim' } }));
    await reporter.send(reporter.message(externalRef, { reportedId: '2', fields: { activityType: 'KNOCK', notes: 'geheim' } }));
    expect(await reporter.letters(externalRef)).toHaveLength(1);
    await system.publish(OrgErased, orgId, { orgId }, { revision: 3 });
    await reporter.settled();
    await reporter.send(reporter.message(externalRef, { reportedId: '3', fields: { activityType: 'CALL', notes: 'geheim' } }));
    await expect(activity(externalRef, '3')).rejects.toMatchObject(gone);
    expect(await reporter.waiting(externalRef)).toBe(0);
    expect(JSON.stringify(await timeline(orgId))).not.toContain('geheim');
    for (const table of ['activity', 'activity_history', 'known_org', 'dead_letter', 'parked_key', 'waiting_report']) {
      const text = `select 1 from ${table} t where t::text like '%' || $1 || '%' or t::text like '%geheim%' and t::text like '%' || $2 || '%'`;
      expect(await system.database.query({ name: `test.traces.${table}`, text }, [externalRef, orgId]), table).toEqual([]);
    }
  });

  it('that was registered is known as such even when its erasure is all that was heard', async () => {
    const externalRef = reporter.freshRef();
    const orgId = ids.registeredOrg(externalRef);
    await system.publish(OrgErased, orgId, { orgId }, { revision: 3 });
    await system.publish(OrgCreated, orgId, { org: orgSnapshot(orgId, externalRef) }, { revision: 1 });
    await reporter.settled();
    await reporter.send(reporter.message(externalRef, { reportedId: '1' }));
    await expect(activity(externalRef, '1')).rejects.toMatchObject(gone);
    expect(await reporter.waiting(externalRef)).toBe(0);
  });
});
