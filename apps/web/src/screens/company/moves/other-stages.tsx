import type { StageExplanation } from '../../../api/index.ts';
import { useTexts } from '../../../i18n/index.ts';
import { Chip } from '../../../parts/index.ts';
import type { SideStage } from '../path-steps.ts';
import { texts } from '../texts.ts';
import classes from './moves.module.css';
import { useStageLabel } from './use-move.ts';

/** The stages beside the way, each with what it takes. */
export function OtherStages({ explained, stages, onOpen }: { readonly explained: StageExplanation; readonly stages: readonly SideStage[]; onOpen(stage: string): void }) {
  const say = useTexts(texts);
  const label = useStageLabel();
  return (
    <>
      <h2>{say('otherStages')}</h2>
      <ul className={classes['others']}>
        {stages.map(({ stage, transition, now }) => (
          <li key={stage}>
            <button type="button" onClick={() => onOpen(stage)}>
              <span className="grow">{label(stage)}</span>
              {now && <Chip tone="accent">{say('here')}</Chip>}
              {transition && (transition.allowed ? <Chip tone="green">{say('ready')}</Chip> : <Chip tone="red">{say('open', { count: transition.unmet.length })}</Chip>)}
              {!transition && !now && <span className="dim">{say('notReachable', { stage: label(explained.currentStage) })}</span>}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
