import { Popover } from '@mantine/core';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import { useState } from 'react';
import { useTexts } from '../../i18n/index.ts';
import { Button } from '../../parts/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { FixedPill } from './filter-pill.tsx';
import { texts } from './texts.ts';
import classes from './filter-bar.module.css';

/** Where: a city by its name, with those on the list as suggestions. */
export function CityPill({ city, suggestions, onChange }: { readonly city: string | undefined; readonly suggestions: readonly string[]; readonly onChange: (city: string | undefined) => void }) {
  const say = useTexts(texts);
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState('');
  if (city !== undefined) {
    return <FixedPill label={say('city')} onRemove={() => onChange(undefined)}>{say('city')} <b>{city}</b></FixedPill>;
  }
  const choose = (chosen: string) => {
    setOpened(false);
    setTyped('');
    if (chosen.trim() !== '') onChange(chosen.trim());
  };
  const fitting = suggestions.filter((each) => each.toLowerCase().includes(typed.trim().toLowerCase())).slice(0, 8);
  return (
    <span className={classes['pill']}>
      <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <button type="button" onClick={() => setOpened(!opened)} aria-expanded={opened}>
            {say('city')}
            <IconChevronDown {...smallIcon} />
          </button>
        </Popover.Target>
        <Popover.Dropdown p="sm" aria-label={say('city')}>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              choose(typed);
            }}
          >
            <span className="row">
              <input className={classes['input']} aria-label={say('cityHint')} placeholder={say('cityHint')} maxLength={100} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} data-autofocus />
              <Button type="submit" small>{say('apply')}</Button>
            </span>
            {fitting.length > 0 && (
              <ul className={classes['cities']}>
                {fitting.map((each) => (
                  <li key={each}><button type="button" onClick={() => choose(each)}>{each}</button></li>
                ))}
              </ul>
            )}
          </form>
        </Popover.Dropdown>
      </Popover>
    </span>
  );
}
