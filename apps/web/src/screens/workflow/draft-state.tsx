import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCircleX from '@tabler/icons-react/icons/IconCircleX';
import type { Draft } from '../../app/drafts.ts';
import { dayNumber, formatShortDay, formatTime, useTexts } from '../../i18n/index.ts';
import { Button, tell, useNow } from '../../parts/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { texts } from './draft.texts.ts';
import type { DraftCheck } from './use-draft-check.ts';
import classes from './draft.module.css';

/** Whose draft this is, from when, and whether it holds. */
export function DraftState({ draft, check, basedOn }: { readonly draft: Draft<string>; readonly check: DraftCheck; readonly basedOn: number }) {
  const say = useTexts(texts);
  const now = useNow();
  const discard = () => {
    const { value } = draft;
    draft.clear();
    tell(say('discarded'), { undo: () => draft.change(value) });
  };
  return (
    <>
      {draft.at ? (
        <span className="row">
          <span className="mid">{say(draft.restored ? 'restored' : 'changed', { time: timeOf(draft.at, now) })}</span>
          <Button small look="ghost" onClick={discard}>{say('discard')}</Button>
        </span>
      ) : (
        <span className="mid">{say('fresh', { version: basedOn })}</span>
      )}
      <span className={classes['state']} role="status">
        <Verdict check={check} />
      </span>
    </>
  );
}

function Verdict({ check: { checking, valid, problems, error } }: { readonly check: DraftCheck }) {
  const say = useTexts(texts);
  if (error) return null;
  if (checking) return <span className="dim">{say('checking')}</span>;
  if (valid) return <><IconCircleCheck {...smallIcon} className="green" /><span className="mid">{say('valid')}</span></>;
  return <><IconCircleX {...smallIcon} className="red" /><span className="red">{say('problems', { count: problems.length })}</span></>;
}

/** As in 10:39; with the day when it is another. */
function timeOf(at: Date, now: Date): string {
  return dayNumber(at) === dayNumber(now) ? formatTime(at) : `${formatShortDay(at)} ${formatTime(at)}`;
}
