import { Menu } from '@mantine/core';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconX from '@tabler/icons-react/icons/IconX';
import type { ReactNode } from 'react';
import { formatNumber, useTexts } from '../../i18n/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { texts } from './texts.ts';
import classes from './filter-bar.module.css';

export interface PillChoice {
  readonly value: string;
  readonly label: string;
  readonly count?: number | undefined;
}

interface FilterPillProps {
  readonly label: string;
  readonly choices: readonly PillChoice[];
  readonly chosen: readonly string[];
  /** Several may be chosen at once. */
  readonly several?: boolean;
  onChange(chosen: readonly string[]): void;
}

/** A filter as a button that says what it holds; the cross beside it takes it away. */
export function FilterPill({ label, choices, chosen, several, onChange }: FilterPillProps) {
  const say = useTexts(texts);
  const [first] = chosen;
  const shown = chosen.length > 1 ? say('several', { count: chosen.length }) : (choices.find(({ value }) => value === first)?.label ?? first);
  const toggle = (value: string) => {
    if (chosen.includes(value)) onChange(chosen.filter((each) => each !== value));
    else onChange(several ? [...chosen, value] : [value]);
  };
  return (
    <span className={classes['pill']}>
      <Menu position="bottom-start">
        <Menu.Target>
          <button type="button">
            {label}
            {shown !== undefined ? <b>{shown}</b> : <IconChevronDown {...smallIcon} />}
          </button>
        </Menu.Target>
        <Menu.Dropdown className={classes['choices']}>
          {choices.map(({ value, label: name, count }) => (
            <Menu.CheckboxItem
              key={value}
              checked={chosen.includes(value)}
              closeMenuOnClick={!several}
              checkIcon={<IconCheck {...smallIcon} />}
              rightSection={count === undefined ? undefined : <span className="fig dim">{formatNumber(count)}</span>}
              onChange={() => toggle(value)}
            >
              {name}
            </Menu.CheckboxItem>
          ))}
        </Menu.Dropdown>
      </Menu>
      {chosen.length > 0 && <Remove label={label} onRemove={() => onChange([])} />}
    </span>
  );
}

/** A filter that came with the address and can only be taken away. */
export function FixedPill({ children, label, onRemove }: { readonly children: ReactNode; readonly label: string; readonly onRemove: () => void }) {
  return (
    <span className={classes['pill']}>
      <span className={classes['fixed']}>{children}</span>
      <Remove label={label} onRemove={onRemove} />
    </span>
  );
}

function Remove({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  const say = useTexts(texts);
  const words = say('remove', { filter: label });
  return (
    <button type="button" className={classes['remove']} aria-label={words} title={words} onClick={onRemove}>
      <IconX {...smallIcon} />
    </button>
  );
}
