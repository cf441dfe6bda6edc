import { Popover } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatNumber, useTexts } from '../../i18n/index.ts';
import { Button } from '../../parts/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { FixedPill } from './filter-pill.tsx';
import { citiesQuery } from './queries.ts';
import { texts } from './texts.ts';
import classes from './filter-bar.module.css';

const OFFERED = 8;

/** Where: a city by its name, those that most companies are in come first. */
export function CityPill({ city, onChange }: { readonly city: string | undefined; readonly onChange: (city: string | undefined) => void }) {
  const say = useTexts(texts);
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery({ ...citiesQuery(asked), enabled: opened, placeholderData: keepPreviousData }).data ?? [];
  if (city !== undefined) {
    return <FixedPill label={say('city')} onRemove={() => onChange(undefined)}>{say('city')} <b>{city}</b></FixedPill>;
  }
  const choose = (chosen: string) => {
    setOpened(false);
    setTyped('');
    if (chosen.trim() !== '') onChange(chosen.trim());
  };
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
            {found.length > 0 && (
              <ul className={classes['cities']}>
                {found.slice(0, OFFERED).map(({ value, companies }) => (
                  <li key={value}>
                    <button type="button" onClick={() => choose(value)}>
                      {value}
                      <span className="fig dim">{formatNumber(companies)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </form>
        </Popover.Dropdown>
      </Popover>
    </span>
  );
}
