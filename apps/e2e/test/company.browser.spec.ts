import { startStack, type Stack } from '@tom/tools/stack';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';
import { axeFindings, browse, type Browsing } from '../src/browse.ts';

interface Items<T> { readonly items: readonly T[] }
interface Task { readonly taskId: string; readonly taskType: string; readonly assignedQueue: string; readonly status: string; readonly origin: string; readonly dueAt?: string }
interface Activity { readonly activityId: string; readonly outcomeCode?: string; readonly notes?: string; readonly followUpAt?: string; readonly completesTaskId?: string }
interface Org { readonly orgId: string; readonly name: string; readonly phone?: string; readonly website?: string; readonly industry?: string; readonly currentStage: string; readonly version: number }

let stack: Stack;
let ida: Api;
let olga: Api;
let browsing: Browsing;

beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: false });
  ida = api(stack.url, await stack.token('ida'));
  olga = api(stack.url, await stack.token('olga'));
  browsing = await browse(stack.url);
});
afterEach(() => {
  expect(browsing.faults).toEqual([]);
});
afterAll(async () => {
  await browsing.close();
  await stack.stop();
});

const tasksOf = async (orgId: string) => (await ida.get<Items<Task>>(`/tasks?orgId=${orgId}&pageSize=200`)).body.items;
const activitiesOf = async (orgId: string) => (await ida.get<Items<Activity>>(`/orgs/${orgId}/activities`)).body.items;
const orgOf = async (orgId: string) => (await ida.get<Org>(`/orgs/${orgId}`)).body;

async function company(name: string, more: object = {}): Promise<{ readonly orgId: string; readonly outreach: string }> {
  const { body: { orgId } } = await ida.post<Org>('/orgs', { name, phone: '+49 221 4710 000', ...more });
  const tasks = await until('six tasks', () => tasksOf(orgId), ({ length }) => length === 6);
  await until('its stage', () => orgOf(orgId), ({ currentStage }) => currentStage === 'QUALIFYING');
  return { orgId, outreach: tasks.find(({ taskType }) => taskType === 'FIRST_OUTREACH')?.taskId ?? '' };
}

