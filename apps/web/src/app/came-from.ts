import { useMatch, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { createStore } from '../store.ts';

/** A list that somebody works through: its name, where it is, and its companies in its order. */
export interface CameFrom {
  readonly name: string;
  readonly href: string;
  readonly orgIds: readonly string[];
  /** The queue that it shows, where it shows one. */
  readonly queue?: string | undefined;
}

const from = createStore<CameFrom | undefined>(undefined);

/** Says which list a company is opened from. */
export const rememberList: (list: CameFrom) => void = from.set;

/** What a list says while it is shown; it lives as long as the window. A list that is not there yet is not worth a word. */
export function useRememberList(name: string, orgIds: readonly string[] | undefined, queue?: string): void {
  // Where the list is, and not where somebody is about to go from it.
  const { pathname, search } = useMatch({ strict: false });
  const { href } = useRouter().buildLocation({ to: pathname, search } as never);
  const ids = orgIds && [...new Set(orgIds)].join(' ');
  useEffect(() => {
    if (ids === undefined) return;
    rememberList({ name, href, queue, orgIds: ids === '' ? [] : ids.split(' ') });
  }, [name, href, ids, queue]);
}

/** The list that was shown last: where the way back leads, and what comes next in it. */
export const useCameFrom: () => CameFrom | undefined = from.use;
