import { useState } from 'react';
import { newIntention, useMe, type Case, type Org, type StageExplanation, type Transition } from '../../../api/index.ts';
import { formatFull, useTexts } from '../../../i18n/index.ts';
import { Button, GuardList, useNow, useSpan } from '../../../parts/index.ts';
import { secondsIn } from '../path-steps.ts';
import { texts } from '../texts.ts';
import { WhyButton } from '../timeline/why.tsx';
import { Afterwards } from './afterwards.tsx';
import { Fixes } from './fixes.tsx';
import classes from './moves.module.css';
import { RefusedSentence } from './refused-sentence.tsx';
import { useMove, useMoveVerb, useStageLabel, type Refusal } from './use-move.ts';

export interface StageActs {
  onClose(): void;
  onLog(asked: { readonly begin?: 'followUpAt'; readonly activityType?: string }): void;
  onNewTask(): void;
  /** Moves that take a reason have a form of their own. */
  onAsk(transition: Transition): void;
  onOverride(to: string): void;
}

interface StageDetailsProps extends StageActs {
  readonly org: Org;
  readonly stage: string;
  readonly explained: StageExplanation;
  readonly cases: readonly Case[];
  /** Of a try just made, from the head of the page. */
  readonly refusal?: Refusal | undefined;
}

/** A stage seen from where the company is: when it was there, or what it takes to get there and what follows. */
export function StageDetails(props: StageDetailsProps) {
  const { stage, explained } = props;
  const transition = explained.transitions.find(({ to }) => to === stage);
  return transition ? <Reachable {...props} transition={transition} /> : <NotReachable {...props} />;
}

function NotReachable({ org, stage, explained }: StageDetailsProps) {
  const say = useTexts(texts);
  const label = useStageLabel();
  const span = useSpan();
  const now = useNow();
  const visited = explained.path.filter((step) => step.stage === stage);
  const current = stage === explained.currentStage;
  const [first] = current ? visited.slice(-1) : visited;
  return (
    <>
      <h2>{label(stage)}</h2>
      <p className={classes['explained']}>
        {first ? say(current ? 'sinceThen' : 'wasThere', { when: formatFull(new Date(first.enteredAt)), span: span(secondsIn(explained, stage, now)) }) : say('notFromHere', { stage: label(explained.currentStage) })}
      </p>
      {current && <WhyButton orgId={org.orgId} source="stage" id={org.orgId} />}
    </>
  );
}

function Reachable({ org, explained, transition, cases, refusal: given, ...acts }: StageDetailsProps & { readonly transition: Transition }) {
  const say = useTexts(texts);
  const { rights } = useMe();
  const label = useStageLabel();
  const verb = useMoveVerb(org.currentStage)(transition.to);
  const [tried, setTried] = useState<Refusal>();
  const [intention] = useState(newIntention);
  const refusal = tried ?? (given?.to === transition.to ? given : undefined);
  const moving = useMove({ orgId: org.orgId, currentStage: org.currentStage, onMoved: acts.onClose, onRefused: (refused) => setTried({ ...refused, seen: explained }) });
  const mayMove = rights.includes('move_stage');
  const newer = refusal?.seen === explained ? refusal : undefined;
  const rules = transition.rules.map((rule) => newer?.unmet.find((each) => each.rule === rule.rule) ?? rule);
  const open = newer !== undefined || transition.unmet.length > 0;
  const [reason] = transition.reasonCodes.filter(({ needsNote }) => !needsNote);
  const then = { to: transition.to, ...(transition.needsReason && reason ? { reasonCode: reason.code } : {}) };
  return (
    <>
      {refusal && open && (
        <div className={classes['refused']} role="alert">
          <RefusedSentence org={org} refusal={refusal} total={transition.rules.length} />
        </div>
      )}
      <GuardList
        title={label(transition.to)}
        rules={rules}
        fixes={(rule) => <Fixes rule={rule} orgId={org.orgId} cases={cases} onLog={acts.onLog} onNewTask={acts.onNewTask} />}
      >
        {(!open || transition.rules.length > 1) && <Afterwards org={org} move={then} verb={verb} />}
      </GuardList>
      <div className={classes['acts']}>
        {mayMove && !open && (
          <Button look="primary" busy={moving.isPending} onClick={() => (transition.needsReason ? acts.onAsk(transition) : moving.mutate({ move: { to: transition.to }, key: intention }))}>
            {verb}
          </Button>
        )}
        {mayMove && open && transition.to === 'DORMANT' && <Button onClick={() => acts.onAsk(transition)}>{verb}</Button>}
        {open && rights.includes('override_guard') && <Button look="danger" onClick={() => acts.onOverride(transition.to)}>{say('override')}</Button>}
      </div>
    </>
  );
}
