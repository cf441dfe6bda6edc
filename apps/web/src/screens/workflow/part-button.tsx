import { use, type ReactNode } from 'react';
import { useTexts } from '../../i18n/index.ts';
import { partId, type Chosen } from './chosen.ts';
import { PartMarks } from './part-marks.ts';
import type { TemplateNode } from './queries.ts';
import { texts } from './texts.ts';
import classes from './graph.module.css';

interface PartButtonProps {
  readonly part: TemplateNode;
  readonly chosen: Chosen;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A part of the flow that can be chosen, with a mark when it is different from what it is compared with. */
export function PartButton({ part, chosen, className, children }: PartButtonProps) {
  const say = useTexts(texts);
  const mark = use(PartMarks).get(part.id);
  const names = [classes['part'], className, mark && classes[mark]].filter(Boolean).join(' ');
  if (!part.range) return <span className={names}>{children}</span>;
  return (
    <button type="button" id={partId(part.id)} className={names} aria-pressed={chosen.part?.id === part.id} onClick={() => chosen.choosePart(part)}>
      {children}
      {mark && <span className={classes['mark']}>{say(mark === 'added' ? 'newPart' : 'changedPart')}</span>}
    </button>
  );
}
