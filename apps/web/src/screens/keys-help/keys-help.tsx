import { Modal } from '@mantine/core';
import { Fragment } from 'react';
import { modKey, useSingleKeys } from '../../app/keys.ts';
import { useLanguage, useTexts } from '../../i18n/index.ts';
import classes from './keys-help.module.css';
import { texts } from './texts.ts';

type Word = keyof typeof texts.de;

/** Every key, by where it works. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const say = useTexts(texts);
  const lang = useLanguage();
  const singleKeys = useSingleKeys();
  const mod = (key: string) => modKey(key, lang);
  const groups: readonly (readonly [Word, readonly (readonly [readonly string[], Word])[]])[] = [
    ['everywhere', [[[mod('K')], 'palette'], [['?'], 'help'], [['N'], 'claimNext'], [['G', 'A'], 'toWork'], [['G', 'U'], 'toCompanies'], [['G', 'W'], 'toWorkflows'], [['G', 'O'], 'toOverview'], [['F'], 'filter'], [['Esc'], 'back']]],
    ['lists', [[['↓', '↑'], 'choose'], [['J', 'K'], 'choose'], [['↵'], 'open'], [[say('space')], 'peek'], [['C'], 'claim'], [['U'], 'release'], [['D'], 'done'], [['S'], 'reschedule'], [['X'], 'mark'], [['M'], 'move']]],
    ['company', [[['A'], 'log'], [['T'], 'task'], [['P'], 'path'], [['E'], 'edit'], [['J', 'K'], 'neighbours']]],
    ['logForm', [[['1', '–', '9'], 'outcome'], [['T'], 'type'], [[mod('↵')], 'saveNext'], [[mod('⇧ ↵')], 'saveStay'], [['Esc'], 'close']]],
    ['case', [[['H'], 'handOver'], [['R'], 'return'], [['M'], 'note'], [['T'], 'task']]],
    ['template', [[[mod('↵')], 'simulate'], [['Alt', '↓', '↑'], 'difference']]],
  ];
  return (
    <Modal opened onClose={onClose} title={say('title')} size="xl">
      {!singleKeys && <p className={classes['off']}>{say('off')}</p>}
      <div className={classes['groups']}>
        {groups.map(([title, keys]) => (
          <section key={title} aria-labelledby={`keys-${title}`}>
            <h3 id={`keys-${title}`}>{say(title)}</h3>
            <dl>
              {keys.map(([names, label], index) => (
                <Fragment key={index}>
                  <dt>
                    {names.map((name) => (
                      <kbd key={name}>{name}</kbd>
                    ))}
                  </dt>
                  <dd>{say(label)}</dd>
                </Fragment>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
