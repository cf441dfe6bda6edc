import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { runTom } from './run-tom.ts';

// npm runs this in the root of the repository; files are named as seen from where npm was called.
process.exitCode = await runTom(process.argv.slice(2), {
  environment: process.env,
  folder: process.env.INIT_CWD ?? process.cwd(),
  root: resolve(import.meta.dirname, '../..'),
  account: userInfo().username,
  now: () => new Date(),
  out: (text) => console.log(text),
  err: (text) => console.error(text),
});
