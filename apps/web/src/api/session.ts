import { useSyncExternalStore } from 'react';

/** The token of who is signed in. It lives as long as the tab: not in localStorage, where every script and tab finds it. */
const KEY = 'tom.session';

let token = sessionStorage.getItem(KEY) ?? undefined;
const listeners = new Set<() => void>();

export function accessToken(): string | undefined {
  return token;
}

export function setAccessToken(next: string | undefined): void {
  token = next;
  if (next === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, next);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether somebody is signed in. */
export function useSignedIn(): boolean {
  return useSyncExternalStore(subscribe, () => token !== undefined);
}
