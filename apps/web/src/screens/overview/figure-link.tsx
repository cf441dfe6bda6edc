import { Link } from '@tanstack/react-router';
import type { CSSProperties, ReactNode } from 'react';
import { formatNumber, useTexts } from '../../i18n/index.ts';
import type { Figure } from './queries.ts';
import { texts } from './texts.ts';

interface FigureLinkProps {
  readonly figure: Figure;
  /** What is counted, for who cannot see where in the chart it stands. */
  readonly what: string;
  readonly className?: string | undefined;
  readonly style?: CSSProperties;
  readonly children?: ReactNode;
}

/** A figure that leads to the companies or tasks behind it, where there is a screen that lists them. */
export function FigureLink({ figure, what, className, style, children }: FigureLinkProps) {
  const say = useTexts(texts);
  const label = say('show', { what, count: formatNumber(figure.count) });
  const queue = /^\/queues\/(\w+)\/tasks$/.exec(figure.filter?.path ?? '')?.[1];
  const shown = { className, style, title: `${what}: ${formatNumber(figure.count)}`, 'aria-label': label };
  if (figure.count > 0 && figure.filter?.path === '/orgs') {
    return (
      <Link to="/companies" search={figure.filter.query} {...shown}>
        {children}
      </Link>
    );
  }
  if (figure.count > 0 && queue) {
    return (
      <Link to="/work/$queue" params={{ queue }} search={figure.filter?.query ?? {}} {...shown}>
        {children}
      </Link>
    );
  }
  return (
    <span className={className} style={style} title={shown.title}>
      {children}
    </span>
  );
}
