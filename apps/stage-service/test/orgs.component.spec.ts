import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TaskCreated } from '@tom/contracts/messages';
import type { ListOrgsRequest } from '@tom/contracts/tom/stage/v1/stage_service';
import { newId } from '@tom/kernel';
import { sql } from '@tom/postgres';
import { openCase, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());
afterEach(() => {
  system.owners.away = false;
});

const invalid = (...paths: string[]) => ({ code: 'INVALID', details: { violations: paths.map((path) => ({ path })) } });
const keyed = (key: string) => ({ idempotency: { key, route: 'POST /orgs' } });
const list = (request: Partial<ListOrgsRequest> = {}) =>
  system.client.listOrgs({ stages: [], statuses: [], orgKinds: [], pageSize: 0, ...request }, system.ida());
const names = async (request: Partial<ListOrgsRequest>) => (await list({ sort: 'name', ...request })).items.map(({ org }) => org?.name);
const patch = (orgId: string, version: number, fields: Record<string, unknown>, updateMask = Object.keys(fields), call = system.ida()) =>
  system.client.updateOrg({ orgId, version, updateMask, fields }, call);

describe('creating a company', () => {
  it.each([
    [undefined, 'UNVERIFIED', 'lead'],
    ['lead', 'UNVERIFIED', 'lead'],
    ['prospect', 'QUALIFIED_LEAD', 'prospect'],
    ['customer', 'CUSTOMER', 'customer'],
    ['inactive', 'DORMANT', 'inactive'],
  ])('as %s puts it into %s', async (status, stage, expected) => {
    const org = await system.client.createOrg({ name: '  Anlage GmbH ', ...(status ? { status } : {}) }, system.anna());
    expect(org).toMatchObject({ name: 'Anlage GmbH', orgKind: 'customer', status: expected, currentStage: stage, version: 1, createdBy: 'anna' });
    expect(await system.client.getOrg({ orgId: org.orgId }, system.ida())).toEqual(org);
    const told = await system.told(org.orgId);
    expect(told).toMatchObject([
      { type: 'tom.stage.v1.OrgCreated', revision: 1, actor: 'user:anna', data: { org: { name: 'Anlage GmbH' } } },
      { type: 'tom.stage.v1.OrgStageChanged', revision: 2, data: { toStage: stage, reasonCode: 'ORG_CREATED' } },
    ]);
    expect(told[1]?.data).not.toHaveProperty('fromStage');
    expect(told[0]?.correlationId).toBe(told[1]?.correlationId);
  });

  it('a customer of old may become one again after it rested', async () => {
    const { orgId } = await system.client.createOrg({ name: 'Treu AG', status: 'customer' }, system.ida());
    system.know(orgId, { nextStepsFuture: 1 });
    await system.client.transition({ orgId, toStage: 'DORMANT', reasonCode: 'TIMING' }, system.ida());
    const { org } = await system.client.transition({ orgId, toStage: 'CUSTOMER', reasonCode: 'REACTIVATED' }, system.ida());
    expect(org?.currentStage).toBe('CUSTOMER');
  });

  it('refuses everything that is wrong at once', async () => {
    const request = { name: ' ', orgKind: 'nope', status: 'nope', website: '', phone: 'a\0b', address: { city: 'x'.repeat(501) } };
    await expect(system.client.createOrg(request, system.ida())).rejects.toMatchObject(
      invalid('name', 'orgKind', 'website', 'phone', 'address.city', 'status'),
    );
    await expect(system.client.createOrg({ name: 'x'.repeat(301) }, system.ida())).rejects.toMatchObject(invalid('name'));
    await expect(system.client.createOrg({ name: 'X' }, system.service())).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('an external reference belongs to one company, also when two ask at once', async () => {
    const externalRef = newId();
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => system.client.createOrg({ name: 'Ref', externalRef }, system.ida())));
    const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.orgId] : []));
    expect(made).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'EXTERNAL_REF_TAKEN', details: { orgId: made[0] } });
    }
  });

  it('the same key gives the same company, once; with another body it is refused; a twin waits', async () => {
    const key = newId();
    const create = (name: string) => system.client.createOrg({ name }, system.ida(keyed(key)));
    const [one, two] = await Promise.all([create('Einmal'), create('Einmal')]);
    expect(one).toEqual(two);
    expect(await create('Einmal')).toEqual(one);
    await expect(create('Andere')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await names({ q: 'Einmal' })).toEqual(['Einmal']);
    const other = await system.client.createOrg({ name: 'Einmal' }, system.otto(keyed(key)));
    expect(other.orgId).not.toBe(one.orgId);
  });
});