async function open(page: Page, orgId: string, search = ''): Promise<void> {
  await page.goto(`${stack.url}/companies/${orgId}${search}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

const hasFocus = (page: Page) => page.evaluate<string>('document.activeElement?.getAttribute("role") ?? document.activeElement?.tagName ?? ""');

describe('the company page', () => {
  it('logs a call by keyboard alone: digit, note, follow-up, saved; and takes it back', async () => {
    const { orgId, outreach } = await company('Tastentelefon GmbH');
    const page = await browsing.signIn('ida');
    await open(page, orgId, `?log=${outreach}`);
    await page.getByRole('radio', { name: 'Rückruf gewünscht' }).waitFor();
    expect(await hasFocus(page)).toBe('radio');
    await page.keyboard.press('5');
    expect(await hasFocus(page)).toBe('TEXTAREA');
    await page.keyboard.type('Frau Sander bittet um Rückruf.');
    await page.keyboard.press('Tab');
    await page.keyboard.type('in 3 tagen 14:30');
    const happens = page.getByRole('region', { name: 'Was passiert' });
    await happens.getByText('„Erstkontakt versuchen“ wird erledigt').waitFor();
    await happens.getByText('für ida, Innendienst').waitFor();
    await happens.getByText('Bedingung erfüllt:').first().waitFor();
    await page.keyboard.press('Control+Shift+Enter');
    await page.getByText(/^Anruf erfasst\. Rückruf /).waitFor();

    const [logged] = await activitiesOf(orgId);
    expect(logged).toMatchObject({ outcomeCode: 'CALL_BACK_REQUESTED', notes: 'Frau Sander bittet um Rückruf.', completesTaskId: outreach });
    const done = await until('the call-back and the outreach', () => tasksOf(orgId), (tasks) => tasks.some(({ taskType }) => taskType === 'CALL_BACK') && tasks.some(({ taskId, status }) => taskId === outreach && status === 'DONE'));
    expect(done.find(({ taskType }) => taskType === 'CALL_BACK')?.dueAt).toBe(logged?.followUpAt);
    await page.getByRole('dialog', { name: 'Anruf erfassen' }).waitFor({ state: 'detached' });
    await page.getByRole('list', { name: 'Verlauf' }).getByText('Frau Sander bittet um Rückruf.').waitFor();

    await page.getByRole('button', { name: 'Rückgängig' }).click();
    await page.getByText('Zurückgenommen: Anruf').waitFor();
    await until('the task is open again', () => tasksOf(orgId), (tasks) => tasks.some(({ taskId, status }) => taskId === outreach && status === 'OPEN'));
    await page.getByRole('list', { name: 'Verlauf' }).getByText('Frau Sander bittet um Rückruf.').waitFor({ state: 'detached' });
  });

  it('says what an outcome makes mandatory, and saves nothing without it', async () => {
    const { orgId } = await company('Pflichtfeld AG');
    const page = await browsing.signIn('ida');
    await open(page, orgId, '?log=new');
    await page.getByRole('radio').first().waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Ergebnis fehlt.').waitFor();
    await page.keyboard.press('7');
    await page.getByText('Pflicht bei „Kein Interesse“').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Notiz fehlt.').waitFor();
    expect(await activitiesOf(orgId)).toEqual([]);
  });

  it('explains a refused qualification, offers the way out, and then qualifies', async () => {
    const { orgId, outreach } = await company('Bedingung & Sohn KG');
    const page = await browsing.signIn('ida');
    await open(page, orgId);
    await page.getByRole('button', { name: 'Qualifizieren 2 offen' }).click();
    const rules = page.getByRole('dialog', { name: 'Bedingungen für „Qualifizierter Lead“' });
    await rules.getByText('0 von 2 erfüllt').waitFor();
    await rules.getByRole('button', { name: 'Wiedervorlage setzen' }).click();

    await page.getByLabel(/^Wiedervorlage/).waitFor();
    expect(await page.evaluate('document.activeElement === document.querySelector("input[aria-describedby]")')).toBe(true);
    await page.keyboard.type('in 2 tagen 10');
    await page.getByRole('radio', { name: 'Zentrale erreicht' }).click();
    await page.getByRole('button', { name: 'offen lassen' }).click();
    await page.keyboard.press('Control+Shift+Enter');
    await page.getByText(/^Anruf erfasst\./).waitFor();
    expect((await tasksOf(orgId)).find(({ taskId }) => taskId === outreach)?.status).toBe('OPEN');

    await page.keyboard.press('p');
    const before = page.getByRole('dialog', { name: 'Bedingungen für „Qualifizierter Lead“' });
    await before.getByText('Fall „Qualifizierung“ wird geschlossen').waitFor();
    await before.getByText('Außendienst erhält den Fall „Lead bearbeiten“').waitFor();
    await before.getByRole('button', { name: 'Qualifizieren' }).click();
    await page.getByText(/^Qualifiziert\./).waitFor();
    expect((await orgOf(orgId)).currentStage).toBe('QUALIFIED_LEAD');
    await page.getByRole('list', { name: 'Stufen' }).locator('[aria-current="step"]').getByText('Qualifizierter Lead').waitFor();
  });

  it('tells of a condition that was undone a moment before, in the words of the house', async () => {
    const { orgId } = await company('Knapp Daneben GmbH');
    const followUpAt = new Date(Date.now() + 86_400_000).toISOString();
    const { body: logged, etag } = await ida.post<Activity>(`/orgs/${orgId}/activities`, { activityType: 'CALL', outcomeCode: 'REACHED_GATEKEEPER', followUpAt });
    const page = await browsing.signIn('ida');
    await open(page, orgId);
    const qualify = page.getByRole('button', { name: 'Qualifizieren', exact: true });
    await qualify.waitFor();
    // The page has not heard of it yet when the button is pressed.
    await page.route('**/api/v1/orgs/*/overview', (route) => route.abort());
    await until('taken back', async () => (await ida.remove(`/activities/${logged.activityId}`, etag ?? '')).status, (status) => status === 204);
    await until('both are open', async () => (await ida.get<{ transitions: { to: string; unmet: unknown[] }[] }>(`/orgs/${orgId}/stage`)).body.transitions, (all) => all.find(({ to }) => to === 'QUALIFIED_LEAD')?.unmet.length === 2);
    await qualify.click();
    await page.getByText('Knapp Daneben GmbH bleibt auf „In Qualifizierung“. 2 von 2 Bedingungen offen.').waitFor();
    await page.unroute('**/api/v1/orgs/*/overview');
    expect((await orgOf(orgId)).currentStage).toBe('QUALIFYING');
  });

  it('asks for a reason where it takes one', async () => {
    const { orgId } = await company('Passt Nicht OHG');
    const page = await browsing.signIn('ida');
    await open(page, orgId);
    await page.getByRole('button', { name: 'Disqualifizieren' }).click();
    const dialog = page.getByRole('dialog', { name: /^Disqualifizieren/ });
    await dialog.getByRole('radio', { name: 'Kein Budget' }).click();
    await dialog.getByRole('button', { name: 'Disqualifizieren', exact: true }).click();
    await page.getByText(/^Disqualifiziert\./).waitFor();
    expect((await orgOf(orgId)).currentStage).toBe('DISQUALIFIED');
  });

  it('keeps a draft over a reload and while the gateway is away, and saves it once', async () => {
    const { orgId, outreach } = await company('Entwurf & Partner');
    const page = await browsing.signIn('ida');
    await open(page, orgId, `?log=${outreach}`);
    await page.getByRole('radio').first().waitFor();
    await page.keyboard.press('1');
    await page.keyboard.type('Bedarf an zwölf Förderstrecken.');
    await page.reload();
    await page.getByText(/^Entwurf von .* ist zurück\.$/).waitFor();
    const note = page.getByLabel(/^Notiz/);
    expect(await note.inputValue()).toBe('Bedarf an zwölf Förderstrecken.');

    await stack.kill('gateway');
    await note.click();
    await page.keyboard.press('End');
    await page.keyboard.type(' Budget steht.');
    await page.keyboard.press('Control+Shift+Enter');
    await page.getByText('Nicht gespeichert, Entwurf bleibt.').waitFor();
    expect(await note.inputValue()).toBe('Bedarf an zwölf Förderstrecken. Budget steht.');
    await stack.ready();
    const retry = page.getByRole('button', { name: 'Erneut versuchen', exact: true });
    await until('it is saved', async () => {
      // It is gone as soon as it has worked, also while it is being pressed.
      if (await retry.isVisible()) await retry.click({ timeout: 1_000 }).catch(() => undefined);
      return activitiesOf(orgId);
    }, ({ length }) => length > 0, 30_000);
    await page.getByRole('dialog', { name: 'Anruf erfassen' }).waitFor({ state: 'detached' });
    expect((await activitiesOf(orgId)).map(({ notes }) => notes)).toEqual(['Bedarf an zwölf Förderstrecken. Budget steht.']);
    expect(await page.evaluate(`localStorage.getItem('tom.draft.log.${orgId}')`)).toBeNull();
  });

  it('saves and goes on to the next task', async () => {
    const first = await company('Erste der Reihe GmbH');
    const page = await browsing.signIn('ida');
    await open(page, first.orgId, `?log=${first.outreach}`);
    await page.getByRole('radio').first().waitFor();
    await page.keyboard.press('3');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/^Anruf erfasst\./).waitFor();
    await page.waitForURL((url) => url.searchParams.has('log') && url.searchParams.get('log') !== first.outreach);
    await page.getByRole('dialog').waitFor();
  });

  it('asks whose value counts only when two people changed the same field', async () => {
    const { orgId } = await company('Stammdaten Werke', { website: 'alt.example' });
    const page = await browsing.signIn('ida');
    await open(page, orgId);
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Stammdaten bearbeiten' });
    await dialog.getByLabel('Telefon').fill('+49 221 4710 318');
    await dialog.getByLabel('Branche').fill('Fördertechnik');
    const before = await olga.get<Org>(`/orgs/${orgId}`);
    await olga.patch(`/orgs/${orgId}`, { phone: '+49 221 4710 300', website: 'neu.example' }, before.etag ?? '');
    await dialog.getByRole('button', { name: 'Speichern' }).click();
    await dialog.getByText('olga hat geändert: Telefon').first().waitFor();
    await dialog.getByText('Vorher: +49 221 4710 000').waitFor();
    await dialog.getByRole('button', { name: 'Meine behalten' }).click();
    await page.getByText('Stammdaten geändert.', { exact: true }).first().waitFor();
    expect(await orgOf(orgId)).toMatchObject({ phone: '+49 221 4710 318', website: 'neu.example', industry: 'Fördertechnik' });

    // The other way round: another field, and nobody is asked.
    await page.keyboard.press('e');
    await dialog.getByLabel('Branche').fill('Intralogistik');
    const again = await olga.get<Org>(`/orgs/${orgId}`);
    await olga.patch(`/orgs/${orgId}`, { website: 'neuer.example' }, again.etag ?? '');
    await dialog.getByRole('button', { name: 'Speichern' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await orgOf(orgId)).toMatchObject({ website: 'neuer.example', industry: 'Intralogistik' });
  });

  it('says why there is a task, and what looked and did nothing', async () => {
    const { orgId } = await company('Warum & Weshalb GbR');
    const page = await browsing.signIn('ida', { lang: 'en' });
    await open(page, orgId);
    await page.getByRole('button', { name: 'Why?' }).first().click();
    const why = page.getByRole('dialog', { name: 'Why?' });
    await why.getByText('qualify_company v').first().waitFor();
    await why.getByRole('button', { name: 'Why not?' }).click();
    await why.getByRole('heading', { name: 'What looked and did nothing' }).waitFor();
    await page.keyboard.press('Escape');
    await why.waitFor({ state: 'detached' });
  });

  it('is gone through in the order of the list that somebody came from, and leads back to it', async () => {
    await company('Reihe Alpha GmbH');
    await company('Reihe Beta GmbH');
    const page = await browsing.signIn('olga');
    await page.goto(`${stack.url}/work/SALES_OPS?assignee=unassigned`);
    const rows = page.locator('[data-task]').filter({ hasText: /^.*Reihe (?:Alpha|Beta) GmbH/ });
    await rows.nth(1).waitFor();
    // What is due alike has an order of its own: whichever company comes second has one before it.
    const [, name = ''] = [...new Set((await rows.locator('a').allTextContents()).map((text) => text.trim()))];
    const last = rows.filter({ hasText: name }).first().locator('a');
    await last.click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await page.keyboard.press('Escape');
    const opened = () => /companies\/([\w-]+)/.exec(page.url())?.[1] ?? '';
    const lastId = opened();
    await page.getByRole('button', { name: 'Vorige' }).click();
    await page.waitForURL((url) => !url.pathname.includes(lastId));
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('j');
    await page.waitForURL((url) => url.pathname.includes(lastId));
    await page.getByRole('button', { name: 'Sales Ops', exact: true }).click();
    await page.waitForURL(/\/work\/SALES_OPS\?assignee=unassigned/);
  });

  it.each([
    ['light', { lang: 'de', dark: false, narrow: false }],
    ['dark, at 390 px', { lang: 'de', dark: true, narrow: true }],
  ] as const)('has nothing in what opens that axe would find, %s', async (_name, options) => {
    const { orgId } = await company('Barrierefrei eG');
    await ida.post(`/orgs/${orgId}/contacts`, { name: 'Frau Sander', phone: '+49 221 4710 318', email: 'sander@barrierefrei.example' });
    const page = await browsing.signIn('mia', options);
    await open(page, orgId);
    const expectFindings = async (what: string) => expect(await axeFindings(page), what).toEqual([]);
    const closed = () => page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('p');
    await page.getByRole('dialog').getByText('0 von 2 erfüllt').waitFor();
    await expectFindings('conditions');
    await page.keyboard.press('Escape');
    await closed();
    await page.keyboard.press('e');
    await page.getByRole('dialog').getByLabel('Branche').waitFor();
    await expectFindings('master data');
    await page.keyboard.press('Escape');
    await closed();
    await page.getByRole('button', { name: 'Weitere Aktionen', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Ruhend stellen' }).click();
    await page.getByRole('dialog').getByRole('radio').first().waitFor();
    await expectFindings('dormant');
    await page.keyboard.press('Escape');
    await closed();
    await page.getByRole('button', { name: 'Warum?' }).first().click();
    await page.getByRole('dialog').getByText('qualify_company v').first().waitFor();
    await expectFindings('why');
  });

  it('works at 390 px: the path as bars, conditions in a sheet, the form as the whole screen', async () => {
    const { orgId } = await company('Schmal GmbH');
    const page = await browsing.signIn('ida', { narrow: true });
    await open(page, orgId);
    await page.getByRole('button', { name: 'Nächste Stufe: 2 offen' }).click();
    await page.getByRole('dialog').getByText('0 von 2 erfüllt').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Kontakt erfassen' }).click();
    const form = page.getByRole('dialog', { name: 'Anruf erfassen' });
    await form.getByRole('radio', { name: 'Zentrale erreicht' }).click();
    expect((await form.boundingBox())?.width).toBe(390);
    await form.getByRole('button', { name: 'Speichern', exact: true }).click();
    await page.getByText(/^Anruf erfasst\./).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });
});
