import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { overviewQuery, useMeta } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Chip, Rows, useAgo, useNow } from '../../parts/index.ts';
import { CompanyName, NextTask, Readiness } from './facts.tsx';
import type { Company } from './queries.ts';
import { texts } from './texts.ts';
import classes from './companies.module.css';

const ENTRIES = 6;

/** A look at a company without leaving the list. */
export function Peek({ company, onClose }: { readonly company: Company; readonly onClose: () => void }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const ago = useAgo();
  const now = useNow();
  const { stages } = useMeta();
  const overview = useQuery(overviewQuery(company.orgId));
  const entries = overview.data?.timeline?.items.slice(0, ENTRIES) ?? [];
  return (
    <Modal opened onClose={onClose} title={<CompanyName company={company} />} size="md" centered>
      <div className="stack">
        <div className="row wrap">
          <Chip>{text(stages.find(({ stage }) => stage === company.currentStage)?.label)}</Chip>
          <Readiness company={company} />
          <span><NextTask company={company} titled /></span>
        </div>
        {overview.isPending && <Rows count={4} height={28} />}
        {overview.isSuccess && entries.length === 0 && <p className="dim">{say('peekNothing')}</p>}
        <ul className={classes['entries']}>
          {entries.map((entry) => (
            <li key={entry.entryId}>
              <span className="grow">
                {text(entry.title)}
                {entry.detail && <span className="mid"> · {entry.detail}</span>}
              </span>
              <time className="dim" dateTime={entry.at}>{ago(new Date(entry.at), now)}</time>
            </li>
          ))}
        </ul>
        <Link to="/companies/$orgId" params={{ orgId: company.orgId }} className={classes['link']} data-autofocus>{say('openCompany')}</Link>
      </div>
    </Modal>
  );
}
