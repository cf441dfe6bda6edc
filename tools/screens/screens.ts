// Makes pictures of every screen of the UI, in light and dark, wide and narrow, German and English, into dist/screens.
// A system with demo data is started for them, unless TOM_URL names one that runs.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser/index.ts';
import { startStack } from '../stack/index.ts';

const folder = resolve(import.meta.dirname, '../../dist/screens');

interface Look {
  readonly name: string;
  readonly lang: 'de' | 'en';
  readonly dark: boolean;
  readonly width: number;
  readonly height: number;
}

const looks: readonly Look[] = [
  { name: 'light-de', lang: 'de', dark: false, width: 1280, height: 800 },
  { name: 'dark-en', lang: 'en', dark: true, width: 1280, height: 800 },
  { name: '390-de', lang: 'de', dark: false, width: 390, height: 844 },
];

interface Screen {
  readonly name: string;
  readonly user: string;
  /** The address; what stands in braces is an id of the demo's data. */
  readonly path: string;
  /** What is done there before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

const screens: readonly Screen[] = [
  { name: '02-queues', user: 'ida', path: '/work/INSIDE_SALES' },
  { name: '03-company', user: 'ida', path: '/companies/{org}' },
  { name: '04-log-activity', user: 'ida', path: '/companies/{org}?log=new' },
  { name: '05-case', user: 'mia', path: '/cases/{case}' },
  { name: '06-companies-list', user: 'ida', path: '/companies' },
  { name: '06-companies-board', user: 'ida', path: '/companies?view=board' },
  { name: '07-workflow', user: 'root', path: '/workflows/qualify_company' },
  { name: '08-overview', user: 'mia', path: '/overview' },
  {
    name: '09-command-palette',
    user: 'ida',
    path: '/work',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('gmbh');
      await page.getByRole('option').first().waitFor();
    },
  },
  { name: '11-my-cases', user: 'mia', path: '/my/cases' },
  { name: '12-settings', user: 'ida', path: '/settings' },
];

async function idsAt(url: string): Promise<Readonly<Record<string, string>>> {
  const json = async <T>(path: string, init?: RequestInit) => (await (await fetch(`${url}/api/v1${path}`, init)).json()) as T;
  const { accessToken } = await json<{ accessToken: string }>('/dev/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"user":"mia"}' });
  const headers = { authorization: `Bearer ${accessToken}` };
  const orgs = await json<{ items: { orgId: string; lastActivity?: object }[] }>('/orgs?stage=QUALIFYING&pageSize=50', { headers });
  const cases = await json<{ items: { caseId: string; chain: unknown[] }[] }>('/cases?open=true&pageSize=200', { headers });
  const org = orgs.items.find(({ lastActivity }) => lastActivity) ?? orgs.items[0];
  const item = cases.items.toSorted((a, b) => b.chain.length - a.chain.length)[0];
  return { org: org?.orgId ?? '', case: item?.caseId ?? '' };
}

async function signIn(page: Page, url: string, user: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByRole('button', { name: new RegExp(`\\b${user}\\b`) }).click();
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'));
}

async function picture(page: Page, name: string): Promise<void> {
  await page.getByRole('status', { name: /wird geladen|loading/ }).first().waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.waitForTimeout(400); // what folds in has folded in
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`  ${name}.png`);
}

async function takeAll(browser: Browser, url: string): Promise<void> {
  const ids = await idsAt(url);
  for (const { name: look, lang, dark, width, height } of looks) {
    const open = () =>
      browser.newContext({ viewport: { width, height }, locale: lang === 'de' ? 'de-DE' : 'en-GB', colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
    const first = await open();
    const page = await first.newPage();
    await page.goto(`${url}/sign-in`);
    await page.getByRole('button', { name: /\bida\b/ }).waitFor();
    await picture(page, `01-sign-in-${look}`);
    await first.close();
    for (const { name, user, path, act } of screens) {
      const context = await open();
      const shown = await context.newPage();
      await signIn(shown, url, user);
      await shown.goto(url + path.replaceAll(/\{(\w+)\}/g, (_all, id: string) => ids[id] ?? ''));
      await shown.getByRole('heading', { level: 1 }).first().waitFor();
      await act?.(shown);
      await picture(shown, `${name}-${look}`);
      await context.close();
    }
  }
}

mkdirSync(folder, { recursive: true });
const given = process.env['TOM_URL'];
const stack = given ? undefined : await startStack({ fast: true, demoData: true });
const browser = await openBrowser();
try {
  console.log(`pictures in ${folder}`);
  await takeAll(browser, given ?? stack?.url ?? '');
} finally {
  await browser.close();
  await stack?.stop();
}
