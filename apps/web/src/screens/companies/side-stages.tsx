import IconArchive from '@tabler/icons-react/icons/IconArchive';
import IconBan from '@tabler/icons-react/icons/IconBan';
import IconMoon from '@tabler/icons-react/icons/IconMoon';
import { Link } from '@tanstack/react-router';
import type { Meta, StageExplanation } from '../../api/index.ts';
import { formatNumber, useSystemText, useTexts } from '../../i18n/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { boardTexts } from './board.texts.ts';
import { columnClasses } from './board-column.tsx';
import type { Counts } from './queries.ts';
import type { Drag } from './use-drag.ts';
import { verdictOf } from './verdict.ts';
import { VerdictWords } from './verdict-words.tsx';
import classes from './board.module.css';

interface SideStagesProps {
  readonly stages: Meta['stages'];
  readonly counts: Counts | undefined;
  readonly drag: Drag | undefined;
  readonly explained: StageExplanation | undefined;
  readonly mayMove: boolean;
}

/** The stages beside the path: how many are there, and a place to drag to. Whoever is there is looked at as a list. */
export function SideStages({ stages, counts, drag, explained, mayMove }: SideStagesProps) {
  const say = useTexts(boardTexts);
  const text = useSystemText();
  return (
    <section className={classes['column']} aria-labelledby="column-sides">
      <header>
        <h2 className="cut" id="column-sides" aria-label={say('sidesLabel')}>{say('sides')}</h2>
        <span className={classes['count']}>{mayMove && <span className="wide">{say('dragHere')}</span>}</span>
      </header>
      <ul className={classes['cards']}>
        {stages.map(({ stage, label }) => {
          const verdict = drag && verdictOf(explained, stage);
          const count = formatNumber(counts?.[stage] ?? 0);
          return (
            <li key={stage} data-stage={stage} className={columnClasses(verdict, drag?.over === stage, false).replace(classes['column'] ?? '', classes['side'] ?? '')}>
              <Link to="/companies" search={(before) => ({ ...before, view: undefined, stage })} draggable={false}>
                <span className="row mid"><SideIcon stage={stage} /><span className="cut">{text(label)}</span></span>
                <span className="dim fig">{verdict ? <VerdictWords verdict={verdict} /> : count}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function SideIcon({ stage }: { readonly stage: string }) {
  if (stage === 'DORMANT') return <IconMoon {...smallIcon} />;
  return stage === 'ARCHIVED' ? <IconArchive {...smallIcon} /> : <IconBan {...smallIcon} />;
}
