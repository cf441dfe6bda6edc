import IconSearch from '@tabler/icons-react/icons/IconSearch';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '../../app/keys.ts';
import { useTexts } from '../../i18n/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { texts } from './texts.ts';
import classes from './filter-bar.module.css';

const PAUSE_MS = 200;

/** Typing goes on whatever the server does: the address follows after a moment, and the list follows the address. */
export function SearchField({ q, onSearch }: { readonly q: string | undefined; readonly onSearch: (q: string | undefined) => void }) {
  const say = useTexts(texts);
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(q ?? '');
  const [seen, setSeen] = useState(q);
  const [sent, setSent] = useState(q);
  // What the address says by other ways than this field (a link, going back, a reset) comes into it.
  if (q !== seen) {
    setSeen(q);
    if (q !== sent) {
      setText(q ?? '');
      setSent(q);
    }
  }
  const send = useRef(onSearch);
  useEffect(() => {
    send.current = onSearch;
  });
  const wanted = text.trim() === '' ? undefined : text.trim();
  useEffect(() => {
    if (wanted === sent) return undefined;
    const timer = setTimeout(() => {
      setSent(wanted);
      send.current(wanted);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted, sent]);
  useKeys([{ key: 'f', run: () => field.current?.select() }]);
  return (
    <div className={classes['search']}>
      <IconSearch {...smallIcon} />
      <input
        ref={field}
        type="search"
        maxLength={200}
        aria-label={say('find')}
        placeholder={say('findHint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text === '') field.current?.blur();
        }}
      />
    </div>
  );
}
