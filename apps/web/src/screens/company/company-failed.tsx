import { useQuery } from '@tanstack/react-query';
import { overviewQuery } from '../../api/index.ts';
import { useTexts } from '../../i18n/index.ts';
import { PartFailed } from '../../parts/index.ts';
import classes from './company.module.css';
import { Bar } from './head.tsx';
import { texts } from './texts.ts';
import { useNeighbours } from './use-neighbours.ts';

/** Nothing of it can be read, or there is no such company: the way back is there. */
export function CompanyFailed({ orgId }: { readonly orgId: string }) {
  const say = useTexts(texts);
  const overview = useQuery(overviewQuery(orgId));
  return (
    <div className={classes['page']}>
      <div className={classes['main']}>
        <Bar neighbours={useNeighbours(orgId)} />
        <PartFailed part={say('part')} error={overview.error} retry={() => void overview.refetch()} />
      </div>
    </div>
  );
}
