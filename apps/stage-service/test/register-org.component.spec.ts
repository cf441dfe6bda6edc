import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrgStageChanged } from '@tom/contracts/messages';
import { ids, newId } from '@tom/kernel';
import { deadLetters, type OutgoingMessage } from '@tom/messaging';
import { eventually } from '@tom/service/testing';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

let counted = 0;
const freshRef = () => `ERP-${(counted += 1)}`;

/** As another system sends it; `value` and `more` may be as wrong as they like. */
function message(key: string, value: unknown, more: Record<string, string | undefined> = {}): OutgoingMessage {
  const headers = {
    ce_specversion: '1.0',
    ce_id: newId(),
    ce_source: '/erp',
    ce_type: 'tom.inbound.v1.RegisterOrg',
    ce_time: system.clock.now().toISOString(),
    'content-type': 'application/json',
    ...more,
  };
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { topic: 'tom.inbound.v1', key, headers: Object.fromEntries(given), value: text };
}

async function send(...messages: OutgoingMessage[]): Promise<void> {
  await system.broker.publish(messages);
  await eventually(async () => {
    const lag = (await system.broker.lag('stage-service')).filter(({ topic }) => topic === 'tom.inbound.v1');
    // None at all: the service has not joined yet.
    expect(lag).not.toHaveLength(0);
    expect(lag.reduce((sum, partition) => sum + partition.lag, 0)).toBe(0);
  });
}

const register = (externalRef: string, fields: Record<string, unknown> = {}, more?: Record<string, string | undefined>) =>
  send(message(externalRef, { externalRef, ...fields }, more));
const org = (orgId: string) => system.client.getOrg({ orgId }, system.ida());
const types = async (orgId: string) => (await system.told(orgId)).map(({ type }) => type.split('.').at(-1));
const letters = async (key: string) =>
  (await deadLetters({ database: system.database, group: 'stage-service', limit: 1_000 })).filter((letter) => letter.key === key);

