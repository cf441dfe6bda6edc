import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const ATTEMPTS = 50;

/**
 * A port of 127.0.0.1 that nobody listens on. It lies below the range from which systems take the ports of outgoing
 * connections: a server that restarts finds its port free again, and no client ever connects to itself meanwhile.
 */
export async function freePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(20_000, 32_000);
    if (!taken.has(port) && (await portProblem(port)) === undefined) return port;
  }
  throw new Error(`No free port was found on 127.0.0.1 in ${ATTEMPTS} attempts.`);
}

/** Why we cannot listen on this port of the host; undefined when we can. */
export function portProblem(port: number, host = '127.0.0.1'): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      resolve(code === 'EADDRINUSE' ? 'another program listens on it' : message),
    );
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}
