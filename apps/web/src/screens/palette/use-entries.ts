import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { api, dataOf, overviewQuery, useMe, useMeta } from '../../api/index.ts';
import { useClaimNext } from '../../app/claim-next.ts';
import { useRecentlyOpened } from '../../app/recent.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { texts } from './texts.ts';

export type Kind = 'company' | 'task' | 'case' | 'action' | 'place';

/** One thing that can be chosen. */
export interface Entry {
  readonly id: string;
  readonly kind: Kind;
  readonly label: string;
  /** What tells it apart from another of the same name. */
  readonly detail?: string | undefined;
  /** The key that does the same without the palette. */
  readonly hotkey?: string | undefined;
  run(): void;
}

export interface EntryGroup {
  readonly title: string;
  readonly entries: readonly Entry[];
}

const SHOWN = 6;

/** What fits to the words: found things first, then what can be done, then where one can go. */
export function useEntries(query: string): { readonly groups: readonly EntryGroup[]; readonly failed: boolean; readonly searching: boolean } {
  const say = useTexts(texts);
  const words = query.trim();
  const found = useFound(words);
  const recent = useRecent();
  const fits = ({ label }: Entry) => label.toLowerCase().includes(words.toLowerCase());
  const actions = useActions().filter(fits);
  const places = usePlaces().filter(fits);
  const groups = [
    ...(words === '' ? [{ title: say('recent'), entries: recent }] : found.groups),
    { title: say('actions'), entries: actions },
    { title: say('goTo'), entries: places },
  ];
  return { groups: groups.filter(({ entries }) => entries.length > 0), failed: found.failed, searching: found.searching };
}

function useFound(words: string) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { stages, queues } = useMeta();
  const navigate = useNavigate();
  const answer = useQuery({
    queryKey: ['search', words],
    queryFn: ({ signal }) => dataOf(api.GET('/search', { params: { query: { q: words } }, signal })),
    enabled: words.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 0, // what was searched for is nobody's affair afterwards
  });
  const { orgs = [], tasks = [], cases = [] } = words ? (answer.data ?? {}) : {};
  const stageName = (stage: string) => text(stages.find((each) => each.stage === stage)?.label);
  const groups: readonly EntryGroup[] = [
    {
      title: say('companies'),
      entries: orgs.slice(0, SHOWN).map((org) => ({
        id: org.orgId,
        kind: 'company',
        label: org.name ?? '',
        detail: [org.address?.city, stageName(org.currentStage)].filter(Boolean).join(' · '),
        run: () => void navigate({ to: '/companies/$orgId', params: { orgId: org.orgId } }),
      })),
    },
    {
      title: say('tasks'),
      entries: tasks.slice(0, SHOWN).map((task) => ({
        id: task.taskId,
        kind: 'task',
        label: task.title,
        detail: [task.org.name, text(queues.find(({ queue }) => queue === task.assignedQueue)?.label)].filter(Boolean).join(' · '),
        run: () => void navigate({ to: '/companies/$orgId', params: { orgId: task.orgId }, search: { log: task.taskId } }),
      })),
    },
    {
      title: say('cases'),
      entries: cases.slice(0, SHOWN).map((item) => ({
        id: item.caseId,
        kind: 'case',
        label: say('caseTitle', { number: item.number, title: item.title }),
        detail: item.org.name ?? undefined,
        run: () => void navigate({ to: '/cases/$caseId', params: { caseId: item.caseId } }),
      })),
    },
  ];
  return { groups, failed: answer.isError, searching: answer.isFetching };
}

function useRecent(): readonly Entry[] {
  const opened = useRecentlyOpened();
  const navigate = useNavigate();
  const found = useQueries({ queries: opened.map((orgId) => ({ ...overviewQuery(orgId), staleTime: Infinity })) });
  return found.flatMap(({ data }, index) => {
    const orgId = opened[index] ?? '';
    if (!data?.org?.name) return [];
    return [{ id: orgId, kind: 'company' as const, label: data.org.name, detail: data.org.address?.city ?? undefined, run: () => void navigate({ to: '/companies/$orgId', params: { orgId } }) }];
  });
}

/** What can be done: to the company that is open, and in general. */
function useActions(): readonly Entry[] {
  const say = useTexts(texts);
  const navigate = useNavigate();
  const claimNext = useClaimNext();
  const { rights } = useMe();
  const { orgId } = useParams({ strict: false });
  const name = useQuery({ ...overviewQuery(orgId ?? ''), enabled: orgId !== undefined }).data?.org?.name;
  const ofCompany: readonly Entry[] =
    orgId && name
      ? [
          { id: 'log', kind: 'action', label: say('logFor', { name }), hotkey: 'A', run: () => void navigate({ to: '/companies/$orgId', params: { orgId }, search: { log: 'new' } }) },
          { id: 'path', kind: 'action', label: say('pathOf', { name }), hotkey: 'P', run: () => void navigate({ to: '/companies/$orgId', params: { orgId }, search: { path: 'next' } }) },
        ]
      : [];
  return [
    ...ofCompany,
    ...(rights.includes('work_tasks') ? [{ id: 'claim-next', kind: 'action' as const, label: say('claimNext'), hotkey: 'N', run: () => claimNext.mutate(undefined) }] : []),
    ...(rights.includes('edit_orgs') ? [{ id: 'create', kind: 'action' as const, label: say('newCompany'), run: () => void navigate({ to: '/companies', search: { create: 'yes' } }) }] : []),
  ];
}

function usePlaces(): readonly Entry[] {
  const say = useTexts(texts);
  const text = useSystemText();
  const navigate = useNavigate();
  const { queues } = useMeta();
  const me = useMe();
  return [
    { id: 'work', kind: 'place', label: say('work'), hotkey: 'G A', run: () => void navigate({ to: '/work' }) },
    { id: 'companies', kind: 'place', label: say('companiesPage'), hotkey: 'G U', run: () => void navigate({ to: '/companies' }) },
    { id: 'workflows', kind: 'place', label: say('workflows'), hotkey: 'G W', run: () => void navigate({ to: '/workflows' }) },
    { id: 'overview', kind: 'place', label: say('overview'), hotkey: 'G O', run: () => void navigate({ to: '/overview' }) },
    { id: 'my-tasks', kind: 'place', label: say('myTasks'), run: () => void navigate({ to: '/my/tasks' }) },
    { id: 'my-cases', kind: 'place', label: say('myCases'), run: () => void navigate({ to: '/my/cases' }) },
    ...queues
      .filter(({ queue }) => me.queues.includes(queue))
      .map(({ queue, label }): Entry => ({ id: queue, kind: 'place', label: text(label), run: () => void navigate({ to: '/work/$queue', params: { queue } }) })),
    { id: 'settings', kind: 'place', label: say('settings'), run: () => void navigate({ to: '/settings' }) },
  ];
}
