import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '../src/api.ts';
import { axeFindings, browse, type BrowseOptions, type Browsing } from '../src/browse.ts';

interface Page<T> { readonly items: readonly T[] }

let stack: Stack;
let browsing: Browsing;
let places: Readonly<Record<string, string>>;

/** Every screen; what is empty in the address is filled in from the demo's data. */
const screens = [
  ...['/work', '/my/tasks', '/my/cases', '/cases/{case}', '/settings'],
  ...['/companies', '/companies?view=board', '/companies?create=yes', '/companies?q=zzzz', '/companies/{org}', '/companies/{org}?log=new'],
  ...['/overview', '/workflows', '/workflows/qualify_company'],
];

beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: true });
  browsing = await browse(stack.url);
  const mia = api(stack.url, await stack.token('mia'));
  const [item] = (await mia.get<Page<{ caseId: string; orgId: string }>>('/cases?open=true&pageSize=1')).body.items;
  places = { case: item?.caseId ?? '', org: item?.orgId ?? '' };
}, 180_000);
afterAll(async () => {
  await browsing.close();
  await stack.stop();
});

const looks: readonly [string, BrowseOptions][] = [
  ['in light', {}],
  ['in dark and English', { dark: true, lang: 'en' }],
  ['at 390 px', { narrow: true }],
  ['at 390 px in dark', { narrow: true, dark: true }],
];

describe('axe finds nothing', () => {
  it.each(looks)('at the sign-in %s', async (_name, options) => {
    const page = await browsing.open(options);
    await page.getByRole('button', { name: /\bida\b/ }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it.each(looks)('on any screen %s', async (_name, options) => {
    const page = await browsing.signIn('mia', options);
    for (const screen of screens) {
      await page.goto(stack.url + screen.replaceAll(/\{(\w+)\}/g, (_all, name: string) => places[name] ?? ''));
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('status', { name: /wird geladen|loading/ }).first().waitFor({ state: 'detached' });
      expect(await axeFindings(page), screen).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), `${screen} is wider than the window`).toBeLessThanOrEqual(0);
    }
  });

  it('in the palette and the overview of keys, which keep the focus and give it back', async () => {
    const page = await browsing.signIn('ida');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('gmbh');
    await page.getByRole('option').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
