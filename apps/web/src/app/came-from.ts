import { useSyncExternalStore } from 'react';

/** A list that somebody works through: its name, where it is, and its companies in its order. */
export interface CameFrom {
  readonly name: string;
  readonly href: string;
  readonly orgIds: readonly string[];
  /** The queue that it shows, where it shows one. */
  readonly queue?: string | undefined;
}

let from: CameFrom | undefined;
const listeners = new Set<() => void>();

/** What the lists say when they are shown; it lives as long as the window. */
export function rememberList(list: CameFrom): void {
  from = { ...list, orgIds: [...new Set(list.orgIds)] };
  for (const listener of listeners) listener();
}

/** The list that was shown last: where the way back leads, and what comes next in it. */
export function useCameFrom(): CameFrom | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => from,
  );
}
