import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';
import { browse, type Browsing } from '../src/browse.ts';

interface Page<T> { readonly items: readonly T[] }
interface Task { readonly taskId: string; readonly assignedQueue: string; readonly assignee?: string; readonly status: string }

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

async function company(name: string): Promise<string> {
  const { body: { orgId } } = await ida.post<{ orgId: string }>('/orgs', { name });
  await until('six tasks', async () => (await ida.get<Page<Task>>(`/tasks?orgId=${orgId}`)).body.items, ({ length }) => length === 6);
  return orgId;
}

describe('the work list', () => {
  it('asks who is there, and comes back to where one wanted to be', async () => {
    const page = await browsing.open();
    await page.goto(`${stack.url}/work/INSIDE_SALES?assignee=unassigned`);
    await page.waitForURL(/\/sign-in/);
    await page.getByRole('button', { name: /\bida\b/ }).waitFor();
    await page.keyboard.press('1');
    await page.waitForURL(/\/work\/INSIDE_SALES\?assignee=unassigned/);
    await page.getByRole('heading', { name: 'Innendienst', level: 1 }).waitFor();
    expect(await page.evaluate('Object.keys(localStorage).filter((key) => /token|session/i.test(key))')).toEqual([]);
  });

  it('is worked by keys alone: choose, claim, put off, done, undone', async () => {
    const orgId = await company('Tastatur Werke GmbH');
    const page = await browsing.signIn('ida');
    const rows = page.locator('[data-task]').filter({ hasText: 'Tastatur Werke GmbH' });
    await rows.first().waitFor();
    const chosen = page.locator('[data-task][aria-current]');
    await page.keyboard.press('j');
    while (!(await chosen.innerText()).includes('Tastatur Werke GmbH')) await page.keyboard.press('j');
    const taskId = (await chosen.getAttribute('data-task')) ?? '';
    const task = async () => (await ida.get<Task & { dueAt: string }>(`/tasks/${taskId}`)).body;

    await page.keyboard.press('c');
    await page.getByText(/^Übernommen:/).first().waitFor();
    expect((await task()).assignee).toBe('ida');

    const { dueAt: before } = await task();
    await page.keyboard.press('s');
    await page.getByRole('dialog').getByRole('button', { name: /In einer Woche/ }).click();
    await page.getByText(/^Verschoben auf/).first().waitFor();
    expect(Date.parse((await task()).dueAt)).toBeGreaterThan(Date.parse(before));

    await page.locator(`[data-task="${taskId}"] a`).focus();
    await page.locator(`[data-task="${taskId}"][aria-current]`).waitFor();
    await page.keyboard.press('d');
    await page.getByText(/^Erledigt:/).first().waitFor();
    await until('done', task, ({ status }) => status === 'DONE');
    await page.getByRole('button', { name: 'Rückgängig' }).last().click();
    await until('open again', task, ({ status }) => status === 'OPEN');
    expect(orgId).not.toBe('');
  });

  it('shows within a second that somebody else has claimed a task, greys it out, and keeps it for a moment', async () => {
    await company('Gleichzeitig AG');
    const [mine, theirs] = [await browsing.signIn('ida'), await browsing.signIn('ingo')];
    await mine.goto(`${stack.url}/work/INSIDE_SALES?assignee=unassigned`);
    const row = mine.locator('[data-task]').filter({ hasText: 'Gleichzeitig AG' }).first();
    await row.waitFor();
    const taskId = (await row.getAttribute('data-task')) ?? '';
    await mine.getByText('Live', { exact: true }).waitFor();
    const claim = theirs.locator(`[data-task="${taskId}"]`);
    await claim.hover();
    await claim.getByRole('button', { name: /^Übernehmen/ }).click();
    await mine.locator(`[data-task="${taskId}"]`).getByText('ingo, jetzt').waitFor({ timeout: 1_000 });
    await mine.locator(`[data-task="${taskId}"]`).waitFor({ state: 'detached', timeout: 6_000 });
  });

  it('claims the next task and opens its company, and says when there is none', async () => {
    const page = await browsing.signIn('cora');
    await page.getByText('Hier wartet nichts.').waitFor();
    await page.keyboard.press('n');
    await page.getByText('Keine freie Aufgabe mehr.').waitFor();
    const forIda = await browsing.signIn('ida');
    await forIda.locator('[data-task]').first().waitFor();
    await forIda.keyboard.press('n');
    await forIda.waitForURL(/\/companies\/[0-9a-f-]+\?log=[0-9a-f-]+/);
  });

  it('marks several and gives them back together', async () => {
    await company('Bündel KG');
    const page = await browsing.signIn('ida', { lang: 'en' });
    const rows = page.locator('[data-task]').filter({ hasText: 'Bündel KG' });
    await rows.nth(1).waitFor();
    await rows.nth(0).locator('a').focus();
    await page.keyboard.press('x');
    await rows.nth(1).locator('a').focus();
    await page.keyboard.press('x');
    await page.getByRole('region', { name: '2 marked' }).getByRole('button', { name: 'Claim' }).click();
    await page.getByText('2 tasks: Claim').waitFor();
  });

  it('goes on when the gateway was away: says so, and catches up without a reload', async () => {
    const page = await browsing.signIn('ida');
    await page.getByText('Live', { exact: true }).waitFor();
    await stack.kill('gateway');
    await page.getByText(/^Keine Verbindung seit/).waitFor();
    await stack.ready();
    await page.getByText(/^Keine Verbindung seit/).waitFor({ state: 'detached', timeout: 20_000 });
    await company('Danach GmbH');
    await page.locator('[data-task]').filter({ hasText: 'Danach GmbH' }).first().waitFor();
  });
});
