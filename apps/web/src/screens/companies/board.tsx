import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useRef, useState, type CSSProperties } from 'react';
import { stageQuery, useMe, useMeta } from '../../api/index.ts';
import { useKeys } from '../../app/keys.ts';
import { useTexts } from '../../i18n/index.ts';
import { BoardColumn, type Handling } from './board-column.tsx';
import { CardFace } from './board-card.tsx';
import { KeysLine } from './keys-line.tsx';
import { MoveMenu } from './move-menu.tsx';
import { Peek } from './peek.tsx';
import type { Company, Counts } from './queries.ts';
import { SideStages } from './side-stages.tsx';
import { texts } from './texts.ts';
import { useBoardKeys } from './use-board-keys.ts';
import { useDrag } from './use-drag.ts';
import type { Shown } from './use-filter.ts';
import { useMove } from './use-move.ts';
import { verdictOf } from './verdict.ts';
import classes from './board.module.css';

const Refused = lazy(async () => ({ default: (await import('./refused.tsx')).Refused }));
const MoveDialog = lazy(async () => ({ default: (await import('../company/moves/move-dialog.tsx')).MoveDialog }));

/** The companies by stage. A card is moved by dragging it or by asking where to; either goes through the one door. */
export function Board({ shown, counts }: { readonly shown: Shown; readonly counts: Counts | undefined }) {
  const say = useTexts(texts);
  const mayMove = useMe().rights.includes('move_stage');
  const { stages } = useMeta();
  const path = stages.filter(({ side }) => !side);
  const board = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<Company>();
  const [asked, setAsked] = useState<Company>();
  const [peeked, setPeeked] = useState<Company>();
  const moves = useMove();
  const { drag, double, begin } = useDrag(moves.move);
  const explained = useQuery({ ...stageQuery(drag?.company.orgId ?? ''), staleTime: 0, enabled: drag !== undefined }).data;
  const busy = asked !== undefined || peeked !== undefined || moves.asking !== undefined || moves.refusal !== undefined || shown.creating;
  useBoardKeys(board, chosen, !busy);
  useKeys(
    [
      { key: ' ', run: () => setPeeked(chosen) },
      ...(mayMove ? [{ key: 'm', run: () => setAsked(chosen) }] : []),
    ],
    !busy,
  );
  const handling: Handling = {
    drag,
    refusal: moves.refusal,
    chosenId: chosen?.orgId,
    mayMove,
    choose: setChosen,
    askWhere: setAsked,
    hold: begin,
  };
  return (
    <>
      <div className={classes['board']} ref={board} role="region" aria-label={say('board')} data-dragging={drag !== undefined || undefined} style={{ '--columns': path.length } as CSSProperties}>
        {path.map((stage) => (
          <BoardColumn key={stage.stage} stage={stage} filter={shown.filter} verdict={drag && verdictOf(explained, stage.stage)} handling={handling} />
        ))}
        <SideStages stages={stages.filter(({ side }) => side)} counts={counts} drag={drag} explained={explained} mayMove={mayMove} />
      </div>
      <KeysLine mayMove={mayMove} />
      {drag && (
        <div ref={double} aria-hidden="true" inert className={`${classes['card'] ?? ''} ${classes['double'] ?? ''}`} data-phase={drag.phase} style={{ left: drag.from.left, top: drag.from.top, width: drag.from.width }}>
          <CardFace company={drag.company} />
        </div>
      )}
      {asked && <MoveMenu company={asked} onClose={() => setAsked(undefined)} onMove={(to) => void moves.move(asked, to)} />}
      {peeked && <Peek company={peeked} onClose={() => setPeeked(undefined)} />}
      <Suspense>
        {moves.asking && <MoveDialog org={moves.asking.company} transition={moves.asking.transition} onClose={moves.dismiss} />}
        {moves.refusal && <Refused refusal={moves.refusal} onClose={moves.dismiss} />}
      </Suspense>
    </>
  );
}
