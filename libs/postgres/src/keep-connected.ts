import pg from 'pg';
import { clientConfig } from './connection-settings.ts';
import type { Logger } from './logger.ts';
import type { Statement } from './statement.ts';

/** One direct connection, for what belongs to a session: advisory locks and LISTEN. Not for use behind a pooler. */
export interface Connection {
  query<Row = Record<string, unknown>>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
  /** Plain SQL text without parameters, such as LISTEN. */
  execute(text: string): Promise<void>;
  onNotification(listener: (channel: string, payload: string) => void): void;
}

/** `session` runs while the connection lives; `signal` is aborted when it is lost or given up. */
export interface KeepConnectedOptions {
  readonly connectionString: string;
  readonly applicationName: string;
  readonly logger: Logger;
  readonly session: (connection: Connection, signal: AbortSignal) => Promise<void>;
}

/** A connection that is opened again whenever it is lost. */
export interface KeptConnection {
  stop(): Promise<void>;
}

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

/**
 * Keeps one direct connection open and runs `session` on it, anew after each loss, with a growing delay (0.1 s to 5 s)
 * while the server is away. Stops when told; `session` must end when its signal is aborted.
 */
export function keepConnected(options: KeepConnectedOptions): KeptConnection {
  const stopping = new AbortController();
  const { logger, session } = options;

  async function runSession(): Promise<void> {
    const client = new pg.Client(clientConfig(options));
    const ending = new AbortController();
    const end = (): void => ending.abort();
    client.on('error', end);
    client.on('end', end);
    stopping.signal.addEventListener('abort', end);
    try {
      await client.connect();
      if (stopping.signal.aborted) return;
      await session(
        {
          query: async <Row>(statement: Statement, values: readonly unknown[] = []) => {
            const result = await client.query({
              name: statement.name,
              text: statement.text,
              values: values as unknown[],
            });
            return result.rows as Row[];
          },
          execute: async (text) => {
            await client.query(text);
          },
          onNotification: (listener) => {
            client.on('notification', (message) => listener(message.channel, message.payload ?? ''));
          },
        },
        ending.signal,
      );
      if (!stopping.signal.aborted && ending.signal.aborted) throw new Error('the connection was lost');
    } finally {
      stopping.signal.removeEventListener('abort', end);
      ending.abort();
      await client.end().catch(() => undefined);
    }
  }

  async function run(): Promise<void> {
    let delay = FIRST_DELAY_MS;
    while (!stopping.signal.aborted) {
      const started = performance.now();
      try {
        await runSession();
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (performance.now() - started > MAX_DELAY_MS) delay = FIRST_DELAY_MS;
        logger.warn(
          { error: String(error), connection: options.applicationName, retryMs: delay },
          'database connection lost',
        );
        await pause(delay, stopping.signal);
        delay = Math.min(delay * 2, MAX_DELAY_MS);
      }
    }
  }

  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
