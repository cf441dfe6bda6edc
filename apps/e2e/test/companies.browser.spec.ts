import { startStack, type Stack } from '@tom/tools/stack';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';
import { axeFindings, browse, type Browsing } from '../src/browse.ts';

interface Org { readonly orgId: string; readonly name: string; readonly currentStage: string }
interface Found { readonly items: readonly Org[]; readonly total: number }

let stack: Stack;
let ida: Api;
let browsing: Browsing;

beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: false });
  ida = api(stack.url, await stack.token('ida'));
  browsing = await browse(stack.url);
});
afterEach(() => {
  expect(browsing.faults).toEqual([]);
});
afterAll(async () => {
  await browsing.close();
  await stack.stop();
});

const org = async (orgId: string) => (await ida.get<Org>(`/orgs/${orgId}`)).body;
const named = async (name: string) => (await ida.get<Found>(`/orgs?q=${encodeURIComponent(name)}`)).body.items;

/** A company in qualification. */
async function qualifying(name: string, given: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { status, body } = await ida.post<Org>('/orgs', { name, ...given });
  expect(status).toBe(201);
  await until('in qualification', () => org(body.orgId), ({ currentStage }) => currentStage === 'QUALIFYING');
  return body.orgId;
}

async function open(path: string, user = 'ida'): Promise<Page> {
  const page = await browsing.signIn(user);
  await page.goto(stack.url + path);
  await page.getByRole('heading', { name: 'Unternehmen', level: 1 }).waitFor();
  return page;
}

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
const search = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

