import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ApiProblem, dataOf, useMeta, type RuleResult, type StageExplanation } from '../../../api/index.ts';
import { useSystemText, useTexts } from '../../../i18n/index.ts';
import { tell, tellProblem } from '../../../parts/index.ts';
import { texts } from '../texts.ts';

/** A move to another stage, as its form says it. */
export interface Move {
  readonly to: string;
  readonly reasonCode?: string;
  readonly reasonNote?: string;
  readonly duplicateOfOrgId?: string;
  readonly followUpAt?: string;
}

/** Why a move was refused: every rule that is open. */
export interface Refusal {
  readonly to: string;
  readonly unmet: readonly RuleResult[];
  /** What was known when it was tried: until that is read anew, the refusal knows better. */
  readonly seen?: StageExplanation | undefined;
}

const actions = {
  QUALIFIED_LEAD: { from: 'QUALIFYING', path: '/orgs/{orgId}/qualify' },
  DISQUALIFIED: { from: undefined, path: '/orgs/{orgId}/disqualify' },
  DORMANT: { from: undefined, path: '/orgs/{orgId}/dormant' },
} as const;

interface Moving {
  readonly orgId: string;
  readonly currentStage: string;
  onMoved(): void;
  onRefused(refusal: Refusal): void;
}

/** Moves the company through the one door: done, or refused with every open rule; never shown before it is so. */
export function useMove({ orgId, currentStage, onMoved, onRefused }: Moving) {
  const client = useQueryClient();
  const say = useTexts(texts);
  const label = useStageLabel();
  const told = (to: string) => {
    if (to === 'QUALIFIED_LEAD' && currentStage === 'QUALIFYING') return say('qualified');
    if (to === 'DISQUALIFIED') return say('disqualified');
    return to === 'DORMANT' ? say('restsNow') : say('movedTo', { stage: label(to) });
  };
  return useMutation({
    mutationFn: ({ move, key }: { readonly move: Move; readonly key: string }) => send(orgId, currentStage, move, key),
    onSuccess: ({ completing }, { move }) => {
      tell(completing ? `${told(move.to)} ${say('completing')}` : told(move.to));
      onMoved();
    },
    onError: (error, { move }) => {
      if (error instanceof ApiProblem && error.code === 'RULES_UNMET') onRefused({ to: move.to, unmet: error.unmet });
      else tellProblem(error, label);
    },
    onSettled: () => {
      for (const queryKey of [['org', orgId], ['orgs'], ['tasks'], ['cases'], ['queues']]) void client.invalidateQueries({ queryKey });
    },
  });
}

function send(orgId: string, fromStage: string, { to, followUpAt, ...reasons }: Move, key: string) {
  const params = { path: { orgId }, header: { 'Idempotency-Key': key } };
  const action = actions[to as keyof typeof actions];
  // Reasons and stages are configuration: their codes are known when the page is shown, not when it is built.
  if (action && (action.from === undefined || action.from === fromStage)) {
    return dataOf(api.POST(action.path, { params, body: { ...reasons, ...(followUpAt ? { followUpAt } : {}) } as never }));
  }
  return dataOf(api.POST('/orgs/{orgId}/stage', { params, body: { fromStage, toStage: to, ...reasons } as never }));
}

export function useStageLabel(): (stage: string) => string {
  const text = useSystemText();
  const { stages } = useMeta();
  return (stage) => text(stages.find((each) => each.stage === stage)?.label) || stage;
}

/** The verb of a move, as its button says it. */
export function useMoveVerb(currentStage: string): (to: string) => string {
  const say = useTexts(texts);
  const label = useStageLabel();
  return (to) => {
    if (to === 'QUALIFIED_LEAD' && currentStage === 'QUALIFYING') return say('qualify');
    if (to === 'DISQUALIFIED') return say('disqualify');
    return to === 'DORMANT' ? say('rest') : say('moveTo', { stage: label(to) });
  };
}

