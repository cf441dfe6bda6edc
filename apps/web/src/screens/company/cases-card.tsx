import IconFolder from '@tabler/icons-react/icons/IconFolder';
import IconFolderCheck from '@tabler/icons-react/icons/IconFolderCheck';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMeta, type Case } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Card, CaseStatus, PartFailed } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import classes from './cards.module.css';
import { texts } from './texts.ts';

/** The cases of the company: the open ones, and on asking the closed ones. */
export function CasesCard({ cases, retry }: { readonly cases: readonly Case[] | undefined; retry(): void }) {
  const say = useTexts(texts);
  const [closedToo, setClosedToo] = useState(false);
  const open = cases?.filter(({ closedAt }) => closedAt === undefined) ?? [];
  const closed = cases?.filter(({ closedAt }) => closedAt !== undefined) ?? [];
  return (
    <Card title={say('casesTitle')} count={cases && open.length}>
      {!cases && <PartFailed part={say('casesPart')} retry={retry} />}
      {cases && open.length === 0 && <p className={classes['nothing']}>{say('noCases')}</p>}
      <ul className={classes['steps']}>
        {[...open, ...(closedToo ? closed : [])].map((item) => (
          <CaseRow key={item.caseId} item={item} />
        ))}
        {closed.length > 0 && !closedToo && (
          <li>
            <button type="button" className={classes['fold']} onClick={() => setClosedToo(true)}>
              {say('closedCases', { count: closed.length })}
            </button>
          </li>
        )}
      </ul>
    </Card>
  );
}

function CaseRow({ item }: { readonly item: Case }) {
  const text = useSystemText();
  const { caseTypes } = useMeta();
  return (
    <li>
      {item.closedAt === undefined ? <IconFolder {...icon} /> : <IconFolderCheck {...icon} />}
      <Link to="/cases/$caseId" params={{ caseId: item.caseId }} className="cut grow strong" title={item.title}>
        {text(caseTypes.find(({ code }) => code === item.caseType)?.label)}
      </Link>
      <span className="dim">{item.owner ?? item.phase}</span>
      <CaseStatus item={item} />
    </li>
  );
}
