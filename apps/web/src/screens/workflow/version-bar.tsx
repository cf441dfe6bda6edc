import type { ReactNode } from 'react';
import { useTexts } from '../../i18n/index.ts';
import { Chip, Segmented } from '../../parts/index.ts';
import type { Template } from './queries.ts';
import { texts } from './texts.ts';
import type { Place } from './use-place.ts';
import classes from './workflow.module.css';

/** The versions with the cases that run on them, what the shown one is compared with, and what else there is to say. */
export function VersionBar({ template: { versions, currentVersion }, place, children }: { readonly template: Template; readonly place: Place; readonly children?: ReactNode }) {
  const say = useTexts(texts);
  const newestFirst = versions.toSorted((a, b) => b.version - a.version);
  const others = newestFirst.filter(({ version }) => version !== place.shown);
  return (
    <div className={classes['bar']}>
      <Segmented
        label={say('versions')}
        look="tabs"
        value={String(place.shown)}
        onChange={(next) => place.show(next === 'draft' ? 'draft' : Number(next))}
        choices={[
          ...(place.drafts ? [{ value: 'draft', label: say('draft') }] : []),
          ...newestFirst.map(({ version, runningCases }) => ({
            value: String(version),
            label: (
              <>
                {`v${version}`}
                {version === currentVersion && <Chip tone="green">{say('active')}</Chip>}
                <span className={classes['cases']}>{say('cases', { count: runningCases })}</span>
              </>
            ),
          })),
        ]}
      />
      <span className={classes['barEnd']}>
        {children}
        {others.length > 0 && (
          <select className={classes['select']} aria-label={say('compare')} value={place.from ?? ''} onChange={({ currentTarget }) => place.compare(Number(currentTarget.value) || undefined)}>
            <option value="">{say(place.shown === 'draft' ? 'editing' : 'noComparison')}</option>
            {others.map(({ version }) => (
              <option key={version} value={version}>{say('differenceTo', { version })}</option>
            ))}
          </select>
        )}
      </span>
    </div>
  );
}