describe('RegisterOrg', () => {
  it('creates the company under an id of its reference, in the name of the system, with the chain of causes intact', async () => {
    const externalRef = freshRef();
    const sent = message(externalRef, { externalRef, name: ' Kessler GmbH ', address: { city: 'Ulm' } }, { ce_depth: '2' });
    await send(sent);
    const orgId = ids.registeredOrg(externalRef);
    const created = await org(orgId);
    expect(created).toMatchObject({
      orgId,
      externalRef,
      name: 'Kessler GmbH',
      orgKind: 'customer',
      status: 'lead',
      currentStage: 'UNVERIFIED',
      address: { city: 'Ulm' },
      version: 1,
      createdBy: 'client:erp',
    });
    const told = await system.told(orgId);
    const cause = { causationId: sent.headers['ce_id'], correlationId: sent.headers['ce_id'], depth: 3, actor: 'client:erp' };
    expect(told).toMatchObject([
      { type: 'tom.stage.v1.OrgCreated', revision: 1, key: orgId, ...cause },
      { type: 'tom.stage.v1.OrgStageChanged', revision: 2, ...cause, data: { toStage: 'UNVERIFIED', reasonCode: 'ORG_CREATED' } },
    ]);
    const [history] = await system.rows<{ event_id: string }>('select event_id from org_stage_history where org_id = $1', orgId);
    expect(history?.event_id).toBe(told[1]?.id);
    expect(told[1]?.id).toBe(ids.causedMessage(String(sent.headers['ce_id']), OrgStageChanged.typeName, orgId, 0));
  });

  it('takes correlation and trace from the message, and puts a company where its status says', async () => {
    const externalRef = freshRef();
    const more = { ce_correlationid: newId(), traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
    await register(externalRef, { name: 'Stammkunde AG', status: 'customer' }, more);
    const orgId = ids.registeredOrg(externalRef);
    expect(await org(orgId)).toMatchObject({ currentStage: 'CUSTOMER', status: 'customer' });
    expect((await system.told(orgId))[0]).toMatchObject({ correlationId: more.ce_correlationid, traceparent: more.traceparent });
  });

  it('updates the company that has the reference, however it came here: absent fields stay, the version counts', async () => {
    const externalRef = freshRef();
    const { orgId } = await system.client.createOrg(
      { name: 'Alt AG', externalRef, phone: '1', address: { city: 'Ulm', street: 'Gasse 1' } },
      system.ida(),
    );
    const sent = message(externalRef, { externalRef, name: 'Neu AG', status: 'inactive', address: { city: 'Bonn' } });
    await send(sent);
    expect(await org(orgId)).toMatchObject({
      name: 'Neu AG',
      phone: '1',
      address: { city: 'Bonn', street: 'Gasse 1' },
      version: 2,
      updatedBy: 'client:erp',
      // Only the creation asks for a status; later it follows the stage.
      status: 'lead',
      currentStage: 'UNVERIFIED',
    });
    expect((await system.told(orgId)).at(-1)).toMatchObject({
      type: 'tom.stage.v1.OrgUpdated',
      revision: 3,
      actor: 'client:erp',
      causationId: sent.headers['ce_id'],
      data: { changedFields: ['name', 'address.city'] },
    });
    await expect(
      system.client.updateOrg({ orgId, version: 1, updateMask: ['phone'], fields: { phone: '2' } }, system.ida()),
    ).rejects.toMatchObject({ code: 'STALE_VERSION' });
  });

  it('twice is once: the same message, and another one with the same content', async () => {
    const externalRef = freshRef();
    const sent = message(externalRef, { externalRef, name: 'Zwilling AG' });
    await send(sent, sent);
    await send(sent);
    await register(externalRef, { name: 'Zwilling AG' });
    const orgId = ids.registeredOrg(externalRef);
    expect(await types(orgId)).toEqual(['OrgCreated', 'OrgStageChanged']);
    expect(await org(orgId)).toMatchObject({ version: 1 });
  });

  it('is applied in the order in which the topic holds it, whatever its times say', async () => {
    const externalRef = freshRef();
    const at = (minutes: number) => ({ ce_time: new Date(system.clock.now().getTime() - minutes * 60_000).toISOString() });
    await send(
      message(externalRef, { externalRef, name: 'Eins AG', phone: '1' }, at(1)),
      message(externalRef, { externalRef, phone: '2' }, at(5)),
    );
    const orgId = ids.registeredOrg(externalRef);
    expect(await org(orgId)).toMatchObject({ name: 'Eins AG', phone: '2', version: 2 });
    expect(await types(orgId)).toEqual(['OrgCreated', 'OrgStageChanged', 'OrgUpdated']);
  });

  it('of an update before its creation is refused, and later ones of its key wait behind it', async () => {
    const externalRef = freshRef();
    await register(externalRef, { phone: '1' });
    await register(externalRef, { name: 'Zu spät AG' });
    expect(await letters(externalRef)).toMatchObject([
      { reason: 'refused', error: 'name: is missing, expected for a company that is not known yet', attempts: 1 },
      { reason: 'parked' },
    ]);
    await expect(org(ids.registeredOrg(externalRef))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('still updates a company in its last stage', async () => {
    const externalRef = freshRef();
    await register(externalRef, { name: 'Archiv AG' });
    const orgId = ids.registeredOrg(externalRef);
    await system.client.transition({ orgId, toStage: 'ARCHIVED' }, system.ida());
    await register(externalRef, { name: 'Archivalie AG' });
    expect(await org(orgId)).toMatchObject({ name: 'Archivalie AG', currentStage: 'ARCHIVED', version: 2 });
  });

  it('under a reference that its company gave up creates no second one and tells why', async () => {
    const externalRef = freshRef();
    await register(externalRef, { name: 'Umbenannt AG' });
    const orgId = ids.registeredOrg(externalRef);
    const patch = { orgId, version: 1, updateMask: ['externalRef'], fields: { externalRef: freshRef() } };
    await system.client.updateOrg(patch, system.ida());
    await register(externalRef, { name: 'Umbenannt AG' });
    expect(await letters(externalRef)).toMatchObject([{ reason: 'refused', error: expect.stringContaining('another external reference') as string }]);
    expect(await org(orgId)).toMatchObject({ version: 2 });
  });
});

describe('an erased company', () => {
  it.each(['registered', 'created by a person'])('that was %s is not brought back by a system that goes on telling of it', async (how) => {
    const externalRef = freshRef();
    if (how === 'registered') await register(externalRef, { name: 'Geheim AG' });
    else await system.client.createOrg({ name: 'Geheim AG', externalRef }, system.ida());
    const found = await system.client.batchGetOrgs({ orgIds: [], externalRef }, system.ida());
    const orgId = found.orgs[0]?.orgId ?? '';
    // Its dead letters are forgotten too.
    await register(externalRef, { name: 'Geheim AG', orgKind: 'unknown' });
    expect(await letters(externalRef)).toHaveLength(1);
    await system.client.eraseOrg({ orgId, reason: 'Art. 17' }, system.root());
    expect(await letters(externalRef)).toEqual([]);
    const before = await types(orgId);
    await register(externalRef, { name: 'Geheim AG' });
    expect((await org(orgId)).name).toBeUndefined();
    expect(await types(orgId)).toEqual(before);
    expect(await letters(externalRef)).toEqual([]);
    expect((await system.client.batchGetOrgs({ orgIds: [], externalRef }, system.ida())).orgs).toEqual([]);
    for (const table of ['org', 'org_history', 'erased_ref', 'dead_letter', 'parked_key']) {
      expect(await system.rows(`select 1 from ${table} t where t::text like '%"' || $1 || '"%'`, externalRef), table).toEqual([]);
    }
    expect(await system.rows(`select 1 from org t where t::text like '%Geheim AG%'`)).toEqual([]);
  });

  it('may be created anew by a person, and is then updated again', async () => {
    const externalRef = freshRef();
    await register(externalRef, { name: 'Rückkehrer AG' });
    await system.client.eraseOrg({ orgId: ids.registeredOrg(externalRef), reason: 'Art. 17' }, system.root());
    const { orgId } = await system.client.createOrg({ name: 'Rückkehrer AG', externalRef }, system.ida());
    await register(externalRef, { phone: '1' });
    expect(await org(orgId)).toMatchObject({ phone: '1', version: 2 });
  });
});

describe('what is malformed', () => {
  const cases: [string, (ref: string) => OutgoingMessage, RegExp][] = [
    ['no JSON', (ref) => message(ref, '{"externalRef"'), /value: expected JSON/],
    ['no object', (ref) => message(ref, '[]'), /value: must be object/],
    ['an unknown field', (ref) => message(ref, { externalRef: ref, name: 'X', nmae: 'X' }), /nmae: is unknown/],
    ['a wrong type', (ref) => message(ref, { externalRef: ref, name: 7 }), /name: must be string/],
    ['null', (ref) => message(ref, { externalRef: ref, name: 'X', phone: null }), /phone: must be string/],
    ['an unknown kind', (ref) => message(ref, { externalRef: ref, name: 'X', orgKind: 'friend' }), /orgKind: is unknown/],
    ['an unknown status', (ref) => message(ref, { externalRef: ref, name: 'X', status: 'won' }), /status: must be equal/],
    ['an empty text', (ref) => message(ref, { externalRef: ref, name: 'X', phone: '' }), /phone: is empty/],
    ['an empty name', (ref) => message(ref, { externalRef: ref, name: ' ' }), /name: is missing/],
    ['a long name', (ref) => message(ref, { externalRef: ref, name: 'x'.repeat(301) }), /name: must NOT have more/],
    ['NUL', (ref) => message(ref, { externalRef: ref, name: 'a\u0000b' }), /name: has a character that cannot be stored/],
    ['no reference', (ref) => message(ref, { name: 'X' }), /externalRef: is missing/],
    ['an empty reference', (ref) => message(ref, { externalRef: '', name: 'X' }), /externalRef: must NOT have fewer/],
    ['a key that is another reference', (ref) => message(ref, { externalRef: `${ref}x`, name: 'X' }), /externalRef: is not the key/],
    ['no id', (ref) => message(ref, { externalRef: ref, name: 'X' }, { ce_id: undefined }), /header ce_id/],
    ['an id that is none', (ref) => message(ref, { externalRef: ref, name: 'X' }, { ce_id: '7' }), /header ce_id: expected a UUID/],
    ['no source', (ref) => message(ref, { externalRef: ref, name: 'X' }, { ce_source: undefined }), /header ce_source/],
    ['no type', (ref) => message(ref, { externalRef: ref, name: 'X' }, { ce_type: undefined }), /header ce_type/],
    ['an unknown type', (ref) => message(ref, {}, { ce_type: 'tom.inbound.v1.RegisterOrganisation' }), /is not known on this topic/],
    ['a time to come', (ref) => message(ref, { externalRef: ref, name: 'X' }, { ce_time: '2027-01-01T00:00:00Z' }), /header ce_time/],
    ['a value that is too long', (ref) => message(ref, { externalRef: ref, name: 'X', x: 'x'.repeat(270_000) }), /at most 262144 bytes/],
  ];

  it.each(cases)('%s: lies among the dead letters with that reason, and others go on', async (_what, make, reason) => {
    const [bad, good] = [freshRef(), freshRef()];
    await send(make(bad), message(good, { externalRef: good, name: 'Gut AG' }));
    const [letter, ...more] = await letters(bad);
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ reason: 'undecodable', topic: 'tom.inbound.v1' });
    expect(letter?.error).toMatch(reason);
    expect(await org(ids.registeredOrg(good))).toMatchObject({ name: 'Gut AG' });
  });

  it('without a key lies there too', async () => {
    await send(message('', { externalRef: '', name: 'X' }));
    expect(await letters('')).toMatchObject([{ reason: 'undecodable', error: 'key: expected 1 to 512 characters' }]);
  });

  it('leaves reports to their own service', async () => {
    const ref = freshRef();
    await send(message(ref, 'whatever', { ce_type: 'tom.inbound.v1.ReportActivity' }));
    expect(await letters(ref)).toEqual([]);
  });
});

describe('the sample in docs/samples', () => {
  it('registers its company exactly as it stands there', async () => {
    const path = new URL('../../../docs/samples/register-org.json', import.meta.url);
    const sample = JSON.parse(readFileSync(path, 'utf8')) as Omit<OutgoingMessage, 'value'> & { value: object };
    await send({ ...sample, value: JSON.stringify(sample.value) });
    expect(await org(ids.registeredOrg(sample.key))).toMatchObject({ ...sample.value, createdBy: 'client:erp' });
  });
});
