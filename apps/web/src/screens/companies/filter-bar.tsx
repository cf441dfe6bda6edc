import { useQuery } from '@tanstack/react-query';
import { useMe, useMeta, usersQuery } from '../../api/index.ts';
import { figureFilters } from '../../app/figure-filters.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { CityPill } from './city-pill.tsx';
import { FilterPill, FixedPill } from './filter-pill.tsx';
import { nextTasks, type Counts, type Sort } from './queries.ts';
import { SearchField } from './search-field.tsx';
import { texts } from './texts.ts';
import type { Shown } from './use-filter.ts';
import classes from './filter-bar.module.css';

const joined = (chosen: readonly string[]) => (chosen.length === 0 ? undefined : chosen.join());

/** Which companies: every choice is in the address. The board has a column for each stage, so it needs no choice of them. */
export function FilterBar({ shown, counts }: { readonly shown: Shown; readonly counts: Counts | undefined }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { stages, orgStatuses, orgKinds } = useMeta();
  const { filter, change } = shown;
  const listed = (codes: readonly { readonly code: string; readonly label: Parameters<typeof text>[0] }[]) => codes.map(({ code, label }) => ({ value: code, label: text(label) }));
  return (
    <div className={classes['bar']}>
      <SearchField q={filter.q} onSearch={(q) => change({ q })} />
      {shown.view === 'list' && (
        <FilterPill
          label={say('stage')}
          several
          choices={stages.map(({ stage, label }) => ({ value: stage, label: text(label), count: counts?.[stage] ?? 0 }))}
          chosen={filter.stage}
          onChange={(stage) => change({ stage: joined(stage) })}
        />
      )}
      <OwnerPill owner={filter.owner} onChange={(owner) => change({ owner })} />
      <FilterPill
        label={say('nextTask')}
        choices={nextTasks.map((value) => ({ value, label: say(value) }))}
        chosen={filter.nextTask ? [filter.nextTask] : []}
        onChange={([nextTask]) => change({ nextTask })}
      />
      <CityPill city={filter.city} onChange={(city) => change({ city })} />
      <FilterPill label={say('kind')} several choices={listed(orgKinds)} chosen={filter.orgKind} onChange={(orgKind) => change({ orgKind: joined(orgKind) })} />
      <FilterPill label={say('status')} several choices={listed(orgStatuses)} chosen={filter.status} onChange={(status) => change({ status: joined(status) })} />
      {Object.keys(filter.figure).length > 0 && (
        <FixedPill label={say('fromReport')} onRemove={() => change(Object.fromEntries(figureFilters.map((name) => [name, undefined])))}>
          <b>{say('fromReport')}</b>
        </FixedPill>
      )}
      <SortPill sort={filter.sort} onChange={(sort) => change({ sort })} />
      {shown.filtered && (
        <button type="button" className={classes['reset']} onClick={shown.reset}>{say('reset')}</button>
      )}
    </div>
  );
}

function OwnerPill({ owner, onChange }: { readonly owner: string | undefined; readonly onChange: (owner: string | undefined) => void }) {
  const say = useTexts(texts);
  const me = useMe();
  const users = useQuery(usersQuery).data?.items ?? [];
  const others = users.filter(({ id }) => id !== me.id).map(({ id, name }) => ({ value: id, label: name ? `${id} · ${name}` : id }));
  return (
    <FilterPill
      label={say('owner')}
      choices={[{ value: me.id, label: say('me', { id: me.id }) }, ...others]}
      chosen={owner ? [owner] : []}
      onChange={([chosen]) => onChange(chosen)}
    />
  );
}

/** The order, where there are no heads of columns to press. */
function SortPill({ sort, onChange }: { readonly sort: Sort; readonly onChange: (sort: string | undefined) => void }) {
  const say = useTexts(texts);
  const orders: readonly (readonly [Sort, string])[] = [
    ['nextTask', say('sortNextTask')],
    ['name', say('sortName')],
    ['-name', say('sortNameDown')],
    ['stageSince', say('sortLongest')],
    ['-stageSince', say('sortShortest')],
    ['-createdAt', say('sortNewest')],
    ['createdAt', say('sortOldest')],
    ['-updatedAt', say('sortChanged')],
    ['updatedAt', say('sortUnchanged')],
  ];
  return (
    <FilterPill
      label={say('sortedBy')}
      choices={orders.map(([value, label]) => ({ value, label }))}
      chosen={sort === 'nextTask' ? [] : [sort]}
      onChange={([chosen]) => onChange(chosen === 'nextTask' ? undefined : chosen)}
    />
  );
}
