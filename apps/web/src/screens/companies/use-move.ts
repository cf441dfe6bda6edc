import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, ApiProblem, dataOf, newIntention, stageQuery, useMeta, type RuleResult, type Transition } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { tell, tellProblem } from '../../parts/index.ts';
import { boardTexts } from './board.texts.ts';
import type { Company } from './queries.ts';

export interface Reason {
  readonly reasonCode: string;
  readonly reasonNote?: string;
}

/** A move that was refused, and all that it was judged by. */
export interface Refusal {
  readonly company: Company;
  readonly to: string;
  readonly rules: readonly RuleResult[];
}

/** A move that waits for its reason. */
export interface Asking {
  readonly company: Company;
  readonly transition: Transition;
}

export type Outcome = 'moved' | 'stays';

export interface Moves {
  readonly asking: Asking | undefined;
  readonly refusal: Refusal | undefined;
  /** Moves a company, asking for a reason first where one is needed; answered once it is known whether it has moved. */
  move(company: Company, to: string): Promise<Outcome>;
  /** The move that waited, with its reason. */
  giveReason(reason: Reason): Promise<void>;
  dismiss(): void;
}

/** The one door: nothing is shown as moved before the server says so, and a refusal says what is missing. */
export function useMove(): Moves {
  const client = useQueryClient();
  const say = useTexts(boardTexts);
  const text = useSystemText();
  const { stages } = useMeta();
  const label = (stage: string) => text(stages.find((each) => each.stage === stage)?.label) || stage;
  const intention = useRef<{ readonly body: string; readonly key: string }>(undefined);
  const [asking, setAsking] = useState<Asking>();
  const [refusal, setRefusal] = useState<Refusal>();

  async function explain({ orgId }: Company, to: string): Promise<Transition | undefined> {
    const explained = await client.query({ ...stageQuery(orgId), staleTime: 2_000 }).catch(() => undefined); // the door itself explains, too
    return explained?.transitions.find((each) => each.to === to);
  }

  async function refuse(company: Company, to: string, unmet: readonly RuleResult[]): Promise<void> {
    await client.invalidateQueries({ queryKey: ['org', company.orgId, 'stage'] });
    const rules = (await explain(company, to))?.rules ?? [];
    setRefusal({ company, to, rules: rules.some(({ met }) => !met) ? rules : unmet });
  }

  async function send(company: Company, to: string, reason?: Reason): Promise<Outcome> {
    const { orgId, currentStage } = company;
    const body = { fromStage: currentStage, toStage: to, ...reason };
    const said = JSON.stringify([orgId, body]);
    if (intention.current?.body !== said) intention.current = { body: said, key: newIntention() };
    try {
      const params = { path: { orgId }, header: { 'Idempotency-Key': intention.current.key } };
      const { completing } = await dataOf(api.POST('/orgs/{orgId}/stage', { params, body: body as never }));
      intention.current = undefined;
      const told = { name: company.name ?? '', stage: label(to) };
      tell(completing ? `${say('moved', told)} ${say('completing')}` : say('moved', told));
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
      if (transition.unmet.length === 0) setAsking({ company, transition });
      else setRefusal({ company, to, rules: transition.rules });
      return 'stays';
    },
    async giveReason(reason) {
      if (!asking) return;
      await send(asking.company, asking.transition.to, reason);
      setAsking(undefined);
    },
    dismiss() {
      setAsking(undefined);
      setRefusal(undefined);
    },
  };
}