describe('the list of companies', () => {
  it('is searched and filtered through the address, which brings it back', async () => {
    await qualifying('Rheinblick Logistik AG', { address: { city: 'Köln' }, accountOwner: 'ida' });
    await ida.post('/orgs', { name: 'Rheinfels Zulieferer KG', orgKind: 'supplier', address: { city: 'Koblenz' } });
    const page = await open('/companies');
    await row(page, 'Rheinfels').waitFor();
    await page.keyboard.press('f');
    await page.keyboard.type('rheinblick');
    await row(page, 'Rheinfels').waitFor({ state: 'detached' });
    await row(page, 'Rheinblick').getByText('2 offen').waitFor();
    expect(search(page)).toEqual({ q: 'rheinblick' });

    await page.getByRole('searchbox').fill('rhein');
    await row(page, 'Rheinfels').waitFor();
    await page.getByRole('button', { name: 'Stufe', exact: true }).click();
    await page.getByRole('menuitemcheckbox', { name: /In Qualifizierung/ }).click();
    await row(page, 'Rheinfels').waitFor({ state: 'detached' });
    expect(search(page)).toEqual({ q: 'rhein', stage: 'QUALIFYING' });

    await page.reload();
    await row(page, 'Rheinblick').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('rhein');
    expect(await row(page, 'Rheinfels').count()).toBe(0);
    await page.getByRole('button', { name: 'Filter zurücksetzen' }).click();
    await row(page, 'Rheinfels').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
    expect(search(page)).toEqual({});
  });

  it('is sorted by its heads, and says in the address how', async () => {
    await ida.post('/orgs', { name: 'Aachener Anfang', orgKind: 'supplier' });
    await ida.post('/orgs', { name: 'Zwickauer Ende', orgKind: 'supplier' });
    const page = await open('/companies?orgKind=supplier');
    const first = page.locator('tbody').getByRole('row').first();
    await page.getByRole('columnheader', { name: 'Unternehmen' }).getByRole('button').click();
    await first.getByText('Aachener Anfang').waitFor();
    await page.getByRole('columnheader', { name: 'Unternehmen' }).getByRole('button').click();
    await first.getByText('Zwickauer Ende').waitFor();
    expect(search(page)).toEqual({ orgKind: 'supplier', sort: '-name' });
    expect(await page.getByRole('columnheader', { name: 'Unternehmen' }).getAttribute('aria-sort')).toBe('descending');
  });

  it('shows what somebody else creates, and opens it by keys alone', async () => {
    const page = await open('/companies?q=tastenbau');
    await page.getByText('Kein Unternehmen passt zu diesem Filter.').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const orgId = await qualifying('Tastenbau GmbH');
    await row(page, 'Tastenbau GmbH').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Space');
    await page.getByRole('dialog', { name: 'Tastenbau GmbH' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/companies/${orgId}`);
  });

  it('brings the next page by scrolling to its end', async () => {
    const names = Array.from({ length: 55 }, (_, index) => `Seitenweise ${String(index).padStart(2, '0')}`);
    for (const name of names) await ida.post('/orgs', { name, orgKind: 'other' });
    const page = await open('/companies?q=seitenweise&sort=name');
    await page.getByText('50 von 55 gezeigt').waitFor();
    await row(page, 'Seitenweise 49').scrollIntoViewIfNeeded();
    await page.getByText('55 von 55 gezeigt').waitFor();
    expect(await page.locator('tbody').getByRole('row').count()).toBe(55);
  });
});

describe('a new company', () => {
  it('is not created before its possible duplicate was seen, and survives closing meanwhile', async () => {
    await ida.post('/orgs', { name: 'Kessler & Vogt', orgKind: 'supplier', address: { city: 'Köln' } });
    const page = await open('/companies');
    await page.getByRole('button', { name: 'Unternehmen anlegen' }).click();
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('Kessler und Vogt GmbH');
    await name.press('Enter'); // faster than the hint
    await page.getByText('„Kessler & Vogt“ in Köln gibt es schon.').waitFor();
    expect(await named('Kessler und Vogt GmbH')).toEqual([]);

    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Unternehmen anlegen' }).click();
    await page.getByText(/^Entwurf von .* ist zurück\./).waitFor();
    expect(await name.inputValue()).toBe('Kessler und Vogt GmbH');
    await page.getByRole('button', { name: 'Trotzdem anlegen' }).click();
    await page.waitForURL(/\/companies\/[0-9a-f-]{36}/);
    const [created, ...more] = await named('Kessler und Vogt GmbH');
    expect(page.url()).toContain(created?.orgId);
    expect(more).toEqual([]);
    expect(await page.evaluate('Object.keys(localStorage).filter((key) => key.includes("company.new"))')).toEqual([]);
  });

  it('says at its field whose the external number is', async () => {
    const { body: first } = await ida.post<Org>('/orgs', { name: 'Erste Nummer', orgKind: 'supplier', externalRef: 'E-4711' });
    const page = await open('/companies?create=yes');
    await page.getByRole('textbox', { name: 'Name' }).fill('Zweite Nummer AG');
    await page.getByRole('textbox', { name: 'Externe Nr.' }).fill('E-4711');
    await page.getByRole('button', { name: 'Anlegen', exact: true }).click();
    const link = page.getByText('Gehört schon zu einem Unternehmen.').getByRole('link', { name: 'Öffnen' });
    await link.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await link.click();
    await page.waitForURL(`**/companies/${first.orgId}`);
  });
});

describe('the board', () => {
  const card = (page: Page, orgId: string) => page.locator(`[data-card="${orgId}"]`);
  const column = (page: Page, stage: string) => page.locator(`[data-stage="${stage}"]`);

  async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
    const [start, end] = [await from.boundingBox(), await to.boundingBox()];
    if (!start || !end) throw new Error('nothing to drag, or nowhere to');
    await page.mouse.move(start.x + 20, start.y + start.height - 8);
    await page.mouse.down();
    await page.mouse.move(end.x + end.width / 2, end.y + end.height - 20, { steps: 8 });
  }

  it('refuses a card that may not move, says so while it is dragged, and explains beside it', async () => {
    const orgId = await qualifying('Bleibt Vorerst GmbH');
    const page = await open('/companies?view=board&q=bleibt+vorerst');
    await card(page, orgId).waitFor();
    await drag(page, card(page, orgId), column(page, 'QUALIFIED_LEAD'));
    await column(page, 'QUALIFIED_LEAD').getByText('2 Bedingungen offen').waitFor();
    await column(page, 'CUSTOMER').getByText('nicht möglich').waitFor();
    await page.mouse.up();
    const told = page.getByRole('dialog', { name: 'Bleibt Vorerst GmbH bleibt „In Qualifizierung“' });
    await told.getByText('Ein nächster Schritt ist vereinbart.').waitFor();
    await told.getByRole('button', { name: 'Wiedervorlage setzen' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await column(page, 'QUALIFYING').locator(`[data-card="${orgId}"]`).count()).toBe(1);
    expect((await org(orgId)).currentStage).toBe('QUALIFYING');
    await page.keyboard.press('Escape');
    await told.waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/companies'); // letting go was no press of the card
  });

  it('moves a card by key, when all is met', async () => {
    const orgId = await qualifying('Darf Weiter AG');
    const followUpAt = new Date(Date.now() + 7 * 86_400_000).toISOString();
    await ida.post(`/orgs/${orgId}/activities`, { activityType: 'CALL', direction: 'OUTBOUND', outcomeCode: 'REACHED_DECISION_MAKER', followUpAt });
    const page = await open('/companies?view=board&q=darf+weiter');
    await card(page, orgId).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('m');
    const way = page.getByRole('dialog').getByRole('button', { name: /^Qualifizierter Lead/ });
    await way.getByText('möglich').waitFor();
    await page.locator('[role=dialog] button:focus').filter({ hasText: 'Qualifizierter Lead' }).waitFor();
    await page.keyboard.press('Enter');
    await column(page, 'QUALIFIED_LEAD').locator(`[data-card="${orgId}"]`).waitFor();
    await page.getByText(/Darf Weiter AG ist jetzt „Qualifizierter Lead“\./).waitFor();
    expect((await org(orgId)).currentStage).toBe('QUALIFIED_LEAD');
  });

  it('asks for the reason where one is needed, before anything moves', async () => {
    const orgId = await qualifying('Passt Nicht KG');
    const page = await open('/companies?view=board&q=passt+nicht');
    await card(page, orgId).waitFor();
    await drag(page, card(page, orgId), column(page, 'DISQUALIFIED'));
    await column(page, 'DISQUALIFIED').getByText('möglich, mit Grund').waitFor();
    await page.mouse.up();
    const dialog = page.getByRole('dialog', { name: /^Disqualifizieren/ });
    const confirm = dialog.getByRole('button', { name: 'Disqualifizieren' });
    await dialog.getByText('Anderer Grund').click();
    expect(await confirm.isDisabled()).toBe(true);
    expect((await org(orgId)).currentStage).toBe('QUALIFYING');
    await dialog.getByText('Kein Budget').click();
    await confirm.click();
    await card(page, orgId).waitFor({ state: 'detached' });
    expect((await org(orgId)).currentStage).toBe('DISQUALIFIED');
  });

  it('says who was faster, and moves nothing on top of that', async () => {
    const orgId = await qualifying('Zwei Zugleich GmbH');
    const page = await open('/companies?view=board&q=zwei+zugleich');
    await card(page, orgId).waitFor();
    await drag(page, card(page, orgId), column(page, 'QUALIFIED_LEAD'));
    const olga = api(stack.url, await stack.token('olga'));
    expect((await olga.post(`/orgs/${orgId}/disqualify`, { reasonCode: 'NO_FIT' })).status).toBe(200);
    await page.mouse.up();
    await page.getByText('olga hat das Unternehmen gerade auf „Disqualifiziert“ gestellt.').waitFor();
    await card(page, orgId).waitFor({ state: 'detached' });
    expect((await org(orgId)).currentStage).toBe('DISQUALIFIED');
  });

  it('offers no move to who has not the right', async () => {
    const orgId = await qualifying('Nur Ansehen GmbH');
    const page = await open('/companies?view=board&q=nur+ansehen', 'cora');
    await card(page, orgId).hover();
    expect(await page.getByRole('button', { name: /^Verschieben nach/ }).count()).toBe(0);
    expect(await page.getByText('hierher ziehen').count()).toBe(0);
  });
});
