import IconLayoutKanban from '@tabler/icons-react/icons/IconLayoutKanban';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconTable from '@tabler/icons-react/icons/IconTable';
import { useMe } from '../../api/index.ts';
import { formatNumber, useTexts } from '../../i18n/index.ts';
import { Button, PageHead, Segmented } from '../../parts/index.ts';
import { icon, smallIcon } from '../../parts/icon.ts';
import { Board } from './board.tsx';
import { CompanyList } from './company-list.tsx';
import { CreateCompany } from './create-company.tsx';
import { FilterBar } from './filter-bar.tsx';
import { useCompanies } from './queries.ts';
import { texts } from './texts.ts';
import { useFilter, type Shown } from './use-filter.ts';
import classes from './companies.module.css';

/** All companies: as a list or as a board, searched and filtered by what the address says. */
export function Companies() {
  const shown = useFilter();
  return (
    <div className={classes['page']}>
      {shown.view === 'board' ? <AsBoard shown={shown} /> : <AsList shown={shown} />}
      {shown.creating && <CreateCompany onClose={() => shown.change({ create: undefined })} />}
    </div>
  );
}

function AsList({ shown }: { readonly shown: Shown }) {
  const found = useCompanies(shown.filter);
  const mayCreate = useMe().rights.includes('edit_orgs');
  return (
    <>
      <Head shown={shown} total={found.total} mayCreate={mayCreate} />
      <FilterBar shown={shown} counts={found.counts} />
      <CompanyList shown={shown} found={found} create={mayCreate ? () => shown.change({ create: 'yes' }) : undefined} />
    </>
  );
}

function AsBoard({ shown }: { readonly shown: Shown }) {
  // Of all stages, for how many there are of each; the columns bring their cards themselves.
  const { counts } = useCompanies({ ...shown.filter, stage: [] }, 1);
  return (
    <>
      <Head shown={shown} total={counts && Object.values(counts).reduce((sum, count) => sum + count, 0)} mayCreate={useMe().rights.includes('edit_orgs')} />
      <FilterBar shown={shown} counts={counts} />
      <Board shown={shown} counts={counts} />
    </>
  );
}

function Head({ shown, total, mayCreate }: { readonly shown: Shown; readonly total: number | undefined; readonly mayCreate: boolean }) {
  const say = useTexts(texts);
  return (
    <PageHead title={say('title')} facts={total === undefined ? undefined : <span className="fig" role="status">{formatNumber(total)}</span>}>
      <Segmented
        label={say('view')}
        value={shown.view}
        onChange={(view) => shown.change({ view: view === 'board' ? view : undefined })}
        choices={[
          { value: 'list', label: <span className={classes['view']}><IconTable {...smallIcon} /><span className={classes['words']}>{say('list')}</span></span> },
          { value: 'board', label: <span className={classes['view']}><IconLayoutKanban {...smallIcon} /><span className={classes['words']}>{say('board')}</span></span> },
        ]}
      />
      {mayCreate && (
        <Button look="primary" aria-label={say('newCompany')} onClick={() => shown.change({ create: 'yes' })}>
          <IconPlus {...icon} />
          <span className={classes['words']}>{say('newShort')}</span>
        </Button>
      )}
    </PageHead>
  );
}
