import { memo, useMemo, useRef, type KeyboardEvent, type Ref } from 'react';
import { useTexts } from '../../i18n/index.ts';
import { lineId, useInSight, type Chosen } from './chosen.ts';
import type { DraftProblem } from './draft-calls.ts';
import { texts } from './draft.texts.ts';
import type { DiffLine } from './line-diff.ts';
import { Tokens } from './yaml-lines.tsx';
import { highlight, type Token } from './yaml.ts';
import classes from './yaml.module.css';

interface YamlEditorProps {
  readonly value: string;
  /** The value against the version in force. */
  readonly lines: readonly DiffLine[];
  readonly problems: readonly DraftProblem[];
  readonly chosen: Chosen;
  readonly field: Ref<HTMLTextAreaElement>;
  onChange(value: string): void;
}

/** The YAML to write: a plain field over coloured lines, so that the keyboard, undo and screen readers are the browser's. */
export function YamlEditor({ value, lines, problems, chosen, field, onChange }: YamlEditorProps) {
  const say = useTexts(texts);
  const tokens = useMemo(() => highlight(value), [value]);
  const marks = useMemo(() => marksOf(lines), [lines]);
  const faulty = new Map(problems.map(({ line, message }) => [line, message]));
  const { line: at, part } = chosen;
  const pane = useRef<HTMLDivElement>(null);
  useInSight(pane, at === undefined ? undefined : lineId(at));
  return (
    <div ref={pane} className={`${classes['yaml'] ?? ''} ${classes['editing'] ?? ''}`}>
      <div className={classes['paper']}>
        <div className={classes['lines']} aria-hidden="true">
          {tokens.map((each, index) => {
            const line = index + 1;
            const isHit = part?.range ? part.range.startLine <= line && line <= part.range.endLine : line === at;
            const mark = marks.get(line);
            return (
              <Line
                key={index}
                line={line}
                tokens={each}
                sign={mark === 'added' ? '+' : ''}
                className={[classes['line'], mark && classes[mark], isHit && classes['hit'], faulty.has(line) && classes['faulty']].filter(Boolean).join(' ')}
              />
            );
          })}
        </div>
        <textarea
          ref={field}
          className={classes['field']}
          aria-label={say('editor')}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          value={value}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          onKeyDown={keepIndent}
          onSelect={({ currentTarget }) => {
            const line = currentTarget.value.slice(0, currentTarget.selectionStart).split('\n').length;
            if (line !== at) chosen.chooseLine(line);
          }}
        />
      </div>
    </div>
  );
}

interface LineProps {
  readonly line: number;
  readonly tokens: readonly Token[];
  readonly sign: string;
  readonly className: string;
}

const Line = memo(function Line({ line, tokens, sign, className }: LineProps) {
  return (
    <div id={lineId(line)} className={className}>
      <span>{line}</span>
      <span>{sign}</span>
      <span><Tokens tokens={tokens} /></span>
    </div>
  );
}, (a, b) => a.line === b.line && a.sign === b.sign && a.className === b.className && a.tokens.map(({ text }) => text).join('') === b.tokens.map(({ text }) => text).join('') && a.tokens[0]?.kind === b.tokens[0]?.kind);

/** Lines that are new, and those before which something went. */
function marksOf(lines: readonly DiffLine[]): ReadonlyMap<number, 'added' | 'gone'> {
  return new Map(
    lines.flatMap(({ kind, line }, index): [number, 'added' | 'gone'][] => {
      if (line === undefined) return [];
      if (kind === 'added') return [[line, 'added']];
      return lines[index - 1]?.kind === 'removed' ? [[line, 'gone']] : [];
    }),
  );
}

/** A new line begins where the one before began. */
function keepIndent(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
  const { value, selectionStart } = event.currentTarget;
  const indent = /^ */.exec(value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart))?.[0] ?? '';
  if (indent === '') return;
  event.preventDefault();
  insert(event.currentTarget, `\n${indent}`);
}

/** As if typed, so that it can be undone. */
function insert(field: HTMLTextAreaElement, text: string): void {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else inserts into the field's own history of undoing
  if (document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
