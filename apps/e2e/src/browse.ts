import { openBrowser } from '@tom/tools/browser';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface BrowseOptions {
  readonly lang?: 'de' | 'en';
  readonly dark?: boolean;
  readonly narrow?: boolean;
}

/** People before their browsers: each window is a session of its own. */
export interface Browsing {
  /** A window in which this demo user has signed in. */
  signIn(user: string, options?: BrowseOptions): Promise<Page>;
  /** A window in which nobody has. */
  open(options?: BrowseOptions): Promise<Page>;
  /** What went wrong in any window: errors of scripts, of the console, answers of 500. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** Browsers before the UI at `url`. */
export async function browse(url: string): Promise<Browsing> {
  const browser: Browser = await openBrowser();
  const faults: string[] = [];
  const contexts: BrowserContext[] = [];

  async function open({ lang = 'de', dark = false, narrow = false }: BrowseOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: narrow ? { width: 390, height: 844 } : { width: 1280, height: 800 },
      locale: lang === 'de' ? 'de-DE' : 'en-GB',
      timezoneId: 'America/New_York', // what is shown is in the business time zone wherever the browser is
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
    });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      // A refusal that the page explains is logged by the browser itself.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(`${page.url()}: ${message.text()}`);
    });
    page.on('response', (response) => {
      if (response.status() === 500) faults.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${url}/sign-in`);
    return page;
  }

  return {
    open,
    faults,
    async signIn(user, options) {
      const page = await open(options);
      await page.getByRole('button', { name: new RegExp(`\\b${user}\\b`) }).click();
      await page.getByRole('navigation').first().waitFor({ state: options?.narrow ? 'attached' : 'visible' });
      return page;
    },
    async close() {
      for (const context of contexts) await context.close();
      await browser.close();
    },
  };
}

/** What axe finds on a page, a line each; empty when it finds nothing. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }> } }).axe;
    return run.run({ runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } });
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary.split('\n').slice(1).join(' ').trim()}`));
}
