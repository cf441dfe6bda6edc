import IconDeviceFloppy from '@tabler/icons-react/icons/IconDeviceFloppy';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import IconX from '@tabler/icons-react/icons/IconX';
import { formatShortDay, formatTime, dayNumber, useTexts } from '../i18n/index.ts';
import { Button } from '../parts/index.ts';
import { icon, smallIcon } from '../parts/icon.ts';
import classes from './log-form.module.css';
import { logTexts } from './texts.ts';

export function LogHead({ titleId, type, kept, onClose }: { readonly titleId: string; readonly type: string; readonly kept: boolean; onClose(): void }) {
  const say = useTexts(logTexts);
  return (
    <header className={classes['head']}>
      <h2 id={titleId}>{say('title', { type })}</h2>
      <span className={classes['kept']}>
        {kept && (
          <>
            <IconDeviceFloppy {...smallIcon} />
            <span>{say('draftKept')}</span>
          </>
        )}
      </span>
      <Button look="ghost" icon small aria-label={say('close')} title="Esc" onClick={onClose}>
        <IconX {...icon} />
      </Button>
    </header>
  );
}

/** Says that what stands here was typed before, and how to be rid of it. */
export function DraftBack({ at, onDiscard }: { readonly at: Date; onDiscard(): void }) {
  const say = useTexts(logTexts);
  const now = new Date();
  const time = dayNumber(at) === dayNumber(now) ? formatTime(at) : `${formatShortDay(at)} ${formatTime(at)}`;
  return (
    <p className={classes['back']} role="status">
      <IconHistory {...icon} />
      <span className="grow">{say('draftBack', { time })}</span>
      <button type="button" className={classes['link']} onClick={onDiscard}>{say('discard')}</button>
    </p>
  );
}
