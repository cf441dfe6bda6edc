import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@tom/kernel';
import { startSystem, type System } from './system.ts';

let system: System;
let orgId: string;
beforeAll(async () => {
  system = await startSystem();
  orgId = await system.company();
});
afterAll(() => system.stop());

const invalid = (...paths: string[]) => ({ code: 'INVALID', details: { violations: paths.map((path) => ({ path })) } });
const keyed = (key: string, route: string) => ({ idempotency: { key, route } });
const add = (name: string, more: object = {}, call = system.ida()) => system.client.createContact({ orgId, name, ...more }, call);
const patch = (contactId: string, version: number, fields: Record<string, unknown>, updateMask = Object.keys(fields)) =>
  system.client.updateContact({ contactId, version, updateMask, fields }, system.ida());
const read = (contactId: string) => system.client.getContact({ contactId }, system.ida());

describe('a contact', () => {
  it('is added, read and told of by id alone', async () => {
    const contact = await add('Erika Muster', { title: 'CEO', email: 'e@muster.de', phone: '0221', decides: 'Einkauf' });
    expect(contact).toMatchObject({ orgId, name: 'Erika Muster', version: 1, createdBy: 'ida' });
    expect(await read(contact.contactId)).toEqual(contact);
    const event = (await system.told(orgId)).at(-1);
    expect(event).toMatchObject({ type: 'tom.stage.v1.ContactAdded', aggregateId: contact.contactId, revision: 1 });
    expect(event?.data).toEqual({ orgId, contactId: contact.contactId });
  });

  it('is refused with everything that is wrong, and for whom or what does not exist', async () => {
    await expect(add(' ', { email: 'nope', phone: '' })).rejects.toMatchObject(invalid('name', 'phone', 'email'));
    await expect(add('X', {}, system.service())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(system.client.createContact({ orgId: newId(), name: 'X' }, system.ida())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(read(newId())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(read('no id')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('once with one key, whatever happens at the same time', async () => {
    const call = keyed(newId(), `POST /orgs/${orgId}/contacts`);
    const [one, two] = await Promise.all([add('Doppelt', {}, system.ida(call)), add('Doppelt', {}, system.ida(call))]);
    expect(one).toEqual(two);
    await expect(add('Anders', {}, system.ida(call))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('is changed by the version seen, cleared where the mask has no value', async () => {
    const { contactId } = await add('Hans', { title: 'Leiter', phone: '1' });
    const changed = await patch(contactId, 1, { name: 'Hans Huber' }, ['name', 'phone']);
    expect(changed).toMatchObject({ name: 'Hans Huber', title: 'Leiter', version: 2 });
    expect(changed.phone).toBeUndefined();
    expect((await system.told(orgId)).at(-1)?.data).toEqual({ orgId, contactId, changedFields: ['name', 'phone'] });
    await expect(patch(contactId, 1, { name: 'Spät' })).rejects.toMatchObject({
      code: 'STALE_VERSION',
      details: { current: { contactId, version: 2 }, by: 'ida' },
    });
    expect(await patch(contactId, 2, { name: 'Hans Huber' })).toMatchObject({ version: 2 });
    await expect(patch(contactId, 2, {}, ['name'])).rejects.toMatchObject(invalid('name'));
    await expect(patch(contactId, 2, {}, ['org_id'])).rejects.toMatchObject(invalid('orgId'));
    await expect(patch(newId(), 1, { name: 'X' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is removed by the version seen, and can be erased afterwards', async () => {
    const { contactId } = await add('Weg');
    const remove = (version: number) => system.client.deleteContact({ contactId, version }, system.ida());
    await expect(remove(7)).rejects.toMatchObject({ code: 'STALE_VERSION' });
    await remove(1);
    await expect(read(contactId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(remove(1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await system.client.eraseContact({ contactId, reason: 'x' }, system.root());
    const told = (await system.told(orgId)).filter(({ aggregateId }) => aggregateId === contactId);
    expect(told.map(({ type, revision }) => [type.split('.').at(-1), revision])).toEqual([
      ['ContactAdded', 1],
      ['ContactRemoved', 2],
      ['ContactErased', 3],
    ]);
  });

  it('is erased by an administrator for good, kept answers included', async () => {
    const secret = `Geheim${newId().slice(-6)}`;
    const call = system.ida(keyed(newId(), `POST /orgs/${orgId}/contacts`));
    const { contactId } = await add(secret, { email: `${secret}@x.de` }, call);
    await expect(system.client.eraseContact({ contactId, reason: 'x' }, system.ida())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(system.client.eraseContact({ contactId, reason: ' ' }, system.root())).rejects.toMatchObject(invalid('reason'));
    await system.client.eraseContact({ contactId, reason: 'Art. 17' }, system.root());
    await expect(read(contactId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(system.client.eraseContact({ contactId, reason: 'x' }, system.root())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const table of ['contact', 'org_history', 'idempotency']) {
      expect(await system.rows(`select 1 from ${table} t where t::text ilike '%' || $1 || '%'`, secret), table).toHaveLength(0);
    }
  });
});

describe('the contacts of a company', () => {
  it('page without loss while others are added, renamed and removed', async () => {
    const own = await system.company();
    const made: string[] = [];
    for (const name of ['E', 'D', 'C', 'B', 'A']) {
      made.push((await system.client.createContact({ orgId: own, name }, system.ida())).contactId);
    }
    const first = await system.client.listContacts({ orgId: own, pageSize: 2 }, system.anna());
    await patch(made[4]!, 1, { name: 'Z' });
    await patch(made[0]!, 1, { name: 'ZZ' });
    await system.client.createContact({ orgId: own, name: 'AAA' }, system.ida());
    const second = await system.client.listContacts({ orgId: own, pageSize: 2, pageToken: first.nextPageToken }, system.ida());
    await system.client.deleteContact({ contactId: made[1]!, version: 1 }, system.ida());
    const third = await system.client.listContacts({ orgId: own, pageSize: 10, pageToken: second.nextPageToken }, system.ida());
    const seen = [...first.items, ...second.items, ...third.items].map(({ contactId }) => contactId);
    expect(seen.slice(0, 5)).toEqual(made);
    expect(seen).toHaveLength(6);
    expect(third.nextPageToken).toBeUndefined();
    await expect(system.client.listContacts({ orgId: newId(), pageSize: 2 }, system.ida())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(system.client.listContacts({ orgId: own, pageSize: -1 }, system.ida())).rejects.toMatchObject(invalid('pageSize'));
  });
});
