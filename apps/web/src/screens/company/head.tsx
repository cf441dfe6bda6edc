import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconChevronUp from '@tabler/icons-react/icons/IconChevronUp';
import IconMapPin from '@tabler/icons-react/icons/IconMapPin';
import IconPhone from '@tabler/icons-react/icons/IconPhone';
import IconTag from '@tabler/icons-react/icons/IconTag';
import IconUser from '@tabler/icons-react/icons/IconUser';
import IconWorld from '@tabler/icons-react/icons/IconWorld';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { useMeta, type Org } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, Chip } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import classes from './company.module.css';
import { telOf } from './next-task.ts';
import { texts } from './texts.ts';
import type { Neighbours } from './use-neighbours.ts';
import { webAddress } from './web-address.ts';

/** The way back to the list, and through it. */
export function Bar({ neighbours: { from, at, previous, next, go }, children }: { readonly neighbours: Neighbours; readonly children?: ReactNode }) {
  const say = useTexts(texts);
  const navigate = useNavigate();
  return (
    <header className={classes['bar']}>
      {from ? (
        <Button look="ghost" onClick={() => void navigate({ href: from.href })}>
          <IconArrowLeft {...icon} />
          <span className="cut">{from.name}</span>
        </Button>
      ) : (
        <Link to="/companies" className={classes['back']}>
          <IconArrowLeft {...icon} />
          {say('companies')}
        </Link>
      )}
      {from && at >= 0 && (
        <span className="row wide">
          <span className="dim fig">{say('position', { at: at + 1, count: from.orgIds.length })}</span>
          <Button look="ghost" icon small aria-label={say('previous')} title="K" disabled={!previous} onClick={() => go(previous)}><IconChevronUp {...icon} /></Button>
          <Button look="ghost" icon small aria-label={say('next')} title="J" disabled={!next} onClick={() => go(next)}><IconChevronDown {...icon} /></Button>
        </span>
      )}
      <span className={classes['actions']}>{children}</span>
    </header>
  );
}

/** Who it is: the name, what it is to us where the stage does not say so already, and how to reach it. */
export function Identity({ org }: { readonly org: Org }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { orgKinds, orgStatuses, stages } = useMeta();
  const name = org.name ?? say('erasedName');
  useEffect(() => {
    document.title = `${name} – TOM Flow`;
  }, [name]);
  const kind = orgKinds.find(({ code }) => code === org.orgKind);
  const status = text(orgStatuses.find(({ code }) => code === org.status)?.label);
  const stage = text(stages.find((each) => each.stage === org.currentStage)?.label);
  const site = webAddress(org.website);
  return (
    <>
      <div className="row">
        <h1 className="cut" title={name}>{name}</h1>
        {status !== stage && <Chip>{status}</Chip>}
        {kind && !kind.qualified && <Chip tone="line">{text(kind.label)}</Chip>}
      </div>
      <div className={classes['facts']}>
        {org.address?.city && <span><IconMapPin {...icon} />{org.address.city}</span>}
        {org.phone && <a href={telOf(org.phone)} className={classes['link']}><IconPhone {...icon} />{org.phone}</a>}
        {site && <a href={site.href} target="_blank" rel="noreferrer" className={classes['optional']}><IconWorld {...icon} />{site.host}</a>}
        {org.industry && <span className={classes['optional']}><IconTag {...icon} />{org.industry}</span>}
        {org.accountOwner && <span className={classes['optional']}><IconUser {...icon} />{say('responsible', { who: org.accountOwner })}</span>}
        {org.externalRef && <span className={`dim ${classes['optional'] ?? ''}`}>{org.externalRef}</span>}
      </div>
    </>
  );
}
