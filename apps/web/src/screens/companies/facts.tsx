import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCircleX from '@tabler/icons-react/icons/IconCircleX';
import { Link } from '@tanstack/react-router';
import { useMe, useMeta } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Avatar, Due } from '../../parts/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import type { Company } from './queries.ts';
import { texts } from './texts.ts';
import classes from './facts.module.css';

export function CompanyName({ company: { name } }: { readonly company: Company }) {
  const say = useTexts(texts);
  return name ?? say('erased');
}

/** What is to be done next, and when; that there is nothing is a fact to act upon. */
export function NextTask({ company: { nextTask }, titled }: { readonly company: Company; readonly titled: boolean }) {
  const say = useTexts(texts);
  if (!nextTask) return <span className={`red ${classes['none'] ?? ''}`}>{say('none')}</span>;
  return (
    <>
      <Due dueAt={nextTask.dueAt} dueIsEndOfDay={nextTask.dueIsEndOfDay} />
      {titled && <span className="mid"> · {nextTask.title}</span>}
    </>
  );
}

/** Whether the main next stage is open to the company. Those that are kept without workflows have none to speak of. */
export function Readiness({ company, short }: { readonly company: Company; readonly short?: boolean }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { stages, orgKinds } = useMeta();
  const next = stages.find(({ stage }) => stage === company.currentStage)?.mainNext;
  const label = text(stages.find(({ stage }) => stage === next)?.label);
  if (next === undefined || !orgKinds.find(({ code }) => code === company.orgKind)?.qualified) return null;
  const count = company.unmetForNext.length;
  const met = count === 0;
  const words = met ? say('ready') : say('open', { count });
  const title = met ? say('readyTitle', { stage: label }) : say('openTitle', { stage: label, rules: company.unmetForNext.map(({ message }) => text(message)).join(' ') });
  return (
    <Link
      to="/companies/$orgId"
      params={{ orgId: company.orgId }}
      search={{ path: next }}
      title={title}
      tabIndex={-1}
      className={`${met ? 'green' : 'red'} ${classes['readiness'] ?? ''}`}
    >
      {met ? <IconCircleCheck {...smallIcon} /> : short && <IconCircleX {...smallIcon} />}
      {short ? !met && count : words}
      {short && <span className="sr">{words}</span>}
    </Link>
  );
}

/** Who answers for the company. */
export function Owner({ company: { accountOwner }, named }: { readonly company: Company; readonly named: boolean }) {
  const say = useTexts(texts);
  const me = useMe();
  return (
    <span className={classes['owner']} title={named ? undefined : accountOwner}>
      <Avatar user={accountOwner} me={accountOwner === me.id} />
      {named ? <span className={`cut ${accountOwner ? '' : 'dim'}`}>{accountOwner ?? say('nobody')}</span> : <span className="sr">{accountOwner ?? say('nobody')}</span>}
    </span>
  );
}
