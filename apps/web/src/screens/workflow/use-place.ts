import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMe } from '../../api/index.ts';
import type { Template } from './queries.ts';

export type Shown = number | 'draft';

/** Which version the address shows, and which it is compared with. */
export interface Place {
  readonly shown: Shown;
  readonly from: number | undefined;
  /** Whether the person may draft. */
  readonly drafts: boolean;
  show(next: Shown): void;
  compare(from: number | undefined): void;
}

export function usePlace({ currentVersion, versions }: Template): Place {
  const { version, from } = useSearch({ from: '/shell/workflows/$key' });
  const navigate = useNavigate();
  const drafts = useMe().rights.includes('draft_templates');
  const known = (asked: string | undefined) => versions.find((each) => String(each.version) === asked)?.version;
  const shown = version === 'draft' && drafts ? 'draft' : (known(version) ?? currentVersion);
  const compared = known(from);
  const go = (search: { readonly version?: string; readonly from?: string | undefined }) =>
    void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, ...search }), replace: true });
  return {
    shown,
    from: compared === shown ? undefined : compared,
    drafts,
    show: (next) => go({ version: String(next), from: undefined }),
    compare: (next) => go({ from: next === undefined ? undefined : String(next) }),
  };
}
