import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMeta } from '../../api/index.ts';
import { figureFilters } from '../../app/figure-filters.ts';
import { defaultSort, nextTasks, sorts, type Filter } from './queries.ts';

type Word = 'q' | 'stage' | 'status' | 'orgKind' | 'owner' | 'city' | 'nextTask' | 'sort' | 'view' | 'create' | (typeof figureFilters)[number];

export interface Shown {
  readonly filter: Filter;
  readonly view: 'list' | 'board';
  /** The form for a new company is open. */
  readonly creating: boolean;
  /** Whether anything is left out, the board's stages aside. */
  readonly filtered: boolean;
  change(next: { readonly [W in Word]?: string | undefined }): void;
  reset(): void;
}

const filters = ['q', 'stage', 'status', 'orgKind', 'owner', 'city', 'nextTask', ...figureFilters] as const;
const nothing = Object.fromEntries(filters.map((name) => [name, undefined]));

/** What the address says is shown: so that it can be kept, shared and gone back to. Codes that do not exist are not asked for. */
export function useFilter(): Shown {
  const said = useSearch({ from: '/shell/companies' });
  const { stages, orgStatuses, orgKinds } = useMeta();
  const navigate = useNavigate();
  const change = (next: Readonly<Record<string, string | undefined>>) =>
    void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, ...next }), replace: true });
  return {
    filter: {
      q: said.q,
      stage: known(said.stage, stages.map(({ stage }) => stage)),
      status: known(said.status, orgStatuses.map(({ code }) => code)),
      orgKind: known(said.orgKind, orgKinds.map(({ code }) => code)),
      owner: said.owner,
      city: said.city,
      nextTask: nextTasks.find((each) => each === said.nextTask),
      sort: sorts.find((each) => each === said.sort) ?? defaultSort,
      figure: Object.fromEntries(figureFilters.flatMap((name) => (said[name] === undefined ? [] : [[name, said[name]]]))),
    },
    view: said.view === 'board' ? 'board' : 'list',
    creating: said.create === 'yes',
    filtered: filters.some((name) => said[name] !== undefined),
    change,
    reset: () => change(nothing),
  };
}

/** Those of a comma-separated list that exist; the codes of the configuration are those of the API. */
function known<C extends string>(said: string | undefined, codes: readonly string[]): readonly C[] {
  return (said?.split(',') ?? []).filter((code): code is C => codes.includes(code));
}
