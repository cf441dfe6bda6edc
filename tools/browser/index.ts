import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

/** Where systems put a Chromium that was installed by hand. */
const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * A real Chromium: that of CHROMIUM_PATH, an installed one, else the one that comes as an npm package. Nothing is
 * downloaded. Throws with what to install where none can start.
 */
export async function openBrowser(): Promise<Browser> {
  const own = process.env.CHROMIUM_PATH ?? installed.find((path) => existsSync(path));
  const isRoot = process.getuid?.() === 0;
  const args = [
    ...(own === undefined ? sparticuz.args.filter((arg) => !arg.startsWith('--headless') && arg !== '--single-process' && arg !== '--no-zygote') : []),
    ...(isRoot ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  try {
    return await chromium.launch({ executablePath: own ?? (await sparticuz.executablePath()), args: [...new Set(args)] });
  } catch (error) {
    throw new Error(`No Chromium starts here: install one and name it in CHROMIUM_PATH (${(error as Error).message.split('\n')[0] ?? ''}).`, {
      cause: error,
    });
  }
}
