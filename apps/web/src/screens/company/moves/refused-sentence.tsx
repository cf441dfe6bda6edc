import type { Org } from '../../../api/index.ts';
import { useTexts } from '../../../i18n/index.ts';
import { texts } from '../texts.ts';
import { useStageLabel, type Refusal } from './use-move.ts';

/** First what happened: the company stays where it is, and how much is open. */
export function RefusedSentence({ org, refusal: { unmet }, total }: { readonly org: Org; readonly refusal: Refusal; readonly total: number }) {
  const say = useTexts(texts);
  const label = useStageLabel();
  return <p className="strong">{say('staysIn', { name: org.name ?? '', stage: label(org.currentStage), open: unmet.length, count: Math.max(total, unmet.length) })}</p>;
}
