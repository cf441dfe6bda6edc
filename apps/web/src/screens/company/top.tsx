import type { ReactNode } from 'react';
import type { Overview } from '../../api/index.ts';
import { useTexts } from '../../i18n/index.ts';
import { PartFailed, Rows } from '../../parts/index.ts';
import classes from './company.module.css';
import { Identity } from './head.tsx';
import { texts } from './texts.ts';

/** Who it is and where it stands; each says for itself when it cannot be read. */
export function Top({ overview, retry, children }: { readonly overview: Overview | undefined; retry(): void; readonly children: ReactNode }) {
  const say = useTexts(texts);
  return (
    <div className={classes['head']}>
      {!overview && <Rows count={3} height={28} />}
      {overview && (overview.org ? <Identity org={overview.org} /> : <PartFailed part={say('orgPart')} retry={retry} />)}
      {overview && !overview.stage && <PartFailed part={say('stagePart')} retry={retry} />}
      {children}
    </div>
  );
}
