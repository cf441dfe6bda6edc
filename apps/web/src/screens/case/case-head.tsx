import IconArrowBackUp from '@tabler/icons-react/icons/IconArrowBackUp';
import IconArrowForwardUp from '@tabler/icons-react/icons/IconArrowForwardUp';
import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import IconStack2 from '@tabler/icons-react/icons/IconStack2';
import IconUser from '@tabler/icons-react/icons/IconUser';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useMe, useMeta, type Case } from '../../api/index.ts';
import { useSingleKeys } from '../../app/keys.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, CaseStatus, Chip, Due, tell } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import { missingOutputs, nextPhase } from './outputs-of.ts';
import { PhasePaths } from './phase-path.tsx';
import { texts } from './texts.ts';
import { useQuickActions } from './use-case-actions.ts';
import classes from './case.module.css';

export type Asked = 'handOver' | 'return' | 'close' | 'release' | 'task';

interface CaseHeadProps {
  readonly item: Case;
  readonly working: boolean;
  readonly ask: (asked: Asked) => void;
}

export function CaseHead({ item, working, ask }: CaseHeadProps) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { queues } = useMeta();
  useEffect(() => {
    document.title = `${item.title} – TOM Flow`;
  }, [item.title]);
  return (
    <>
      <header className={classes['head']}>
        <Link to="/companies/$orgId" params={{ orgId: item.orgId }} className={`cut ${classes['back'] ?? ''}`}>
          <IconArrowLeft {...icon} />
          <span className="cut">{item.org.name}</span>
        </Link>
        <span className="dim wide">{say('number', { number: item.number })}</span>
        <div className={classes['actions']}>{working && <Actions item={item} ask={ask} />}</div>
      </header>
      <div className={classes['title']}>
        <h1>{item.title}</h1>
        <div className={classes['meta']}>
          <CaseStatus item={item} />
          <span><IconStack2 {...icon} />{text(queues.find(({ queue }) => queue === item.ownerQueue)?.label)}</span>
          <span><IconUser {...icon} />{item.owner ?? say('nobody')}</span>
          {item.dueAt && <Due dueAt={item.dueAt} dueIsEndOfDay />}
          {item.template && <span className="dim">{item.template} v{item.templateVersion}</span>}
        </div>
        <PhasePaths item={item} />
      </div>
    </>
  );
}

function Actions({ item, ask }: Omit<CaseHeadProps, 'working'>) {
  const say = useTexts(texts);
  const text = useSystemText();
  const me = useMe();
  const singleKeys = useSingleKeys();
  const missing = missingOutputs(item).length;
  const next = nextPhase(item);
  const { claim, release, advance } = useQuickActions(item, {
    claimed: () => tell(say('claimedTold')),
    released: () => tell(say('releasedTold')),
    advanced: (phase) => tell(say('advancedTold', { phase: text(item.phases.find((each) => each.phase === phase)?.label) })),
  });
  const throughDoor = item.caseType === 'WORK_LEAD' && item.org.currentStage === 'SALES_ACCEPTED';
  const key = (name: string) => (singleKeys ? name : undefined);
  return (
    <>
      {item.owner === me.id ? (
        <Button look="ghost" busy={release.isPending} onClick={() => (throughDoor ? ask('release') : release.mutate())}>{say('release')}</Button>
      ) : (
        item.owner === undefined && <Button look="primary" busy={claim.isPending} onClick={() => claim.mutate()}>{say('claim')}</Button>
      )}
      {next && missing === 0 && (
        <Button busy={advance.isPending} onClick={() => advance.mutate(next.phase)} className="wide">{say('advance', { phase: text(next.label) })}</Button>
      )}
      {item.returnTarget && (
        <Button onClick={() => ask('return')} hotkey={key('R')}><IconArrowBackUp {...icon} />{say('return')}</Button>
      )}
      <Button onClick={() => ask('close')}>{say('close')}</Button>
      <Button onClick={() => ask('handOver')} hotkey={key('H')}>
        <IconArrowForwardUp {...icon} />
        {say('handOver')}
        {missing > 0 && <Chip tone="red">{say('open', { count: missing })}</Chip>}
      </Button>
    </>
  );
}
