import { relative } from 'node:path';
import { bundleApps } from './bundle.ts';
import { bundleWeb } from './bundle-web.ts';
import { StackError } from './stack-error.ts';
import { apps } from './system.ts';

try {
  const [, web] = await Promise.all([bundleApps(), bundleWeb()]);
  console.log(`built ${apps.map((app) => `dist/${app}`).join(', ')}, ${relative(process.cwd(), web)}`);
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
