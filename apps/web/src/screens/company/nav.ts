import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { LogField } from '../../log-form/index.ts';

/** How the log form was asked for: what it begins with; each asking is a turn of its own. */
export interface LogAsked {
  readonly begin?: LogField | undefined;
  readonly activityType?: string | undefined;
  readonly turn?: number;
}

let turns = 0;

declare module '@tanstack/react-router' {
  interface HistoryState {
    readonly logAsked?: LogAsked;
  }
}

const from = '/shell/companies/$orgId';

/** What the address says is open on the page, and how to change that. */
export function useCompanyPlace(orgId: string) {
  const search = useSearch({ from });
  const logAsked = useLocation({ select: ({ state }) => state.logAsked });
  const navigate = useNavigate({ from: '/companies/$orgId' });
  const go = useMemo(() => {
    const change = (next: Partial<typeof search>, state: { readonly logAsked?: LogAsked } = {}) =>
      void navigate({ to: '/companies/$orgId', params: { orgId }, search: (before) => withoutNothing({ ...before, ...next }), state: (kept) => ({ ...kept, ...state }), replace: true });
    return {
      openLog: (log: string, asked: LogAsked = {}) => change({ log, path: undefined }, { logAsked: { ...asked, turn: (turns += 1) } }),
      closeLog: () => change({ log: undefined }),
      openPath: (path: string | undefined) => change({ path }),
      showKinds: (kinds: string | undefined) => change({ kinds }),
      edit: (edit: string | undefined) => change({ edit, path: undefined }),
    };
  }, [navigate, orgId]);
  return { ...search, logAsked, go };
}

export type CompanyPlace = ReturnType<typeof useCompanyPlace>;

function withoutNothing<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}
