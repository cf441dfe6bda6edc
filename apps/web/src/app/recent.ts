import { createStore } from '../store.ts';

/** The companies opened last, by id: names are read from the server, so that nothing about anybody stays on the device. */
const KEY = 'tom.recent';
const MOST = 5;

const recent = createStore(read());

function read(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberOpened(orgId: string): void {
  const before = recent.get();
  if (before[0] === orgId) return;
  const opened = [orgId, ...before.filter((each) => each !== orgId)].slice(0, MOST);
  sessionStorage.setItem(KEY, JSON.stringify(opened));
  recent.set(opened);
}

export const useRecentlyOpened: () => readonly string[] = recent.use;
