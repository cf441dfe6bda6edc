import type { ReactNode } from 'react';
import { partId, type Chosen } from './chosen.ts';
import type { TemplateNode } from './queries.ts';
import classes from './graph.module.css';

interface PartButtonProps {
  readonly part: TemplateNode;
  readonly chosen: Chosen;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A part of the flow that can be chosen; what has no place of its own in the YAML only stands there. */
export function PartButton({ part, chosen, className, children }: PartButtonProps) {
  const names = `${classes['part'] ?? ''} ${className ?? ''}`;
  if (!part.range) return <span className={names}>{children}</span>;
  return (
    <button type="button" id={partId(part.id)} className={names} aria-pressed={chosen.part?.id === part.id} onClick={() => chosen.choosePart(part)}>
      {children}
    </button>
  );
}
