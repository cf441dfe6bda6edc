import type { ReactNode } from 'react';
import { useEffect } from 'react';
import classes from './page-head.module.css';

/** The head of a page: its title, facts in a dim line, actions on the right. It names the tab of the browser, too. */
export function PageHead({ title, facts, tab, children }: { readonly title: ReactNode; readonly facts?: ReactNode; readonly tab?: string; readonly children?: ReactNode }) {
  const name = tab ?? (typeof title === 'string' ? title : undefined);
  useEffect(() => {
    if (name !== undefined) document.title = `${name} – TOM Flow`;
  }, [name]);
  return (
    <header className={classes['head']}>
      <h1 className="cut">{title}</h1>
      {facts && <span className="dim cut">{facts}</span>}
      {children && <div className={classes['actions']}>{children}</div>}
    </header>
  );
}
