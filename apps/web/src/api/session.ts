import { createStore } from '../store.ts';

/** The token of who is signed in. It lives as long as the tab: not in localStorage, where every script and tab finds it. */
const KEY = 'tom.session';

const token = createStore(sessionStorage.getItem(KEY) ?? undefined);

export const accessToken: () => string | undefined = token.get;

export function setAccessToken(next: string | undefined): void {
  if (next === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, next);
  token.set(next);
}

/** Whether somebody is signed in. */
export function useSignedIn(): boolean {
  return token.use() !== undefined;
}
