import { Link } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { useTexts } from '../../i18n/index.ts';
import type { Template } from './queries.ts';
import { texts } from './texts.ts';
import classes from './workflow.module.css';

/** Which template this is, and what can be done with it. */
export function WorkflowHead({ template: { key, description }, children }: { readonly template: Template; readonly children?: ReactNode }) {
  const say = useTexts(texts);
  useEffect(() => {
    document.title = `${key} – TOM Flow`;
  }, [key]);
  return (
    <header className={classes['head']}>
      <nav className={classes['crumb']} aria-label={say('path')}>
        <Link to="/workflows">{say('workflows')}</Link>
        <span aria-hidden="true">/</span>
      </nav>
      <h1 className="mono cut">{key}</h1>
      <span className="dim cut wide" title={description}>{description}</span>
      {children && <div className={classes['actions']}>{children}</div>}
    </header>
  );
}
