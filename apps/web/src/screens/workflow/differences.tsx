import IconArrowDown from '@tabler/icons-react/icons/IconArrowDown';
import IconArrowUp from '@tabler/icons-react/icons/IconArrowUp';
import { useKeys } from '../../app/keys.ts';
import { useTexts } from '../../i18n/index.ts';
import { Button } from '../../parts/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import type { Chosen } from './chosen.ts';
import { differencesIn, stepFrom, type DiffLine } from './line-diff.ts';
import { texts } from './texts.ts';

/** How many differences there are, and the way from one to the next. */
export function Differences({ lines, chosen }: { readonly lines: readonly DiffLine[]; readonly chosen: Chosen }) {
  const say = useTexts(texts);
  const places = differencesIn(lines).map((index) => lineFrom(lines, index));
  const step = (by: 1 | -1) => {
    const to = stepFrom(places, chosen.line ?? (by === 1 ? 0 : Infinity), by);
    if (to !== undefined) chosen.chooseLine(to);
  };
  useKeys([
    { key: 'alt+ArrowDown', run: () => step(1), inFields: true },
    { key: 'alt+ArrowUp', run: () => step(-1), inFields: true },
  ]);
  if (places.length === 0) return <span className="mid">{say('noDifference')}</span>;
  return (
    <span className="row">
      <span className="mid">{say('differences', { count: places.length })}</span>
      <Button look="ghost" icon small aria-label={say('previousDifference')} title="Alt ↑" onClick={() => step(-1)}><IconArrowUp {...smallIcon} /></Button>
      <Button look="ghost" icon small aria-label={say('nextDifference')} title="Alt ↓" onClick={() => step(1)}><IconArrowDown {...smallIcon} /></Button>
    </span>
  );
}

/** A difference is looked at in the newer text: where it begins, or, when something was only removed, what follows. */
function lineFrom(lines: readonly DiffLine[], index: number): number {
  return (lines.slice(index).find(({ line }) => line !== undefined) ?? lines.findLast(({ line }) => line !== undefined))?.line ?? 1;
}
