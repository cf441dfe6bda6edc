import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api, ApiProblem, dataOf, newIntention } from '../../api/index.ts';
import { useTexts } from '../../i18n/index.ts';
import { tell } from '../../parts/index.ts';
import { fieldOf, newOrgOf, type FieldName, type Typed } from './new-company.ts';
import { duplicatesQuery, tellsEnough } from './queries.ts';
import { texts } from './texts.ts';

export interface Creation {
  readonly busy: boolean;
  /** What is wrong with a field, in words. */
  readonly wrong: Readonly<Partial<Record<FieldName, string>>>;
  /** The company that has the external number already. */
  readonly takenBy: string | undefined;
  /** What went wrong that is no field's fault. */
  readonly failed: unknown;
  /** `warned`: possible duplicates are shown, and it is to be created beside them. */
  create(typed: Typed, warned: boolean): Promise<void>;
}

/**
 * Creates a company and opens it. However often the same is sent it is one company; whoever is faster than the search for
 * duplicates is shown what it found before anything is created.
 */
export function useCreate(onCreated: () => void): Creation {
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useTexts(texts);
  const intention = useRef<{ readonly body: string; readonly key: string }>(undefined);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();

  /** Whether there is a hint that was not shown yet. One that cannot be had keeps nobody from creating. */
  async function isWarnedFirst({ name, website }: Typed, warned: boolean): Promise<boolean> {
    if (warned || !tellsEnough(name, website)) return false;
    const found = await client.query({ ...duplicatesQuery(name.trim(), website.trim()), staleTime: 30_000 }).catch(() => []);
    return found.length > 0;
  }

  async function send(typed: Typed): Promise<void> {
    const body = newOrgOf(typed);
    const text = JSON.stringify(body);
    if (intention.current?.body !== text) intention.current = { body: text, key: newIntention() };
    const org = await dataOf(api.POST('/orgs', { params: { header: { 'Idempotency-Key': intention.current.key } }, body }));
    onCreated();
    tell(say('created', { name: body.name }));
    void client.invalidateQueries({ queryKey: ['orgs'] });
    await navigate({ to: '/companies/$orgId', params: { orgId: org.orgId } });
  }

  return {
    busy,
    ...judged(problem),
    async create(typed, warned) {
      setBusy(true);
      setProblem(undefined);
      try {
        if (!(await isWarnedFirst(typed, warned))) await send(typed);
      } catch (error) {
        setProblem(error);
      } finally {
        setBusy(false);
      }
    },
  };
}

function judged(problem: unknown): Pick<Creation, 'wrong' | 'takenBy' | 'failed'> {
  if (!(problem instanceof ApiProblem)) return { wrong: {}, takenBy: undefined, failed: problem };
  const { orgId } = problem.body;
  if (problem.code === 'EXTERNAL_REF_TAKEN' && typeof orgId === 'string') return { wrong: {}, takenBy: orgId, failed: undefined };
  const wrong = Object.fromEntries(
    (problem.body.violations ?? []).flatMap(({ path, message, expected }) => {
      const field = fieldOf(path);
      return field ? [[field, `${message} (${expected})`]] : [];
    }),
  );
  return { wrong, takenBy: undefined, failed: Object.keys(wrong).length > 0 ? undefined : problem };
}
