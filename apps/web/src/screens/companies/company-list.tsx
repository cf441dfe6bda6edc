import IconArrowDown from '@tabler/icons-react/icons/IconArrowDown';
import IconArrowUp from '@tabler/icons-react/icons/IconArrowUp';
import IconBuilding from '@tabler/icons-react/icons/IconBuilding';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useRememberList } from '../../app/came-from.ts';
import { chosenOf, neighbour, type Choice } from '../../app/choice.ts';
import { useKeys } from '../../app/keys.ts';
import { useTexts } from '../../i18n/index.ts';
import { Button, Empty, PartFailed, Rows } from '../../parts/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { CompanyRow } from './company-row.tsx';
import { KeysLine } from './keys-line.tsx';
import { More } from './more.tsx';
import { Peek } from './peek.tsx';
import type { Companies, Company, Sort } from './queries.ts';
import { texts } from './texts.ts';
import { useArrivals } from './use-arrivals.ts';
import type { Shown } from './use-filter.ts';
import classes from './list.module.css';

interface CompanyListProps {
  readonly shown: Shown;
  readonly found: Companies;
  /** What there is to do about an empty list. */
  readonly create: (() => void) | undefined;
}

const idOf = ({ orgId }: Company): string => orgId;

/** The companies of the filter, one a row. */
export function CompanyList({ shown, found, create }: CompanyListProps) {
  const say = useTexts(texts);
  const navigate = useNavigate();
  const list = useRef<HTMLDivElement>(null);
  const [choice, setChoice] = useState<Choice>();
  const [peeked, setPeeked] = useState<Company>();
  const filter = JSON.stringify(shown.filter);
  const [chosenIn, setChosenIn] = useState(filter);
  // Another filter is another list: nothing is chosen in it, and everything may come in.
  if (chosenIn !== filter) {
    setChosenIn(filter);
    setChoice(undefined);
  }
  const { companies, arrived, admit } = useArrivals(found.items, choice?.id);
  const chosen = chosenOf(companies, idOf, choice);
  useRememberList(say('title'), companies.map(({ orgId }) => orgId));
  const move = (by: number) => {
    const next = neighbour(companies, idOf, choice, by);
    if (!next) return;
    setChoice(next);
    list.current?.querySelector<HTMLElement>(`[data-org="${next.id}"] a`)?.focus();
  };
  useKeys(
    [
      { key: 'ArrowDown', run: () => move(1) },
      { key: 'ArrowUp', run: () => move(-1) },
      { key: 'j', run: () => move(1) },
      { key: 'k', run: () => move(-1) },
      { key: 'Enter', run: () => chosen && void navigate({ to: '/companies/$orgId', params: { orgId: chosen.orgId } }) },
      { key: ' ', run: () => setPeeked(chosen) },
    ],
    peeked === undefined && !shown.creating,
  );
  const empty = !found.loading && !found.error && companies.length === 0;
  return (
    <>
      <div className={classes['scroll']} ref={list} tabIndex={0} role="region" aria-label={say('listLabel')} aria-busy={found.old}>
        {found.error ? <PartFailed part={say('part')} error={found.error} retry={found.retry} /> : null}
        {arrived > 0 && (
          <p className={classes['arrived']}>
            <Button small onClick={admit}>{say('arrived', { count: arrived })}</Button>
          </p>
        )}
        {found.loading && <Rows count={14} />}
        {empty && (
          <Empty icon={IconBuilding} action={shown.filtered ? <Button onClick={shown.reset}>{say('reset')}</Button> : create && <Button onClick={create}>{say('newCompany')}</Button>}>
            {say(shown.filtered ? 'nothingFound' : 'nothing')}
          </Empty>
        )}
        {companies.length > 0 && (
          <table className={found.old ? classes['old'] : undefined}>
            <Heads sort={shown.filter.sort} onSort={(sort) => shown.change({ sort: sort === 'nextTask' ? undefined : sort })} />
            <tbody>
              {companies.map((company, index) => (
                <CompanyRow key={company.orgId} company={company} chosen={chosen?.orgId === company.orgId} onChoose={() => setChoice({ id: company.orgId, index })} />
              ))}
            </tbody>
          </table>
        )}
        <More of={found} />
      </div>
      <KeysLine shown={companies.length} total={found.total} />
      {peeked && <Peek company={peeked} onClose={() => setPeeked(undefined)} />}
    </>
  );
}

function Heads({ sort, onSort }: { readonly sort: Sort; readonly onSort: (sort: Sort) => void }) {
  const say = useTexts(texts);
  return (
    <thead>
      <tr>
        <SortHead label={say('company')} orders={['name', '-name']} sort={sort} onSort={onSort} />
        <th scope="col">{say('stage')}</th>
        <SortHead label={say('nextTask')} orders={['nextTask']} sort={sort} onSort={onSort} />
        <th scope="col">{say('lastActivity')}</th>
        <th scope="col">{say('nextStage')}</th>
        <SortHead label={say('inStage')} orders={['stageSince', '-stageSince']} sort={sort} onSort={onSort} className={classes['number']} />
        <th scope="col">{say('who')}</th>
      </tr>
    </thead>
  );
}

interface SortHeadProps {
  readonly label: string;
  /** The orders that pressing goes through, ascending first. */
  readonly orders: readonly [Sort, Sort?];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly className?: string | undefined;
}

function SortHead({ label, orders: [up, down], sort, onSort, className }: SortHeadProps) {
  const order = sort === up ? 'ascending' : sort === down ? 'descending' : undefined;
  return (
    <th scope="col" className={className} aria-sort={order}>
      <button type="button" onClick={() => onSort(order === 'ascending' && down ? down : up)}>
        {label}
        {order === 'ascending' && <IconArrowUp {...smallIcon} />}
        {order === 'descending' && <IconArrowDown {...smallIcon} />}
      </button>
    </th>
  );
}
