import { useState, type ReactNode } from 'react';
import { useTexts } from '../../i18n/index.ts';
import { PartFailed, Rows } from '../../parts/index.ts';
import classes from './chart.module.css';
import { texts } from './texts.ts';

interface ChartProps<T> {
  readonly title: string;
  readonly query: { readonly data: T | undefined; readonly isPending: boolean; readonly isError: boolean; readonly error: unknown; refetch(): unknown };
  readonly finding: (data: T) => string;
  readonly chart: (data: T) => ReactNode;
  readonly table: (data: T) => ReactNode;
}

/** A chart that says in a sentence what it shows, and shows the same as a table for who wants the figures. */
export function Chart<T>({ title, query, finding, chart, table }: ChartProps<T>) {
  const say = useTexts(texts);
  const [asTable, setAsTable] = useState(false);
  const { data } = query;
  return (
    <section className={classes['chart']} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {data !== undefined && (
          <button type="button" className={classes['link']} onClick={() => setAsTable(!asTable)}>
            {say(asTable ? 'asChart' : 'asTable')}
            <span className="sr"> {title}</span>
          </button>
        )}
      </header>
      {query.isPending && <Rows count={5} height={44} />}
      {query.isError && data === undefined && <PartFailed part={title} error={query.error} retry={() => void query.refetch()} />}
      {data !== undefined && (
        <>
          <p className={classes['finding']}>{finding(data)}</p>
          {asTable ? <div className={classes['table']} tabIndex={0} role="region" aria-label={title}>{table(data)}</div> : chart(data)}
        </>
      )}
    </section>
  );
}

/** What the colours mean; the segments are told apart by their gaps as well. */
export function Legend({ entries }: { readonly entries: readonly (readonly [tone: string, label: string])[] }) {
  return (
    <ul className={classes['legend']}>
      {entries.map(([tone, label]) => (
        <li key={label}>
          <i className={classes[tone]} />
          {label}
        </li>
      ))}
    </ul>
  );
}
