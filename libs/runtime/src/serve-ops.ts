import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { StartError } from './start-error.ts';

/** Ready unless it rejects, throws or answers false. */
export type ReadyCheck = () => Promise<unknown> | boolean | void;

export interface OpsServerOptions {
  /** host:port; port 0 takes a free one. */
  readonly address: string;
  /** What must be there before requests are taken, by the name that /readyz shows. */
  readonly ready: Readonly<Record<string, ReadyCheck>>;
  readonly metrics: Metrics;
  readonly logger?: Logger;
  /** A check that takes longer counts as not ready; default 2 s. */
  readonly checkWithinMs?: number;
}

export interface OpsServer {
  readonly port: number;
  /** host:port that it listens on. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Serves /livez (the process answers), /readyz (200, or 503 with `notReady` naming the checks) and /metrics. Rejects
 * with a StartError when the address cannot be bound.
 */
export async function serveOps(options: OpsServerOptions): Promise<OpsServer> {
  const { address, metrics, logger } = options;
  const readiness = createReadiness(options.ready, options.checkWithinMs ?? 2_000, logger);
  const routes: Readonly<Record<string, (response: ServerResponse) => Promise<void> | void>> = {
    '/livez': (response) => json(response, 200, { alive: true }),
    '/readyz': async (response) => {
      const notReady = await readiness();
      json(response, notReady.length === 0 ? 200 : 503, { ready: notReady.length === 0, notReady });
    },
    '/metrics': async (response) => {
      response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.metrics());
    },
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) json(response, 404, { title: 'Not found' });
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      json(response, 405, { title: 'Method not allowed' });
    } else {
      Promise.resolve(route(response)).catch((error: unknown) => {
        logger?.error({ err: error, path }, 'operations request failed');
        if (!response.headersSent) json(response, 500, { title: 'Internal error' });
      });
    }
  });
  const { host, port } = splitAddress(address);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'the port is in use' : (error.code ?? error.message);
      reject(new StartError(`Cannot listen on ${address} for operations: ${why}.`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    address: address.replace(/:\d+$/, `:${bound}`),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Names of the checks that fail. Probes that come at once share one run: they cannot pile up on a slow database. */
function createReadiness(
  checks: OpsServerOptions['ready'],
  withinMs: number,
  logger: Logger | undefined,
): () => Promise<readonly string[]> {
  const failing = new Set<string>();
  let underWay: Promise<readonly string[]> | undefined;

  async function run(name: string, check: ReadyCheck): Promise<void> {
    try {
      const answer = await within(withinMs, check);
      if (answer === false) throw new Error('not ready');
      if (failing.delete(name)) logger?.info({ check: name }, 'ready again');
    } catch (error) {
      if (!failing.has(name)) logger?.warn({ check: name, err: error }, 'not ready');
      failing.add(name);
    }
  }

  return () => {
    underWay ??= Promise.all(Object.entries(checks).map(([name, check]) => run(name, check)))
      .then(() => Object.keys(checks).filter((name) => failing.has(name)))
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };
}

async function within(ms: number, check: ReadyCheck): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(address.slice(at + 1)) };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
