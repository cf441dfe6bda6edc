import { bundleApps } from './bundle.ts';
import { StackError } from './stack-error.ts';
import { apps } from './system.ts';

try {
  await bundleApps();
  console.log(`built ${apps.map((app) => `dist/${app}`).join(', ')}`);
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
