import { randomInt } from 'node:crypto';
import { keepConnected, sql, type KeptConnection, type Logger } from '@tom/postgres';

/** Wakes those who wait for messages or for changes in a group, and holds the lock by which a death is noticed. */
export interface Listener {
  /** Calls `ring` when something was appended to one of the partitions that `watches` names at that moment. */
  onAppended(watches: (partitionId: number) => boolean, ring: () => void): () => void;
  onGroupChanged(group: string, ring: () => void): () => void;
  /** The advisory lock that this process holds now; null while its connection is away. */
  lockKey(): number | null;
  start(): void;
  stop(): Promise<void>;
}

const APPENDED = 'tom_log';
const GROUP = 'tom_group';
const LOCK_CLASS = 7101;
const lock = sql('log.lock_member', 'select pg_try_advisory_lock($1, $2) as locked');

/** One connection a process, opened at the first `start`. Notifications only wake: nothing is lost while it is away. */
export function createListener(options: { readonly connectionString: string; readonly logger: Logger }): Listener {
  const appended = new Set<{ watches: (partitionId: number) => boolean; ring: () => void }>();
  const groups = new Set<{ group: string; ring: () => void }>();
  let held: number | null = null;
  let kept: KeptConnection | undefined;

  function notified(channel: string, payload: string): void {
    if (channel === GROUP) {
      for (const entry of groups) if (entry.group === payload) entry.ring();
      return;
    }
    const partitions = payload.split(',').map(Number);
    for (const entry of appended) if (partitions.some(entry.watches)) entry.ring();
  }

  function register<T>(entries: Set<T>, entry: T): () => void {
    entries.add(entry);
    return () => entries.delete(entry);
  }

  return {
    onAppended: (watches, ring) => register(appended, { watches, ring }),
    onGroupChanged: (group, ring) => register(groups, { group, ring }),
    lockKey: () => held,
    start: () => {
      kept ??= keepConnected({
        connectionString: options.connectionString,
        applicationName: 'log listener',
        logger: options.logger,
        session: async (connection, signal) => {
          try {
            connection.onNotification(notified);
            await connection.execute(`listen ${APPENDED}; listen ${GROUP}`);
            const key = randomInt(1, 2 ** 31 - 1);
            const [row] = await connection.query<{ locked: boolean }>(lock, [LOCK_CLASS, key]);
            if (row?.locked) held = key;
            // What was appended while nobody listened.
            for (const entry of [...appended, ...groups]) entry.ring();
            await new Promise<void>((resolve) => {
              if (signal.aborted) resolve();
              else signal.addEventListener('abort', () => resolve(), { once: true });
            });
          } finally {
            held = null;
          }
        },
      });
    },
    stop: async () => {
      await kept?.stop();
    },
  };
}
