import { StackError } from '../stack/stack-error.ts';
import { apps } from '../stack/system.ts';
import { packageApp } from './package-app.ts';

const [, , name] = process.argv;
const app = apps.find((one) => one === name);

if (app === undefined) {
  console.error(`usage: npm run package -- <${apps.join(' | ')}>`);
  process.exitCode = 1;
} else {
  try {
    await packageApp(app);
    console.log(`packaged dist/package/${app}`);
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  }
}
