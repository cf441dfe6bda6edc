import { useSyncExternalStore } from 'react';

/** The companies opened last, by id: names are read from the server, so that nothing about anybody stays on the device. */
const KEY = 'tom.recent';
const MOST = 5;

let recent = read();
const listeners = new Set<() => void>();

function read(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberOpened(orgId: string): void {
  if (recent[0] === orgId) return;
  recent = [orgId, ...recent.filter((each) => each !== orgId)].slice(0, MOST);
  sessionStorage.setItem(KEY, JSON.stringify(recent));
  for (const listener of listeners) listener();
}

export function useRecentlyOpened(): readonly string[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => recent,
  );
}
