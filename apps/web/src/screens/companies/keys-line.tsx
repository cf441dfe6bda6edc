import { useSingleKeys } from '../../app/keys.ts';
import { useTexts } from '../../i18n/index.ts';
import { texts } from './texts.ts';
import classes from './companies.module.css';

/** How much is shown, and the keys of this view for as long as they are on. */
export function KeysLine({ shown, total, mayMove }: { readonly shown?: number; readonly total?: number | undefined; readonly mayMove?: boolean }) {
  const say = useTexts(texts);
  const singleKeys = useSingleKeys();
  const keys: readonly (readonly [readonly string[], string])[] = [
    [['↑', '↓'], say('keyChoose')],
    [['↵'], say('keyOpen')],
    [[say('space')], say('keyPeek')],
    [['F'], say('keyFilter')],
    ...(mayMove ? [[['M'], say('keyMove')] as const] : []),
  ];
  return (
    <div className={`wide ${classes['keys'] ?? ''}`}>
      {singleKeys &&
        keys.map(([names, label]) => (
          <span key={label}>
            {names.map((name) => (
              <kbd key={name}>{name}</kbd>
            ))}
            {label}
          </span>
        ))}
      {singleKeys && <span><kbd>?</kbd>{say('keyAll')}</span>}
      {shown !== undefined && total !== undefined && total > 0 && <span className="push fig">{say('shownOf', { shown, total })}</span>}
    </div>
  );
}
