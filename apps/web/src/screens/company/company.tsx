import IconPhoneOutgoing from '@tabler/icons-react/icons/IconPhoneOutgoing';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { overviewQuery, useMe, useMeta } from '../../api/index.ts';
import { useKeys } from '../../app/keys.ts';
import { rememberOpened } from '../../app/recent.ts';
import { useTexts } from '../../i18n/index.ts';
import { Button, Rows, useNow, usePhone } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import { Cards } from './cards.tsx';
import classes from './company.module.css';
import { CompanyFailed } from './company-failed.tsx';
import type { Asked } from './dialogs.tsx';
import { Bar } from './head.tsx';
import { MoveButtons } from './moves/move-buttons.tsx';
import type { StageActs } from './moves/stage-details.tsx';
import type { Refusal } from './moves/use-move.ts';
import { useCompanyPlace } from './nav.ts';
import { isMine, tasksInMyOrder } from './next-task.ts';
import { StageArea } from './stage-area.tsx';
import { texts } from './texts.ts';
import { Top } from './top.tsx';
import { UpNext } from './up-next.tsx';
import { useCompact } from './use-compact.ts';
import { useNeighbours } from './use-neighbours.ts';

/** What lies below or is asked for comes after the page; the form is there before anybody can press its key. */
const importLogForm = () => import('../../log-form/log-form.tsx');
const LogForm = lazy(async () => ({ default: (await importLogForm()).LogForm }));
const Timeline = lazy(async () => ({ default: (await import('./timeline/timeline.tsx')).Timeline }));
const Dialogs = lazy(async () => ({ default: (await import('./dialogs.tsx')).Dialogs }));

/** One company: what to do next, whom to call, how far it is, and everything that happened. */
export function Company() {
  const { orgId } = useParams({ from: '/shell/companies/$orgId' });
  useEffect(() => rememberOpened(orgId), [orgId]);
  useEffect(() => void importLogForm(), []);
  return <CompanyPage key={orgId} orgId={orgId} />;
}

function CompanyPage({ orgId }: { readonly orgId: string }) {
  const say = useTexts(texts);
  const me = useMe();
  const now = useNow();
  const { priorities } = useMeta();
  const overview = useQuery(overviewQuery(orgId));
  const place = useCompanyPlace(orgId);
  const neighbours = useNeighbours(orgId);
  const [compact, page] = useCompact();
  const phone = usePhone(); // where all of it scrolls
  const scroller = useRef<HTMLDivElement>(null);
  const [asked, setAsked] = useState<Asked>();
  const [refusal, setRefusal] = useState<Refusal>();
  const { go } = place;
  const data = overview.data;
  const { org, stage, contacts, cases } = data ?? {};
  const tasks = data?.tasks && tasksInMyOrder(data.tasks, me, priorities, now);
  const next = tasks?.find((task) => isMine(task, me));
  const logging = place.log !== undefined;
  const quiet = asked !== undefined || place.edit !== undefined;
  const logNext = () => go.openLog(next?.taskId ?? 'new');
  const retry = () => void overview.refetch();
  const acts: StageActs = {
    onClose: () => go.openPath(undefined),
    onLog: (how) => go.openLog(place.log ?? next?.taskId ?? 'new', how),
    onNewTask: () => {
      go.openPath(undefined);
      setAsked({ kind: 'task' });
    },
    onAsk: (transition) => {
      go.openPath(undefined);
      setAsked({ kind: 'move', transition });
    },
    onOverride: (to) => {
      go.openPath(undefined);
      setAsked({ kind: 'override', to });
    },
  };
  useKeys(
    [
      { key: 'a', run: logNext },
      { key: 't', run: acts.onNewTask },
      { key: 'p', run: () => stage && go.openPath(place.path ? undefined : (mainNext(stage.transitions) ?? stage.currentStage)) },
      { key: 'e', run: () => go.edit('name') },
      { key: 's', run: () => tasks?.[0] && setAsked({ kind: 'putOff', task: tasks[0] }) },
      { key: 'j', run: () => neighbours.go(neighbours.next) },
      { key: 'k', run: () => neighbours.go(neighbours.previous) },
    ],
    !quiet,
  );
  if (overview.isError && !data) return <CompanyFailed orgId={orgId} />;
  const head = org && (
    <MoveButtons org={org} explained={stage} acts={acts} onExplain={go.openPath} onRefused={(refused) => setRefusal({ ...refused, seen: stage })} onLog={logNext} onEdit={() => go.edit('name')} onTemplate={() => setAsked({ kind: 'template' })} />
  );
  const top = (
    <Top overview={data} retry={retry}>
      {org && stage && <StageArea org={org} explained={stage} cases={cases ?? []} opened={place.path} compact={compact} refusal={refusal} acts={acts} onOpen={go.openPath} />}
    </Top>
  );
  return (
    <div className={classes['page']}>
      <div className={classes['main']} ref={page}>
        <Bar neighbours={neighbours}>{head}</Bar>
        {!phone && top}
        <div className={classes['scroll']} ref={scroller} tabIndex={0} role="region" aria-label={say('page')}>
          {phone && top}
          <div className={classes['body']}>
            <div className={classes['left']}>
              <div className={classes['next']}>
                <UpNext
                  org={org}
                  orgId={orgId}
                  tasks={tasks}
                  contacts={contacts ?? []}
                  loading={!data}
                  logging={logging}
                  retry={retry}
                  onLog={(task) => go.openLog(task.taskId)}
                  onPutOff={(task) => setAsked({ kind: 'putOff', task })}
                  onNewTask={acts.onNewTask}
                />
              </div>
              <div className={classes['rest']}>{data && <Cards orgId={orgId} overview={data} retry={retry} onEdit={() => go.edit('name')} onErase={() => setAsked({ kind: 'erase' })} />}</div>
            </div>
            <div className={classes['right']}>
              <Suspense fallback={<Rows count={8} height={48} />}>
                <Timeline orgId={orgId} tasks={data?.tasks ?? []} kinds={place.kinds} scroller={scroller} onKinds={go.showKinds} />
              </Suspense>
            </div>
          </div>
        </div>
        <div className={classes['dock']}>
          <Button look="primary" className="grow" onClick={logNext}>
            <IconPhoneOutgoing {...icon} />
            {say('logActivity')}
          </Button>
        </div>
      </div>
      {place.log !== undefined && (
        <Suspense>
          <LogForm
            key={place.log}
            orgId={orgId}
            taskId={place.log === 'new' ? undefined : place.log}
            begin={place.logAsked?.begin}
            activityType={place.logAsked?.activityType}
            turn={place.logAsked?.turn}
            quiet={quiet}
            queue={neighbours.from?.queue}
            onClose={go.closeLog}
          />
        </Suspense>
      )}
      {org && quiet && (
        <Suspense>
          <Dialogs org={org} asked={asked} edit={place.edit} onClose={() => setAsked(undefined)} onEdited={() => go.edit(undefined)} />
        </Suspense>
      )}
    </div>
  );
}

/** What `p` shows: the first stage on the main way that can be reached. */
function mainNext(transitions: readonly { readonly to: string; readonly needsReason: boolean }[]): string | undefined {
  return transitions.find(({ needsReason }) => !needsReason)?.to;
}
