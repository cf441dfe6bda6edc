import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import type { ReactNode } from 'react';
import { useMeta, type Case, type Org, type StageExplanation } from '../../api/index.ts';
import { useTexts } from '../../i18n/index.ts';
import { Button, Chip, PathBars, StagePath, Unfold, useNow, useSpan } from '../../parts/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import classes from './company.module.css';
import { OtherStages } from './moves/other-stages.tsx';
import { StageDetails, type StageActs } from './moves/stage-details.tsx';
import { useStageLabel, type Refusal } from './moves/use-move.ts';
import { mainNextOf, secondsIn, sideStagesOf, stepsOf } from './path-steps.ts';
import { texts } from './texts.ts';

interface StageAreaProps {
  readonly org: Org;
  readonly explained: StageExplanation;
  readonly cases: readonly Case[];
  /** The stage whose conditions are shown; `others`: those beside the way. */
  readonly opened: string | undefined;
  readonly compact: boolean;
  readonly refusal: Refusal | undefined;
  readonly acts: StageActs;
  onOpen(stage: string | undefined): void;
}

/** Where the company is on its way, and from each stage what it takes to get there. */
export function StageArea({ org, explained, cases, opened, compact, refusal, acts, onOpen }: StageAreaProps) {
  const say = useTexts(texts);
  const label = useStageLabel();
  const span = useSpan();
  const now = useNow();
  const { stages } = useMeta();
  const steps = stepsOf(explained, stages, now, { label, span, open: (count) => say('open', { count }), ready: say('ready') });
  const side = sideStagesOf(explained, stages);
  const details = (stage: string) => <StageDetails org={org} stage={stage} explained={explained} cases={cases} refusal={refusal} {...acts} />;
  const toggle = (stage: string) => onOpen(opened === stage ? undefined : stage);
  const close = () => onOpen(undefined);
  const isSide = side.some(({ stage }) => stage === opened);
  const current = side.find((each) => each.now);
  const others = (
    <Unfold
      opened={opened === 'others' || isSide}
      onClose={close}
      label={say('otherStages')}
      target={
        <Button look="ghost" aria-haspopup="dialog" aria-expanded={opened === 'others' || isSide} onClick={() => onOpen(opened === 'others' || isSide ? undefined : 'others')}>
          {current ? <Chip tone="accent">{label(current.stage)}</Chip> : say('others')}
          <IconChevronDown {...smallIcon} />
        </Button>
      }
    >
      {isSide && opened ? details(opened) : <OtherStages explained={explained} stages={side} onOpen={onOpen} />}
    </Unfold>
  );
  if (compact) return <Compact steps={steps} explained={explained} opened={opened} isSide={isSide} details={details} onOpen={onOpen} seconds={secondsIn(explained, explained.currentStage, now)} others={others} />;
  return (
    <div className={classes['path']}>
      <div className="grow">
        <StagePath
          label={say('pathLabel')}
          steps={steps}
          opened={opened}
          onOpen={toggle}
          around={(step, button) => (
            <Unfold opened={opened === step.key} onClose={close} label={say('rulesFor', { stage: step.label })} target={button}>
              {details(step.key)}
            </Unfold>
          )}
        />
      </div>
      {others}
    </div>
  );
}

interface CompactProps {
  readonly steps: ReturnType<typeof stepsOf>;
  readonly explained: StageExplanation;
  readonly opened: string | undefined;
  readonly isSide: boolean;
  readonly seconds: number;
  readonly details: (stage: string) => ReactNode;
  readonly others: ReactNode;
  onOpen(stage: string | undefined): void;
}

/** The same in one line over bars: the stage, since when, and what the next one takes. */
function Compact({ steps, explained, opened, isSide, seconds, details, others, onOpen }: CompactProps) {
  const say = useTexts(texts);
  const label = useStageLabel();
  const span = useSpan();
  const { stages } = useMeta();
  const next = mainNextOf(explained, stages);
  const shown = opened !== undefined && opened !== 'others' && !isSide ? opened : undefined;
  const state = next && (next.allowed ? say('nextReady') : say('nextOpen', { count: next.unmet.length }));
  return (
    <div className={classes['compact']}>
      <div className={classes['line']}>
        <b>{label(explained.currentStage)}</b>
        <span className="dim">{say('since', { span: span(seconds) })}</span>
        <span className="push row">
          {next && (
            <Unfold
              opened={shown !== undefined}
              onClose={() => onOpen(undefined)}
              label={say('rulesFor', { stage: label(shown ?? next.to) })}
              target={
                <button type="button" aria-haspopup="dialog" aria-expanded={shown !== undefined} onClick={() => onOpen(shown ? undefined : next.to)}>
                  <Chip tone={next.allowed ? 'green' : 'red'}>{state}</Chip>
                </button>
              }
            >
              {details(shown ?? next.to)}
            </Unfold>
          )}
          {others}
        </span>
      </div>
      <PathBars label={say('pathLabel')} steps={steps} />
    </div>
  );
}
