import { useId, type ReactNode } from 'react';
import classes from './card.module.css';

/** A part of a record: its name, how many or how far, what can be done, and its content. */
export function Card({ title, count, actions, accent, children }: { readonly title: ReactNode; readonly count?: ReactNode; readonly actions?: ReactNode; readonly accent?: boolean; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className={`${classes['card'] ?? ''} ${accent ? classes['accent'] : ''}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {count !== undefined && <span className={`fig dim ${actions ? '' : 'push'}`}>{count}</span>}
        {actions && <span className="row push">{actions}</span>}
      </header>
      {children}
    </section>
  );
}
