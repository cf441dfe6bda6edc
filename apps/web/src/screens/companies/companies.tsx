import IconLayoutKanban from '@tabler/icons-react/icons/IconLayoutKanban';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconTable from '@tabler/icons-react/icons/IconTable';
import { useMe } from '../../api/index.ts';
import { formatNumber, useTexts } from '../../i18n/index.ts';
import { Button, PageHead, Segmented } from '../../parts/index.ts';
import { icon, smallIcon } from '../../parts/icon.ts';
import { CompanyList } from './company-list.tsx';
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
      <AsList shown={shown} />
    </div>
  );
}

function AsList({ shown }: { readonly shown: Shown }) {
  const found = useCompanies(shown.filter);
  const mayCreate = useMe().rights.includes('edit_orgs');
  return (
    <>
      <Head shown={shown} total={found.total} mayCreate={mayCreate} />
      <FilterBar shown={shown} counts={found.counts} cities={citiesOf(found.items)} />
      <CompanyList shown={shown} found={found} create={mayCreate ? () => shown.change({ create: 'yes' }) : undefined} />
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

/** The cities on the list, each once. */
function citiesOf(companies: readonly { readonly address?: { readonly city?: string | undefined } | undefined }[]): readonly string[] {
  return [...new Set(companies.flatMap(({ address }) => address?.city ?? []))].sort((a, b) => a.localeCompare(b));
}
