import { readFile } from 'node:fs/promises';
import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browse, type Browsing } from '../src/browse.ts';

let stack: Stack;
let browsing: Browsing;

beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: false });
  browsing = await browse(stack.url);
}, 180_000);
afterEach(() => {
  expect(browsing.faults).toEqual([]);
});
afterAll(async () => {
  await browsing.close();
  await stack.stop();
});

describe('a template', () => {
  it('is read from its line to its part and back, by whoever may read', async () => {
    const page = await browsing.signIn('ida');
    await page.goto(`${stack.url}/workflows`);
    await page.getByRole('link', { name: /work_lead/ }).click();
    const flow = page.getByRole('region', { name: 'Ablauf' });
    await flow.getByRole('button', { name: /Bedarf analysieren/ }).click();
    await page.getByRole('option', { name: /key: needs_analysis/, selected: true }).waitFor();
    await page.getByRole('option', { name: /outcome: WON/ }).click();
    await flow.getByRole('button', { name: /Kunde/, pressed: true }).waitFor();
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Home');
    await page.getByRole('option', { name: /key: work_lead/, selected: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Entwurf' }).count()).toBe(0);
  });

  it('is drafted: what is wrong is said with its place, the draft outlives the page and leaves as a file', async () => {
    const page = await browsing.signIn('mia');
    await page.goto(`${stack.url}/workflows/work_lead`);
    await page.getByRole('button', { name: 'Entwurf bearbeiten' }).click();
    const field = page.getByRole('textbox', { name: 'YAML des Entwurfs' });
    await page.getByText('Gültig').waitFor();
    const fresh = await field.inputValue();
    expect(fresh).toContain('version: 2');

    await field.fill(fresh.replace('queue: OUTSIDE_SALES', 'queue: NOWHERE'));
    const problem = page.getByRole('region', { name: /Problem/ }).getByRole('button').first();
    const line = Number(/Zeile (\d+)/.exec(await problem.innerText())?.[1]);
    await problem.click();
    const caret = await page.evaluate<number>(`document.activeElement.value.slice(0, document.activeElement.selectionStart).split('\\n').length`);
    expect(caret).toBe(line);

    await field.fill(fresh.replace('title: Bedarf analysieren', 'title: Bedarf klären'));
    await page.getByRole('region', { name: 'Ablauf des Entwurfs' }).getByRole('button', { name: /Bedarf klären.*geändert/s }).waitFor();
    await page.reload();
    await page.getByText(/Entwurf von .* ist zurück/).waitFor();
    const leaving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Herunterladen' }).click();
    const file = await leaving;
    expect(file.suggestedFilename()).toBe('work_lead.yaml');
    expect(await readFile(await file.path(), 'utf8')).toContain('title: Bedarf klären');

    await page.getByRole('combobox', { name: 'Vergleichen' }).selectOption('Unterschied zu v1');
    await page.getByRole('option', { name: /entfernt.*Bedarf analysieren/ }).waitFor();
    await page.getByRole('option', { name: /hinzugefügt.*Bedarf klären/ }).waitFor();
    await page.getByRole('button', { name: 'Verwerfen' }).click();
    await page.getByText('Noch wie v1').waitFor();
  });
});
