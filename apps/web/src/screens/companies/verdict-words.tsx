import { useTexts } from '../../i18n/index.ts';
import { boardTexts } from './board.texts.ts';
import type { Verdict } from './verdict.ts';

/** A verdict in words and colour. */
export function VerdictWords({ verdict }: { readonly verdict: Verdict }) {
  const say = useTexts(boardTexts);
  switch (verdict.kind) {
    case 'unknown':
      return null;
    case 'here':
    case 'impossible':
      return <span className="dim">{say(verdict.kind)}</span>;
    case 'allowed':
      return <span className="green">{say(verdict.needsReason ? 'allowedReason' : 'allowed')}</span>;
    case 'open':
      return <span className="red">{say('open', { count: verdict.count })}</span>;
  }
}
