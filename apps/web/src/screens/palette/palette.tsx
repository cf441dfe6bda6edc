import { Modal } from '@mantine/core';
import IconArrowRight from '@tabler/icons-react/icons/IconArrowRight';
import IconBolt from '@tabler/icons-react/icons/IconBolt';
import IconBuilding from '@tabler/icons-react/icons/IconBuilding';
import IconChecklist from '@tabler/icons-react/icons/IconChecklist';
import IconFolder from '@tabler/icons-react/icons/IconFolder';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import { useDebouncedValue } from '@mantine/hooks';
import { useId, useState, type KeyboardEvent } from 'react';
import { useTexts } from '../../i18n/index.ts';
import { icon } from '../../parts/icon.ts';
import classes from './palette.module.css';
import { texts } from './texts.ts';
import { useEntries, type Entry, type Kind } from './use-entries.ts';

const PAUSE_MS = 80;
const icons: Readonly<Record<Kind, typeof IconBuilding>> = { company: IconBuilding, task: IconChecklist, case: IconFolder, action: IconBolt, place: IconArrowRight };

/** Finds anything and does anything, from the keyboard. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const say = useTexts(texts);
  const [query, setQuery] = useState('');
  const [words] = useDebouncedValue(query, PAUSE_MS);
  const { groups, failed, searching } = useEntries(words);
  const entries = groups.flatMap((group) => group.entries);
  const [at, setAt] = useState(0);
  const chosen = Math.min(at, entries.length - 1);
  const id = useId();
  const optionId = (index: number) => `${id}-${index}`;
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const move = (to: number) => {
    const next = (to + entries.length) % entries.length;
    setAt(next);
    document.getElementById(optionId(next))?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Readonly<Record<string, () => void>> = { ArrowDown: () => move(chosen + 1), ArrowUp: () => move(chosen - 1), Enter: () => run(entries[chosen]) };
    const found = moves[event.key];
    if (!found || entries.length === 0) return;
    event.preventDefault();
    found();
  };
  return (
    <Modal opened onClose={onClose} withCloseButton={false} title={<span className="sr">{say('title')}</span>} size={640} yOffset={96} classNames={{ header: 'sr', body: classes['body'] ?? '' }}>
      <div className={classes['query']}>
        <IconSearch {...icon} />
        <input
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={chosen >= 0 ? optionId(chosen) : undefined}
          aria-autocomplete="list"
          aria-label={say('placeholder')}
          placeholder={say('placeholder')}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <div className={classes['list']} id={id} role="listbox" aria-label={say('results')} aria-busy={searching}>
        {groups.map(({ title, entries: ofGroup }) => (
          <div key={title} role="group" aria-label={title}>
            <p className={classes['caption']} aria-hidden="true">{title}</p>
            {ofGroup.map((entry) => {
              const mine = entries.indexOf(entry);
              return <Option key={entry.id} id={optionId(mine)} entry={entry} query={words} chosen={mine === chosen} onHover={() => setAt(mine)} onRun={() => run(entry)} />;
            })}
          </div>
        ))}
      </div>
      <p className={classes['said']} role="status">
        {failed ? say('failed') : entries.length === 0 && !searching ? say('nothing', { query: words }) : ''}
      </p>
      <footer className={`wide ${classes['foot'] ?? ''}`} aria-hidden="true">
        <span><kbd>↑</kbd><kbd>↓</kbd>{say('choose')}</span>
        <span><kbd>↵</kbd>{say('open')}</span>
        <span><kbd>Esc</kbd>{say('close')}</span>
      </footer>
    </Modal>
  );
}

interface OptionProps {
  readonly id: string;
  readonly entry: Entry;
  readonly query: string;
  readonly chosen: boolean;
  onHover(): void;
  onRun(): void;
}

function Option({ id, entry, query, chosen, onHover, onRun }: OptionProps) {
  const Icon = icons[entry.kind];
  return (
    <div id={id} role="option" aria-selected={chosen} className={classes['option']} onMouseMove={onHover} onClick={onRun}>
      <Icon {...icon} />
      <span className="cut">
        <Marked text={entry.label} query={query} />
        {entry.detail && <span className="dim"> {entry.detail}</span>}
      </span>
      {entry.hotkey && (
        <span className="row push">
          {entry.hotkey.split(' ').map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      )}
    </div>
  );
}

/** The label with what was typed standing out. */
function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  const at = query === '' ? -1 : text.toLowerCase().indexOf(query.trim().toLowerCase());
  if (at < 0) return text;
  const end = at + query.trim().length;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, end)}</mark>
      {text.slice(end)}
    </>
  );
}
