import { resolve } from 'node:path';
import { PostgresError } from '../embedded-postgres/index.ts';
import { KafkaError } from '../kafka/index.ts';
import { watchParent } from './parent-watch.ts';
import { readSettings } from './settings.ts';
import { StackError } from './stack-error.ts';
import { startStack, type Stack } from './start-stack.ts';

const root = resolve(import.meta.dirname, '../..');

/** What runs where, and how to get in. */
function describe(stack: Stack): string {
  const rows: [string, string][] = [
    ['open', `${stack.url}   (pages of the API: ${stack.url}/docs)`],
    ...Object.entries(stack.addresses)
      .filter(([app]) => app !== 'gateway')
      .map(([app, { api, ops }]): [string, string] => [app, `gRPC ${api}   health and metrics http://${ops}`]),
    ['postgres', `127.0.0.1:${stack.postgres.port}`],
    ...(stack.kafka ? [['kafka', `${stack.kafka.brokers}   (topics in deploy/topics.yaml)`] as [string, string]] : []),
    ['data', stack.dataDir],
    ['logs', stack.logs],
  ];
  const signIn = process.env.OIDC_ISSUER
    ? [`Sign in with a token of ${process.env.OIDC_ISSUER}.`]
    : [
        'Sign in as ida, ingo (inside sales), olga (ops), otto (outside sales), cora (customer inbound),',
        'anna (order admin), mia (manager) or root (administrator):',
        `  curl -s ${stack.url}/api/v1/dev/token -H 'content-type: application/json' -d '{"user":"ida"}'`,
      ];
  return ['', ...rows.map(([name, where]) => `  ${name.padEnd(17)} ${where}`), '', ...signIn, ''].join('\n');
}

async function main(): Promise<void> {
  const breakOff = new AbortController();
  const over = new Promise<string>((end) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
    watchParent(() => end('the parent process is gone'));
  });
  void over.then((why) => {
    console.log(`stopping (${why})`);
    breakOff.abort(new StackError('The start was broken off.'));
  });
  // a terminal or a reader of our output that went away is no reason to leave the processes behind
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  const { dataDir, port, host, demoData, transport, instances } = readSettings(process.env, root);
  console.log(`TOM Flow starts (data in ${dataDir})`);
  const note = (line: string) => console.log(line);
  try {
    const stack = await startStack({ dataDir, port, host, demoData, transport, instances, note, signal: breakOff.signal });
    if (!breakOff.signal.aborted) {
      console.log(describe(stack));
      console.log(`ready ${stack.url}`);
    }
    await over;
    await stack.stop();
  } catch (error) {
    if (!breakOff.signal.aborted) throw error;
  }
  console.log('stopped');
}

try {
  await main();
  process.exit(0);
} catch (error) {
  const known = [StackError, PostgresError, KafkaError].some((kind) => error instanceof kind);
  console.error(known ? `error: ${(error as Error).message}` : error);
  process.exit(1);
}
