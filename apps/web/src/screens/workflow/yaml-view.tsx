import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTexts } from '../../i18n/index.ts';
import { lineId, useInSight, type Chosen } from './chosen.ts';
import type { DiffLine } from './line-diff.ts';
import { texts } from './texts.ts';
import { signOf, Tokens } from './yaml-lines.tsx';
import { highlight } from './yaml.ts';
import classes from './yaml.module.css';

/** The YAML to read: with arrow keys or pointer a line is chosen, and with it its part. */
export function YamlView({ lines, chosen }: { readonly lines: readonly DiffLine[]; readonly chosen: Chosen }) {
  const say = useTexts(texts);
  const tokens = useMemo(() => tokensOf(lines), [lines]);
  const last = lines.findLast(({ line }) => line !== undefined)?.line ?? 1;
  const { line, part, chooseLine } = chosen;
  const [focused, setFocused] = useState(false);
  const pane = useRef<HTMLDivElement>(null);
  useInSight(pane, line === undefined ? undefined : lineId(line));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowDown: (line ?? 0) + 1, ArrowUp: (line ?? 2) - 1, Home: 1, End: last, PageDown: (line ?? 0) + 20, PageUp: (line ?? 1) - 20 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    chooseLine(Math.min(Math.max(to, 1), last));
  };
  return (
    <div
      ref={pane}
      className={classes['yaml']}
      role="listbox"
      tabIndex={0}
      aria-label={say('yaml')}
      aria-activedescendant={focused && line !== undefined ? lineId(line) : undefined}
      onKeyDown={onKeyDown}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <div className={classes['lines']}>
        {lines.map((each, index) => (
          <div
            key={index}
            role="option"
            id={each.line === undefined ? undefined : lineId(each.line)}
            aria-selected={each.line !== undefined && each.line === line}
            className={`${classes['line'] ?? ''} ${classes[each.kind] ?? ''} ${isHit(each.line, line, part?.range) ? classes['hit'] : ''}`}
            onClick={() => each.line !== undefined && chooseLine(each.line)}
          >
            <span>{each.line}</span>
            <span aria-hidden="true">{signOf(each.kind)}</span>
            <span>
              {each.kind !== 'same' && <span className="sr">{say(each.kind)} </span>}
              <Tokens tokens={tokens[index] ?? []} />
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

/** What was removed is coloured within its own text, so that it cannot confuse the lines around it. */
function tokensOf(lines: readonly DiffLine[]) {
  const now = highlight(lines.flatMap(({ line, text }) => (line === undefined ? [] : [text])).join('\n'));
  return lines.map(({ line, text }) => (line === undefined ? (highlight(text)[0] ?? []) : (now[line - 1] ?? [])));
}

function isHit(line: number | undefined, chosen: number | undefined, range: { readonly startLine: number; readonly endLine: number } | undefined): boolean {
  if (line === undefined) return false;
  return range ? range.startLine <= line && line <= range.endLine : line === chosen;
}
