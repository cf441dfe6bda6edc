import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { caseQuery, useMe, useMeta, type Case as CaseItem } from '../../api/index.ts';
import { useKeys } from '../../app/keys.ts';
import { useTexts } from '../../i18n/index.ts';
import { PartFailed, Rows } from '../../parts/index.ts';
import { CaseHead, type Asked } from './case-head.tsx';
import { CaseTasks } from './case-tasks.tsx';
import { Chain } from './chain.tsx';
import { KeyFacts } from './key-facts.tsx';
import { Notes } from './notes.tsx';
import { Outputs } from './outputs.tsx';
import { texts } from './texts.ts';
import classes from './case.module.css';

const CloseDialog = lazy(async () => ({ default: (await import('./close-dialog.tsx')).CloseDialog }));
const HandOverDialog = lazy(async () => ({ default: (await import('./hand-over-dialog.tsx')).HandOverDialog }));
const ReleaseDialog = lazy(async () => ({ default: (await import('./release-dialog.tsx')).ReleaseDialog }));
const ReturnDialog = lazy(async () => ({ default: (await import('./return-dialog.tsx')).ReturnDialog }));
const NewTaskDialog = lazy(async () => ({ default: (await import('../../tasks/new-task-dialog.tsx')).NewTaskDialog }));

/** One case: where it stands, what it still has to bring, who had it, and what happens next. */
export function Case() {
  const { caseId } = useParams({ from: '/shell/cases/$caseId' });
  const say = useTexts(texts);
  const found = useQuery(caseQuery(caseId));
  if (found.data) return <CasePage key={caseId} item={found.data} />;
  if (found.isError) return <PartFailed part={say('part')} error={found.error} retry={() => void found.refetch()} />;
  return <Rows count={12} />;
}

function CasePage({ item }: { readonly item: CaseItem }) {
  const say = useTexts(texts);
  const [asked, setAsked] = useState<Asked>();
  const mayWork = useMayWork(item);
  const close = () => setAsked(undefined);
  const open = item.closedAt === undefined;
  const working = mayWork && open;
  useKeys(
    [
      { key: 'h', run: () => working && setAsked('handOver') },
      { key: 'r', run: () => working && setAsked('return') },
      { key: 't', run: () => setAsked('task') },
      { key: 'm', run: () => document.getElementById('case-note')?.focus() },
    ],
    asked === undefined,
  );
  return (
    <div className={classes['page']}>
      <CaseHead item={item} working={working} ask={setAsked} />
      <div className={classes['scroll']} tabIndex={0} role="region" aria-label={say('part')}>
        <div className={classes['body']}>
          <div className={classes['left']}>
            <Outputs item={item} working={working} />
            <CaseTasks item={item} ask={() => setAsked('task')} />
            <Notes caseId={item.caseId} />
          </div>
          <aside className={classes['right']} aria-label={say('facts')}>
            <Chain item={item} />
            <KeyFacts item={item} />
          </aside>
        </div>
      </div>
      <Suspense>
        {asked === 'handOver' && <HandOverDialog item={item} onClose={close} />}
        {asked === 'return' && <ReturnDialog item={item} onClose={close} />}
        {asked === 'close' && <CloseDialog item={item} onClose={close} />}
        {asked === 'release' && <ReleaseDialog item={item} onClose={close} />}
        {asked === 'task' && <NewTaskDialog orgId={item.orgId} caseId={item.caseId} queue={item.ownerQueue} onClose={close} />}
      </Suspense>
    </div>
  );
}

/** Cases are worked by the role of their engine, by managers and administrators; the server decides. */
function useMayWork(item: CaseItem): boolean {
  const me = useMe();
  const { roles } = useMeta();
  return roles.some(({ role, engines }) => me.roles.includes(role) && engines.includes(item.engine)) || me.roles.some((role) => role === 'manager' || role === 'administrator');
}
