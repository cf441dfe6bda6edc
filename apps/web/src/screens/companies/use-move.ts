import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiProblem, dataOf, newIntention, stageQuery, useMeta, type RuleResult, type Transition } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { tell, tellProblem } from '../../parts/index.ts';
import { boardTexts } from './board.texts.ts';
import type { Company } from './queries.ts';

/** A move that was refused, and all that it was judged by. */
export interface Refusal {
  readonly company: Company;
  readonly to: string;
  readonly rules: readonly RuleResult[];
}

/** A move that has a form: it takes a reason, or a date to rest until. */
export interface Asking {
  readonly company: Company;
  readonly transition: Transition;
}

export type Outcome = 'moved' | 'stays';

export interface Moves {
  readonly asking: Asking | undefined;
  readonly refusal: Refusal | undefined;
  /** Moves a company, asking first where there is something to be said; answered once it is known whether it has moved. */
  move(company: Company, to: string): Promise<Outcome>;
  dismiss(): void;
}

/** The one door: nothing is shown as moved before the server says so, and a refusal says what is missing. */
export function useMove(): Moves {
  const client = useQueryClient();
  const say = useTexts(boardTexts);
  const text = useSystemText();
  const { stages } = useMeta();
  const label = (stage: string) => text(stages.find((each) => each.stage === stage)?.label) || stage;
  const [asking, setAsking] = useState<Asking>();
  const [refusal, setRefusal] = useState<Refusal>();

  /** The way from where the card was to there; undefined when there is none, or when it is not there any more. */
  async function explain({ orgId, currentStage }: Company, to: string): Promise<Transition | undefined> {
    const explained = await client.query({ ...stageQuery(orgId), staleTime: 2_000 }).catch(() => undefined); // the door itself explains, too
    return explained?.currentStage === currentStage ? explained.transitions.find((each) => each.to === to) : undefined;
  }

  async function refuse(company: Company, to: string, unmet: readonly RuleResult[]): Promise<void> {
    await client.invalidateQueries({ queryKey: ['org', company.orgId, 'stage'] });
    const rules = (await explain(company, to))?.rules ?? [];
    setRefusal({ company, to, rules: rules.some(({ met }) => !met) ? rules : unmet });
  }

  async function send(company: Company, to: string): Promise<Outcome> {
    const { orgId, currentStage, name } = company;
    try {
      const params = { path: { orgId }, header: { 'Idempotency-Key': newIntention() } };
      // The stages are configuration: known when the board is shown, not when it is built.
      const { completing } = await dataOf(api.POST('/orgs/{orgId}/stage', { params, body: { fromStage: currentStage, toStage: to } as never }));
      const told = say('moved', { name: name ?? '', stage: label(to) });
      tell(completing ? `${told} ${say('completing')}` : told);
      await Promise.all([client.invalidateQueries({ queryKey: ['orgs'] }), client.invalidateQueries({ queryKey: ['org', orgId] })]);
      return 'moved';
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'RULES_UNMET') await refuse(company, to, error.unmet);
      else tellProblem(error, label);
      void client.invalidateQueries({ queryKey: ['orgs'] });
      return 'stays';
    }
  }

  return {
    asking,
    refusal,
    async move(company, to) {
      setRefusal(undefined);
      const transition = await explain(company, to);
      if (!transition?.needsReason) return send(company, to);
      // What is missing to rest, a next step, can be said in the form itself.
      if (transition.unmet.length === 0 || to === 'DORMANT') setAsking({ company, transition });
      else setRefusal({ company, to, rules: transition.rules });
      return 'stays';
    },
    dismiss() {
      setAsking(undefined);
      setRefusal(undefined);
    },
  };
}
