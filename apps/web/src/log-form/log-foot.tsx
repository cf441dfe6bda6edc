import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { modKey } from '../app/keys.ts';
import { useLanguage, useTexts } from '../i18n/index.ts';
import { Button, problemInWords } from '../parts/index.ts';
import { icon } from '../parts/icon.ts';
import classes from './log-form.module.css';
import { logTexts } from './texts.ts';

interface LogFootProps {
  /** What was asked for by the last try to save and is still not there. */
  readonly missing: readonly string[];
  readonly failure: Error | null;
  readonly pending: boolean;
  readonly primaryIsNext: boolean;
  onSave(andNext: boolean): void;
  onRetry(): void;
}

/** Save, and what keeps it from being saved. */
export function LogFoot({ missing, failure, pending, primaryIsNext, onSave, onRetry }: LogFootProps) {
  const say = useTexts(logTexts);
  const lang = useLanguage();
  const label = (andNext: boolean) => say(andNext ? 'saveAndNext' : 'save');
  const lacks = { outcomeCode: say('missingOutcome'), notes: say('missingNotes'), followUpAt: say('missingFollowUp') };
  return (
    <footer className={classes['foot']}>
      {missing.length > 0 && (
        <p className={classes['failed']} role="alert">
          <IconAlertTriangle {...icon} />
          {missing.map((field) => lacks[field as keyof typeof lacks]).join(' ')}
        </p>
      )}
      {failure && !pending && missing.length === 0 && (
        <p className={classes['failed']} role="alert">
          <span className="grow">
            {say('notSaved')} <span className="mid">{problemInWords(failure)}</span>
          </span>
          <Button small onClick={onRetry}>{say('retry')}</Button>
        </p>
      )}
      <Button look="primary" className="grow" busy={pending} hotkey={modKey('↵', lang)} aria-keyshortcuts="Control+Enter" onClick={() => onSave(primaryIsNext)}>
        {label(primaryIsNext)}
      </Button>
      <Button busy={pending} hotkey={`⇧ ${modKey('↵', lang)}`} aria-keyshortcuts="Control+Shift+Enter" onClick={() => onSave(!primaryIsNext)}>
        {label(!primaryIsNext)}
      </Button>
    </footer>
  );
}
