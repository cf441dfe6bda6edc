import { useSingleKeys } from '../../app/keys.ts';
import { useTexts } from '../../i18n/index.ts';
import { texts } from './texts.ts';
import classes from './work-list.module.css';

/** The keys of this list, for as long as they are on. */
export function KeysLine() {
  const say = useTexts(texts);
  const singleKeys = useSingleKeys();
  if (!singleKeys) return null;
  const keys: readonly (readonly [readonly string[], string])[] = [
    [['↑', '↓'], say('keyChoose')],
    [['↵'], say('keyOpen')],
    [[say('space')], say('keyPeek')],
    [['C'], say('keyClaim')],
    [['D'], say('keyDone')],
    [['S'], say('keyReschedule')],
    [['U'], say('keyRelease')],
    [['X'], say('keyMark')],
  ];
  return (
    <div className={`wide ${classes['keys'] ?? ''}`}>
      {keys.map(([names, label]) => (
        <span key={label}>
          {names.map((name) => (
            <kbd key={name}>{name}</kbd>
          ))}
          {label}
        </span>
      ))}
      <span className="push">
        <kbd>?</kbd>
        {say('keyAll')}
      </span>
    </div>
  );
}