describe('changing a company', () => {
  it('writes what the mask names, clears what has no value, and counts the version', async () => {
    const { orgId } = await system.client.createOrg(
      { name: 'Alt', phone: '1', address: { street: 'Weg 1', city: 'Ulm' }, industry: 'Bau' },
      system.ida(),
    );
    const changed = await patch(orgId, 1, { name: 'Neu', industry: 'ignored', address: { city: 'Köln' } }, ['name', 'phone', 'address.city'], system.otto());
    expect(changed).toMatchObject({ name: 'Neu', industry: 'Bau', address: { street: 'Weg 1', city: 'Köln' }, version: 2, updatedBy: 'otto' });
    expect(changed.phone).toBeUndefined();
    expect((await system.told(orgId)).at(-1)).toMatchObject({
      type: 'tom.stage.v1.OrgUpdated',
      revision: 3,
      data: { changedFields: ['name', 'phone', 'address.city'], org: { version: 2 } },
    });
    const cleared = await patch(orgId, 2, {}, ['address', 'account_owner']);
    expect(cleared.address).toBeUndefined();
    expect(cleared.version).toBe(3);
  });

  it('writes nothing when nothing differs', async () => {
    const { orgId } = await system.client.createOrg({ name: 'Gleich' }, system.ida());
    expect(await patch(orgId, 1, { name: 'Gleich' })).toMatchObject({ version: 1 });
    expect(await system.told(orgId)).toHaveLength(2);
  });

  it('refuses a stale version, showing the present one; a move of stage makes none stale', async () => {
    const { orgId } = await system.client.createOrg({ name: 'Erst' }, system.ida());
    await system.client.transition({ orgId, toStage: 'DISQUALIFIED', reasonCode: 'NO_FIT' }, system.otto());
    await patch(orgId, 1, { name: 'Dann' }, ['name'], system.otto());
    await expect(patch(orgId, 1, { name: 'Zu spät' })).rejects.toMatchObject({
      code: 'STALE_VERSION',
      details: { current: { orgId, name: 'Dann', version: 2, currentStage: 'DISQUALIFIED' }, by: 'otto', at: expect.any(String) as string },
    });
  });

  it('two at once: one wins', async () => {
    const { orgId } = await system.client.createOrg({ name: 'Zwei' }, system.ida());
    const outcomes = await Promise.allSettled([patch(orgId, 1, { name: 'A' }), patch(orgId, 1, { name: 'B' })]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('cannot take the name away, nor write what only the system writes, nor another one\'s reference', async () => {
    const taken = await system.client.createOrg({ name: 'Inhaber', externalRef: newId() }, system.ida());
    const { orgId } = await system.client.createOrg({ name: 'Anders' }, system.ida());
    await expect(patch(orgId, 1, {}, ['name', 'org_kind'])).rejects.toMatchObject(invalid('name', 'orgKind'));
    await expect(patch(orgId, 1, {}, ['status', 'current_stage'])).rejects.toMatchObject(invalid('status', 'currentStage'));
    await expect(patch(orgId, 1, { externalRef: taken.externalRef })).rejects.toMatchObject({
      code: 'EXTERNAL_REF_TAKEN',
      details: { orgId: taken.orgId },
    });
    expect(await patch(taken.orgId, 1, { externalRef: taken.externalRef, phone: '2' })).toMatchObject({ version: 2 });
    await expect(patch(newId(), 1, { name: 'X' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(patch('x', 1, { name: 'X' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(patch(orgId, 1, { name: 'X' }, ['name'], system.service())).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('reading', () => {
  it('answers many at once and leaves unknown ones out', async () => {
    const ids = [await system.company(), await system.company()];
    const { orgs } = await system.client.batchGetOrgs({ orgIds: [...ids, newId(), 'no id'] }, system.service());
    expect(orgs.map(({ orgId }) => orgId).toSorted()).toEqual(ids.toSorted());
    await expect(system.client.batchGetOrgs({ orgIds: Array.from({ length: 501 }, newId) }, system.ida())).rejects.toMatchObject(invalid('orgIds'));
    await expect(system.client.getOrg({ orgId: newId() }, system.ida())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(system.client.getOrg({ orgId: 'no id' }, system.ida())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the list', () => {
  const tag = `T${newId().slice(-6)}`;
  const create = (name: string, more: object = {}) => system.client.createOrg({ name: `${tag} ${name}`, ...more }, system.ida());

  it('finds a substring of name, city, reference or domain, ignoring case; % and _ are letters', async () => {
    await create('Größe 100% Käse');
    await create('Unter_Strich');
    await create('Ort', { address: { city: `Würz${tag}burg` } });
    await create('Nummer', { externalRef: `R-${tag}-7` });
    await create('Netz', { website: `https://www.${tag}-Netz.de/x` });
    expect(await names({ q: 'GRÖSSE' })).toEqual([]);
    expect(await names({ q: `${tag} GRÖßE` })).toEqual([`${tag} Größe 100% Käse`]);
    expect(await names({ q: '100%' })).toEqual([`${tag} Größe 100% Käse`]);
    expect(await names({ q: `${tag}%` })).toEqual([]);
    expect(await names({ q: 'r_s' })).toEqual([`${tag} Unter_Strich`]);
    expect(await names({ q: 'tersstr' })).toEqual([]);
    expect(await names({ q: `würz${tag.toLowerCase()}` })).toEqual([`${tag} Ort`]);
    expect(await names({ q: `r-${tag.toLowerCase()}-7` })).toEqual([`${tag} Nummer`]);
    expect(await names({ q: `${tag}-netz.de` })).toEqual([`${tag} Netz`]);
    expect(await names({ q: '\\' })).toEqual([]);
  });

  it('filters, and counts by stage under the filter without its stages', async () => {
    const mark = `F${newId().slice(-6)}`;
    const make = (status: string, more: object = {}) => system.client.createOrg({ name: `${mark} ${status}`, status, ...more }, system.ida());
    await make('lead', { accountOwner: 'ida', address: { city: 'Bonn' } });
    await make('lead', { orgKind: 'supplier' });
    await make('customer', { address: { city: 'bonn' } });
    const all = await list({ q: mark });
    expect(all).toMatchObject({ total: 3, counts: { UNVERIFIED: 2, CUSTOMER: 1 } });
    expect(all.items).toHaveLength(3);
    expect(await list({ q: mark, stages: ['CUSTOMER'] })).toMatchObject({ total: 1, counts: { UNVERIFIED: 2, CUSTOMER: 1 } });
    expect((await list({ q: mark, statuses: ['lead'] })).total).toBe(2);
    expect((await list({ q: mark, orgKinds: ['supplier'] })).total).toBe(1);
    expect((await list({ q: mark, owner: 'ida' })).total).toBe(1);
    expect((await list({ q: mark, city: 'BONN' })).total).toBe(2);
    await expect(list({ stages: ['X'], statuses: ['Y'], orgKinds: ['Z'], nextTask: 'W', sort: 'V', pageSize: 201 })).rejects.toMatchObject(
      invalid('stage', 'status', 'orgKind', 'nextTask', 'sort', 'pageSize'),
    );
  });

  it('filters and sorts by the next task, in the business day', async () => {
    const mark = `N${newId().slice(-6)}`;
    const due = async (name: string, dueAt: string | undefined) => {
      const { orgId } = await system.client.createOrg({ name: `${mark} ${name}` }, system.ida());
      if (name === 'none') return;
      const task = {
        taskId: newId(), orgId, taskType: 'GENERAL', title: name, assignedQueue: 'INSIDE_SALES', assigneeRole: 'inside_sales', priority: 'NORMAL',
        dueAt, dueIsEndOfDay: false, status: 'OPEN', origin: 'PERSON', version: 1, createdAt: '2026-03-01T08:00:00.000Z', createdBy: 'ida',
      };
      await system.publish(TaskCreated, orgId, { task }, { aggregateId: task.taskId });
    };
    // 2026-03-02 in Berlin ends at 23:00 UTC.
    await due('undated', undefined);
    await due('later', '2026-03-02T23:00:00.000Z');
    await due('today', '2026-03-02T22:59:00.000Z');
    await due('overdue', '2026-03-02T07:59:00.000Z');
    await due('none', undefined);
    await system.settled();
    const found = async (request: Partial<ListOrgsRequest>) => (await names({ q: mark, ...request })).map((name) => name?.slice(mark.length + 1));
    expect(await found({ sort: 'nextTask' })).toEqual(['overdue', 'today', 'later', 'undated', 'none']);
    expect(await found({ nextTask: 'overdue' })).toEqual(['overdue']);
    expect(await found({ nextTask: 'today' })).toEqual(['today']);
    expect(await found({ nextTask: 'later' })).toEqual(['later', 'undated']);
    expect(await found({ nextTask: 'none' })).toEqual(['none']);
    expect(await list({ q: mark, nextTask: 'later' })).toMatchObject({ total: 2, counts: { UNVERIFIED: 2 } });
    const pages: (string | undefined)[] = [];
    for (let pageToken: string | undefined; ; ) {
      const page = await list({ q: mark, sort: 'nextTask', pageSize: 2, pageToken });
      pages.push(...page.items.map(({ org }) => org?.name?.slice(mark.length + 1)));
      pageToken = page.nextPageToken;
      if (pageToken === undefined) break;
    }
    expect(pages).toEqual(['overdue', 'today', 'later', 'undated', 'none']);
  });

  it.each([undefined, 'name', '-name', 'createdAt', '-updatedAt', 'stageSince'])('pages by %s showing each that stays exactly once while others write', async (sort) => {
    const mark = `P${newId().slice(-6)}`;
    const there = new Set<string>();
    for (let n = 0; n < 7; n += 1) {
      if (n % 3 === 0) system.clock.advance(1);
      there.add((await system.client.createOrg({ name: `${mark} ${n % 2 ? 'gleich' : String(n)}` }, system.ida())).orgId);
    }
    const seen: string[] = [];
    for (let pageToken: string | undefined; ; ) {
      const page = await list({ q: mark, pageSize: 2, pageToken, ...(sort ? { sort } : {}) });
      seen.push(...page.items.map(({ org }) => org!.orgId));
      await system.client.createOrg({ name: `${mark} 3 neu` }, system.ida());
      pageToken = page.nextPageToken;
      if (pageToken === undefined) break;
      await expect(list({ q: 'other', pageSize: 2, pageToken })).rejects.toMatchObject(invalid('pageToken'));
      if (seen.length > 40) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((orgId) => there.has(orgId)).toSorted()).toEqual([...there].toSorted());
  });

  it('shows which rules are open for the main next stage, with one call per owner for the page', async () => {
    const mark = `U${newId().slice(-6)}`;
    const put = async (stage: string) => system.company(stage, { name: `${mark} ${stage}` });
    const qualifying = await put('QUALIFYING');
    await put('UNVERIFIED');
    await put('SALES_ACCEPTED');
    await put('CUSTOMER');
    const lead = await put('QUALIFIED_LEAD');
    system.know(qualifying, { contactsSince: 1 });
    system.know(lead, { cases: [openCase('WORK_LEAD')] });
    system.owners.asked.length = 0;
    const { items } = await list({ q: mark });
    const open = Object.fromEntries(
      items.map(({ org, unmetForNext }) => [org!.currentStage, unmetForNext.map(({ rule }) => rule)] as const),
    );
    expect(open).toEqual({
      UNVERIFIED: ['QUALIFY_CASE_OPEN'],
      QUALIFYING: ['NEXT_STEP'],
      QUALIFIED_LEAD: ['WORK_LEAD_CLAIMED'],
      SALES_ACCEPTED: [],
      CUSTOMER: [],
    });
    expect(system.owners.asked.map(({ method }) => method)).toEqual(['getCaseFacts', 'getActivityFacts', 'getTaskFacts']);
  });

  it('stays usable while an owner is away, and says that it does not know', async () => {
    const mark = `A${newId().slice(-6)}`;
    await system.company('QUALIFYING', { name: mark });
    system.owners.away = true;
    const { items } = await list({ q: mark });
    expect(items[0]?.unmetForNext).toMatchObject([{ rule: 'FACTS_UNAVAILABLE', met: false }]);
  });

  it('has an index for every order, for the search and for the counts', async () => {
    await system.rows(`insert into org (org_id, name, name_key, org_kind, status, current_stage, stage_since, was_customer, version, revision, created_at, created_by, updated_at, updated_by)
      select gen_random_uuid(), 'Masse ' || n, 'masse ' || n, 'supplier', 'lead', 'UNVERIFIED', now(), false, 1, 2, timestamp '2020-01-01' + n * interval '1 s', 'x', now(), 'x' from generate_series(1, 5000) n`);
    await system.rows('insert into org_outlook (org_id) select org_id from org on conflict do nothing');
    await system.rows('analyze org');
    await system.rows('analyze org_outlook');
    // Takes what was just inserted out of the trigram index's waiting list.
    await system.rows('vacuum org');
    const plan = async (text: string): Promise<string> => JSON.stringify(await system.rows(`explain (format json) ${text}`));
    const page = (order: string, id = 'o.org_id') => `select 1 from org o join org_outlook w on w.org_id = o.org_id order by ${order}, ${id} limit 51`;
    expect(await plan(page('o.name_sort'))).toContain('org_by_name');
    expect(await plan(page('o.created_at desc', 'o.org_id desc'))).toContain('org_by_created');
    expect(await plan(page('o.updated_at'))).toContain('org_by_updated');
    expect(await plan(page('o.stage_since'))).toContain('org_by_stage_since');
    expect(await plan(page('w.next_sort', 'w.org_id'))).toContain('org_outlook_by_next');
    expect(await plan(`select 1 from org o where o.search_text like '%' || lower('Masse 4711') || '%'`)).toContain('org_by_search_text');
    // Whether it is worth it depends on how much of the table is vacuumed; that it can be done does not.
    const counting = await system.database.transaction(async (tx) => {
      await tx.query(sql('test.no_seqscan', 'set local enable_seqscan = off'));
      const text = 'explain (format json) select current_stage, count(*) from org o group by current_stage';
      return JSON.stringify(await tx.query(sql('test.counting', text)));
    });
    expect(counting).toMatch(/Index Only Scan.*org_count_by_stage/);
    expect(await plan(`select 1 from org o where o.name_key % 'mueller'`)).toContain('org_by_similar_name');
  });
});

describe('possible duplicates', () => {
  it('come by name without legal form and umlauts, by similar name, and by domain, best first', async () => {
    const create = (name: string, website?: string) => system.client.createOrg({ name, ...(website ? { website } : {}) }, system.ida());
    const same = await create('Grünwälder Maschinenbau GmbH & Co. KG', 'https://www.gruenwaelder.example/home');
    const similar = await create('Gruenwaelder Maschinenbauer AG');
    const site = await create('Ganz anders', 'gruenwaelder.example');
    await create('Unbeteiligt OHG', 'unbeteiligt.example');
    const { items } = await system.client.findDuplicateOrgs({ name: 'gruenwaelder maschinenbau ag', website: 'http://gruenwaelder.example' }, system.anna());
    expect(items.map(({ org, because }) => [org?.orgId, because])).toEqual([
      [same.orgId, ['NAME', 'DOMAIN']],
      [site.orgId, ['DOMAIN']],
      [similar.orgId, ['SIMILAR_NAME']],
    ].toSorted((a, b) => (a[0] === same.orgId ? -1 : b[0] === same.orgId ? 1 : 0)));
    await expect(system.client.findDuplicateOrgs({}, system.ida())).rejects.toMatchObject(invalid('name'));
    expect((await system.client.findDuplicateOrgs({ name: '…' }, system.ida())).items).toEqual([]);
  });

  it('are found on a server without trigrams too', async () => {
    const created = await system.client.createOrg({ name: 'Rückfall Technik GmbH' }, system.ida());
    await system.rows('drop extension pg_trgm cascade');
    const { items } = await system.client.findDuplicateOrgs({ name: 'Rueckfall Technick' }, system.ida());
    expect(items).toMatchObject([{ org: { orgId: created.orgId }, because: ['SIMILAR_NAME'] }]);
    expect(await names({ q: 'kfall tech' })).toEqual(['Rückfall Technik GmbH']);
  });
});

describe('erasing a company', () => {
  it('clears name, contacts, notes, history and kept answers for good, and tells so', async () => {
    const key = newId();
    const secret = `Geheim${newId().slice(-6)}`;
    const { orgId } = await system.client.createOrg({ name: secret, website: `${secret}.de`, externalRef: secret, phone: secret }, system.ida(keyed(key)));
    const contact = await system.client.createContact({ orgId, name: secret, email: `${secret}@x.de` }, system.ida());
    await system.client.transition({ orgId, toStage: 'DISQUALIFIED', reasonCode: 'OTHER', reasonNote: secret }, system.ida());
    const dead = [
      JSON.stringify({ task: { taskType: 'GENERAL', title: secret, description: secret, status: 'OPEN' } }),
      JSON.stringify({ reasonNote: secret, toStage: 'DORMANT' }),
      `not JSON: ${secret}`,
    ];
    for (const [offset, value] of dead.entries()) {
      await system.rows(
        `insert into dead_letter (consumer, topic, "partition", "offset", key, subject, headers, value, reason, error, attempts, created_at)
         values ('stage-service', 't', 0, $1, $2, $2, '{}', $3, 'r', 'e', 1, now())`,
        offset,
        orgId,
        value,
      );
    }
    await expect(system.client.eraseOrg({ orgId, reason: 'Art. 17' }, system.ida())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(system.client.eraseOrg({ orgId, reason: '' }, system.root())).rejects.toMatchObject(invalid('reason'));
    await expect(system.client.eraseOrg({ orgId: newId(), reason: 'x' }, system.root())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const erased = await system.client.eraseOrg({ orgId, reason: 'Art. 17' }, system.root());
    expect(erased.name).toBeUndefined();
    expect(erased).toMatchObject({ orgId, currentStage: 'DISQUALIFIED', version: 2 });
    expect(await system.client.getOrg({ orgId }, system.ida())).toEqual(erased);
    await expect(system.client.getContact({ contactId: contact.contactId }, system.ida())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const told = await system.told(orgId);
    expect(told.slice(-2).map(({ type }) => type)).toEqual(['tom.stage.v1.ContactErased', 'tom.stage.v1.OrgErased']);
    for (const table of ['org', 'contact', 'org_stage_history', 'org_history', 'idempotency', 'dead_letter', 'org_task']) {
      const rows = await system.rows(`select 1 from ${table} t where t::text ilike '%' || $1 || '%'`, secret);
      expect(rows, table).toHaveLength(0);
    }
    const letters = await system.rows<{ value: string }>('select value from dead_letter where subject = $1 order by id', orgId);
    expect(letters.map(({ value }) => JSON.parse(value) as unknown)).toEqual([
      { task: { taskType: 'GENERAL', title: 'GENERAL', status: 'OPEN' } },
      { toStage: 'DORMANT' },
      {},
    ]);
    const [{ envelope }] = (await system.rows<{ envelope: { data: unknown } }>(
      `select envelope from org_history where org_id = $1 and revision = 1 and type = 'tom.stage.v1.OrgCreated'`,
      orgId,
    )) as [{ envelope: { data: unknown } }];
    expect(envelope.data).toMatchObject({ org: { orgId, orgKind: 'customer' } });
    expect(await system.client.eraseOrg({ orgId, reason: 'again' }, system.root())).toEqual(erased);
    await expect(patch(orgId, 2, { name: 'Zurück' })).rejects.toMatchObject({ code: 'STATE_REFUSED', details: { state: 'ERASED' } });
    await expect(system.client.createContact({ orgId, name: 'X' }, system.ida())).rejects.toMatchObject({ code: 'STATE_REFUSED' });
  });
});
