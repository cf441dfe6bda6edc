import IconBolt from '@tabler/icons-react/icons/IconBolt';
import IconFlag from '@tabler/icons-react/icons/IconFlag';
import IconFolderPlus from '@tabler/icons-react/icons/IconFolderPlus';
import IconGitBranch from '@tabler/icons-react/icons/IconGitBranch';
import { useMemo, useRef, type ReactNode } from 'react';
import { formatNumber, useTexts } from '../../i18n/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { partId, useInSight, type Chosen } from './chosen.ts';
import { useDuration } from './duration.ts';
import type { DiffLine } from './line-diff.ts';
import { PartMarks } from './part-marks.ts';
import { inTwoColumns, marksOf, partsOf, wordOf, type Box, type Lane } from './parts-of.ts';
import { PartButton } from './part-button.tsx';
import type { TemplateNode } from './queries.ts';
import { texts } from './texts.ts';
import { useWords } from './use-words.ts';
import classes from './graph.module.css';

const none: readonly DiffLine[] = [];

interface GraphProps {
  readonly nodes: readonly TemplateNode[];
  readonly chosen: Chosen;
  /** Cases that run on this version. */
  readonly running?: number | undefined;
  /** Against what it is compared with, if anything. */
  readonly lines?: readonly DiffLine[] | undefined;
  /** Whether figures of tasks are there. */
  readonly figures: boolean;
}

/** The flow of a template from top to bottom: what starts it, the case, its tasks by queue, its rules, how it ends. */
export function Graph({ nodes, lines = none, chosen, running, figures }: GraphProps) {
  const say = useTexts(texts);
  const words = useWords();
  const { trigger, opened, lanes, rules, completions } = partsOf(nodes);
  const marks = useMemo(() => marksOf(nodes, lines), [nodes, lines]);
  const pane = useRef<HTMLDivElement>(null);
  useInSight(pane, chosen.part && partId(chosen.part.id));
  return (
    <PartMarks value={marks}>
      <div ref={pane} className={classes['graph']}>
        <div className={classes['flow']}>
          {trigger && (
            <div className={`${classes['box'] ?? ''} ${classes['middle'] ?? ''}`}>
              <PartButton part={trigger} chosen={chosen} className={classes['head']}>
                <span className={classes['title']}><IconBolt {...smallIcon} />{trigger.name}</span>
                <Condition words={words.condition(trigger)} />
              </PartButton>
            </div>
          )}
          {opened && <Opened box={opened} chosen={chosen} running={running} />}
          <Columns items={lanes} heightOf={({ tasks }) => tasks.length + 1.6}>
            {(lane) => <LaneBox key={lane.queue} lane={lane} chosen={chosen} figures={figures} />}
          </Columns>
          {rules.length > 0 && <p className={classes['label']}>{say('rules')}</p>}
          <Columns items={rules} heightOf={({ part, within }) => within.length + (part.detail['condition'] === undefined ? 2.6 : 4.4)} dashed>
            {(rule) => <RuleBox key={rule.part.id} box={rule} chosen={chosen} figures={figures} />}
          </Columns>
          {completions.length > 0 && <p className={classes['label']}>{say('completion')}</p>}
          <Columns items={completions} heightOf={() => 1}>
            {({ part, within }) => (
              <div key={part.id} className={classes['box']}>
                <PartButton part={part} chosen={chosen} className={classes['head']}>
                  <span className={classes['title']}><IconFlag {...smallIcon} /><span className="cut">{words.name(part)}</span></span>
                  <span className={classes['detail']}>{within[0] ? say('moves', { stage: words.name(within[0]) }) : say('staysThere')}</span>
                </PartButton>
              </div>
            )}
          </Columns>
        </div>
      </div>
    </PartMarks>
  );
}

function Condition({ words }: { readonly words: string | undefined }) {
  return words === undefined ? null : <span className={classes['detail']} title={words}>{words}</span>;
}

function Opened({ box: { part, within }, chosen, running }: { readonly box: Box; readonly chosen: Chosen; readonly running: number | undefined }) {
  const say = useTexts(texts);
  const words = useWords();
  const isCase = part.kind === 'case';
  return (
    <div className={`${classes['box'] ?? ''} ${classes['middle'] ?? ''}`}>
      <PartButton part={part} chosen={chosen} className={classes['head']}>
        <span className={classes['title']}>
          <IconFolderPlus {...smallIcon} />
          <span className="cut">{isCase ? words.name(part) : words.action(part)}</span>
          {isCase && running !== undefined && <span className={classes['figure']}>{say('cases', { count: running })}</span>}
        </span>
        {isCase && <span className={classes['detail']}>{[wordOf(part.detail['phase']), words.queue(wordOf(part.detail['queue']))].filter(Boolean).join(' · ')}</span>}
      </PartButton>
      {within.map((each) => (
        <PartButton key={each.id} part={each} chosen={chosen} className={classes['row']}>
          <span className="cut">{words.action(each)}</span>
        </PartButton>
      ))}
    </div>
  );
}

function LaneBox({ lane: { queue, tasks }, chosen, figures }: { readonly lane: Lane; readonly chosen: Chosen; readonly figures: boolean }) {
  const say = useTexts(texts);
  const words = useWords();
  return (
    <div className={classes['box']}>
      <p className={classes['laneHead']}>
        <span className="cut">{words.queue(queue)}</span>
        {figures && <span className={classes['figure']} aria-hidden="true">{say('openMedian')}</span>}
      </p>
      {tasks.map((task) => (
        <PartButton key={task.id} part={task} chosen={chosen} className={classes['row']}>
          <span className="cut" title={wordOf(task.detail['title'])}>{wordOf(task.detail['title']) || words.name(task)}</span>
          {figures && <Figures part={task} />}
        </PartButton>
      ))}
    </div>
  );
}

function RuleBox({ box: { part, within }, chosen, figures }: { readonly box: Box; readonly chosen: Chosen; readonly figures: boolean }) {
  const words = useWords();
  return (
    <div className={classes['box']}>
      <PartButton part={part} chosen={chosen} className={classes['head']}>
        <span className={classes['title']}><IconGitBranch {...smallIcon} /><span className="cut mono">{part.name}</span></span>
        <span className={classes['detail']}>{words.occasion(part)}</span>
        <Condition words={words.condition(part)} />
      </PartButton>
      {within.map((action) => (
        <PartButton key={action.id} part={action} chosen={chosen} className={classes['row']}>
          <span className="cut" title={words.action(action)}>{words.action(action)}</span>
          {figures && action.name === 'create_task' && <Figures part={action} />}
        </PartButton>
      ))}
    </div>
  );
}

function Figures({ part: { open = 0, medianSeconds } }: { readonly part: TemplateNode }) {
  const say = useTexts(texts);
  const duration = useDuration();
  const values = { open: formatNumber(open), median: duration(medianSeconds) };
  return (
    <span className={classes['figure']}>
      <span aria-hidden="true">{values.open} · {values.median}</span>
      <span className="sr">{say('figures', values)}</span>
    </span>
  );
}

/** Boxes left and right of the line that joins them. */
function Columns<T>({ items, heightOf, dashed, children }: { readonly items: readonly T[]; heightOf(item: T): number; readonly dashed?: boolean; readonly children: (item: T) => ReactNode }) {
  if (items.length === 0) return null;
  const [left, right] = inTwoColumns(items, heightOf);
  return (
    <div className={`${classes['columns'] ?? ''} ${dashed ? classes['dashed'] : ''}`}>
      <div>{left.map(children)}</div>
      <div>{right.map(children)}</div>
    </div>
  );
}
