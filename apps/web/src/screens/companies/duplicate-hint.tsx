import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import IconCopy from '@tabler/icons-react/icons/IconCopy';
import { Link } from '@tanstack/react-router';
import { useTexts } from '../../i18n/index.ts';
import { icon } from '../../parts/icon.ts';
import type { Typed } from './new-company.ts';
import { duplicatesQuery, tellsEnough, type Duplicate } from './queries.ts';
import { texts } from './texts.ts';
import classes from './create-company.module.css';

const PAUSE_MS = 250;
const SHOWN = 3;

/** Companies that may be the one that is being typed, as soon as there is enough of it to tell. */
export function useDuplicates({ name, website }: Typed): readonly Duplicate[] {
  const [askedName] = useDebouncedValue(name.trim(), PAUSE_MS);
  const [askedWebsite] = useDebouncedValue(website.trim(), PAUSE_MS);
  const enough = tellsEnough(askedName, askedWebsite);
  const found = useQuery({ ...duplicatesQuery(askedName, askedWebsite), enabled: enough, placeholderData: keepPreviousData, retry: false }).data;
  return enough ? (found ?? []).slice(0, SHOWN) : [];
}

/** Says which companies exist already, and opens them. */
export function DuplicateHint({ found }: { readonly found: readonly Duplicate[] }) {
  const say = useTexts(texts);
  return (
    <div role="status" className={found.length > 0 ? classes['hint'] : undefined}>
      {found.length > 0 && <IconCopy {...icon} />}
      <ul>
        {found.map(({ orgId, name, address }) => (
          <li key={orgId}>
            {address?.city ? say('duplicateIn', { name: name ?? '', city: address.city }) : say('duplicate', { name: name ?? '' })}
            {' · '}
            <Link to="/companies/$orgId" params={{ orgId }} className={classes['link']}>{say('openCompany')}</Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
