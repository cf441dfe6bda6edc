import type { PointerEvent as ReactPointerEvent } from 'react';
import type { Meta } from '../../api/index.ts';
import { formatNumber, useSystemText, useTexts } from '../../i18n/index.ts';
import { PartFailed, Rows } from '../../parts/index.ts';
import { BoardCard } from './board-card.tsx';
import { boardTexts } from './board.texts.ts';
import { More } from './more.tsx';
import { useCompanies, type Company, type Filter } from './queries.ts';
import type { Drag } from './use-drag.ts';
import { useOpenedFrom } from './use-opened-from.ts';
import type { Refusal } from './use-move.ts';
import type { Verdict } from './verdict.ts';
import { VerdictWords } from './verdict-words.tsx';
import classes from './board.module.css';

const PAGE = 25;

export interface Handling {
  readonly drag: Drag | undefined;
  readonly refusal: Refusal | undefined;
  readonly chosenId: string | undefined;
  readonly mayMove: boolean;
  choose(company: Company): void;
  askWhere(company: Company): void;
  hold(event: ReactPointerEvent<HTMLElement>, company: Company): void;
}

interface BoardColumnProps {
  readonly stage: Meta['stages'][number];
  readonly filter: Filter;
  /** What it says to the card that is held; undefined while none is. */
  readonly verdict: Verdict | undefined;
  readonly handling: Handling;
}

/** The companies of one stage. */
export function BoardColumn({ stage: { stage, label }, filter, verdict, handling }: BoardColumnProps) {
  const say = useTexts(boardTexts);
  const text = useSystemText();
  const found = useCompanies({ ...filter, stage: [stage as Filter['stage'][number]] }, PAGE);
  const remember = useOpenedFrom();
  const { drag, refusal, chosenId, mayMove } = handling;
  const id = `column-${stage}`;
  return (
    <section className={columnClasses(verdict, drag?.over === stage, refusal?.to === stage)} aria-labelledby={id} data-stage={stage}>
      <header>
        <h2 className="cut" id={id}>{text(label)}</h2>
        <span className={`fig ${classes['count'] ?? ''}`}>{verdict ? <VerdictWords verdict={verdict} /> : found.total !== undefined && formatNumber(found.total)}</span>
      </header>
      <div className={classes['cards']}>
        {found.error ? <PartFailed part={say('column')} error={found.error} retry={found.retry} /> : null}
        {found.loading && <Rows count={4} height={92} />}
        <ul className={found.old ? classes['old'] : undefined}>
          {found.items.map((company) => (
            <BoardCard
              key={company.orgId}
              company={company}
              chosen={chosenId === company.orgId}
              away={drag?.company.orgId === company.orgId}
              held={refusal?.company.orgId === company.orgId}
              onChoose={() => {
                handling.choose(company);
                remember(text(label), found.items);
              }}
              onMove={mayMove ? () => handling.askWhere(company) : undefined}
              onHold={mayMove ? (event) => handling.hold(event, company) : undefined}
            />
          ))}
        </ul>
        <More of={found} />
      </div>
    </section>
  );
}

/** How a column looks: chosen by the pointer, refusing, or out of reach of the card that is held. */
export function columnClasses(verdict: Verdict | undefined, over: boolean, refusing: boolean): string {
  const names = [
    classes['column'],
    (refusing || (over && (verdict?.kind === 'open' || verdict?.kind === 'impossible'))) && classes['refusing'],
    over && verdict?.kind === 'allowed' && classes['inviting'],
    verdict?.kind === 'impossible' && classes['out'],
  ];
  return names.filter(Boolean).join(' ');
}
