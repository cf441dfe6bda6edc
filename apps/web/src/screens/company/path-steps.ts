import type { Meta, StageExplanation, Transition } from '../../api/index.ts';
import type { PathStep } from '../../parts/index.ts';

export interface SideStage {
  readonly stage: string;
  readonly transition: Transition | undefined;
  readonly now: boolean;
}

/** Seconds that a company spent in a stage, over all of its stays; the present one up to now. */
export function secondsIn({ path, currentStage, since }: StageExplanation, stage: string, now: Date): number {
  if (stage === currentStage) return Math.max(0, (now.getTime() - Date.parse(since)) / 1_000);
  return path.filter((step) => step.stage === stage).reduce((sum, { seconds }) => sum + seconds, 0);
}

type Words = {
  readonly label: (stage: string) => string;
  readonly span: (seconds: number) => string;
  readonly open: (count: number) => string;
  readonly ready: string;
};

/** The main stages as steps of a path: where it was, is, and may go to with what is open. */
export function stepsOf(explained: StageExplanation, stages: Meta['stages'], now: Date, words: Words): readonly PathStep[] {
  const main = stages.filter(({ side }) => !side);
  const at = main.findIndex(({ stage }) => stage === explained.currentStage);
  return main.map(({ stage }, index): PathStep => {
    const step = { key: stage, label: words.label(stage) };
    if (index === at) return { ...step, state: 'now', note: words.span(secondsIn(explained, stage, now)) };
    const transition = explained.transitions.find(({ to }) => to === stage);
    const wasThere = explained.path.some((visited) => visited.stage === stage);
    if (index < at && wasThere) return { ...step, state: 'done', note: words.span(secondsIn(explained, stage, now)) };
    if (transition && index > at) {
      return transition.allowed ? { ...step, state: 'ready', note: words.ready } : { ...step, state: 'open', note: words.open(transition.unmet.length) };
    }
    return { ...step, state: wasThere && at < 0 ? 'done' : 'ahead' };
  });
}

/** The stages beside the way: always listed, also where no way leads to them from here. */
export function sideStagesOf(explained: StageExplanation, stages: Meta['stages']): readonly SideStage[] {
  return stages
    .filter(({ side }) => side)
    .map(({ stage }) => ({ stage, transition: explained.transitions.find(({ to }) => to === stage), now: stage === explained.currentStage }));
}

/** The stage that comes next on the main way, where there is one. */
export function mainNextOf({ currentStage, transitions }: StageExplanation, stages: Meta['stages']): Transition | undefined {
  const next = stages.find(({ stage }) => stage === currentStage)?.mainNext;
  return transitions.find(({ to }) => to === next);
}
