import type { QueryClient } from '@tanstack/react-query';
import { createStore } from '../store.ts';
import { messagesOf, type EventMessage } from './event-stream.ts';
import { accessToken } from './session.ts';
import type { LiveEvent } from './types.ts';

/** What has just happened, as far as screens are concerned. */
export interface LiveChange {
  /** The short name, as in TaskClaimed. */
  readonly type: string;
  readonly orgId: string;
  readonly taskId: string | undefined;
  readonly caseId: string | undefined;
  /** The person who did it; undefined for what a service or template did. */
  readonly by: string | undefined;
}

/** Whether what is shown is kept up to date, and since when not. */
export interface LiveState {
  readonly connected: boolean;
  /** When the connection was lost; undefined while it is there or was not made yet. */
  readonly since: Date | undefined;
}

const SILENCE_MS = 40_000; // two heartbeats and a bit
const GATHER_MS = 60;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;

const state = createStore<LiveState>({ connected: false, since: undefined });
const eventListeners = new Set<(change: LiveChange) => void>();

export const useLive: () => LiveState = state.use;

/** Calls back with every live event; answers how to stop. */
export function onLiveEvent(listener: (change: LiveChange) => void): () => void {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}

/**
 * Keeps one stream of events open as long as the signal lasts, resumed by the last id after every break, and marks what
 * an event concerns as to be read anew. A stream that is silent for longer than its heartbeats is taken for dead.
 */
export async function runLive(client: QueryClient, signal: AbortSignal): Promise<void> {
  let lastId: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const message of readStream(lastId, signal)) {
        if (!state.get().connected) {
          state.set({ connected: true, since: undefined });
          // Without an id to resume from, what happened in between is not told: everything on the screen is read anew.
          if (lastId === undefined) void client.invalidateQueries();
        }
        failures = 0;
        if (message.id) lastId = message.id;
        if (message.event === 'reset') void client.invalidateQueries();
        else if (message.data) tell(client, changeOf(JSON.parse(message.data) as LiveEvent));
      }
    } catch {
      // said below, by the state
    }
    if (signal.aborted) return;
    if (state.get().connected || state.get().since === undefined) state.set({ connected: false, since: new Date() });
    await pause(Math.min(FIRST_RETRY_MS * 2 ** failures++, LONGEST_RETRY_MS), signal);
  }
}

/** Yields every message, and an empty one for what only says that the stream lives. */
async function* readStream(lastId: string | undefined, signal: AbortSignal): AsyncGenerator<EventMessage> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const response = await fetch('/api/v1/events', {
      headers: { Authorization: `Bearer ${accessToken() ?? ''}`, ...(lastId ? { 'Last-Event-ID': lastId } : {}) },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok || !response.body) throw new Error(`events: ${response.status}`);
    yield {};
    for await (const message of messagesOf(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      yield message;
    }
  } finally {
    clearTimeout(timer);
  }
}

function changeOf({ type, subject, actor, data }: LiveEvent): LiveChange {
  const idIn = (part: string, id: string) => {
    const found = (data[part] as Record<string, unknown> | undefined)?.[id];
    return typeof found === 'string' ? found : undefined;
  };
  return {
    type: type.slice(type.lastIndexOf('.') + 1),
    orgId: subject,
    taskId: idIn('task', 'taskId'),
    caseId: idIn('case', 'caseId') ?? idIn('task', 'caseId'),
    by: actor.startsWith('user:') ? actor.slice('user:'.length) : undefined,
  };
}

let waiting: readonly LiveChange[] = [];

// What happens in one moment (a company is created: twenty events) is one reading anew, not twenty.
function tell(client: QueryClient, change: LiveChange): void {
  for (const listener of eventListeners) listener(change);
  if (waiting.length === 0) {
    setTimeout(() => {
      const changes = waiting;
      waiting = [];
      for (const key of keysConcerned(changes)) void client.invalidateQueries({ queryKey: JSON.parse(key) as unknown[] });
    }, GATHER_MS);
  }
  waiting = [...waiting, change];
}

/** The queries that show something which has changed, by the beginning of their key. */
export function keysConcerned(changes: readonly LiveChange[]): ReadonlySet<string> {
  const keys = new Set<string>();
  const add = (...key: readonly string[]) => keys.add(JSON.stringify(key));
  for (const { type, orgId, caseId } of changes) {
    add('org', orgId);
    if (caseId) add('case', caseId);
    if (type.startsWith('Task')) {
      add('tasks');
      add('queues');
      add('orgs');
    } else if (type.startsWith('Case')) {
      add('cases');
      add('workflows');
    } else {
      add('orgs');
    }
    if (type.startsWith('Activity')) add('my');
  }
  return keys;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((end) => {
    const done = () => {
      clearTimeout(timer);
      end();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    globalThis.addEventListener('online', done, { once: true });
  });
}
