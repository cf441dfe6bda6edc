import { formatNumber, useSystemText, useTexts } from '../../i18n/index.ts';
import { useNow } from '../../parts/index.ts';
import { Bar } from './bars.tsx';
import { Legend } from './chart.tsx';
import { FigureLink } from './figure-link.tsx';
import type { QueueLoad } from './queries.ts';
import { texts } from './texts.ts';
import { useDuration } from './use-duration.ts';
import classes from './bars.module.css';

type Load = QueueLoad['items'][number];

const sum = (items: readonly Load[], pick: (load: Load) => number) => items.reduce((total, load) => total + pick(load), 0);

export function useQueuesFinding(): (load: QueueLoad) => string {
  const say = useTexts(texts);
  const text = useSystemText();
  return ({ items }) => {
    const total = sum(items, ({ overdue }) => overdue.count);
    const worst = items.toSorted((a, b) => b.overdue.count - a.overdue.count)[0];
    if (total === 0 || !worst) return say('queuesNoneOverdue', { count: sum(items, ({ open }) => open.count) });
    return say('queuesFinding', { queue: text(worst.label), count: worst.overdue.count, total });
  };
}

/** How old the longest overdue task of a queue is. */
function useOldest(): (load: Load) => string {
  const duration = useDuration();
  const now = useNow();
  return ({ oldestDueAt }) => {
    const late = oldestDueAt ? (now.getTime() - new Date(oldestDueAt).getTime()) / 1_000 : 0;
    return late > 0 ? duration(late) : '–';
  };
}

/** What waits in each queue by when it is due, how late the oldest is, and how much nobody has claimed. */
export function QueuesChart({ load: { items } }: { readonly load: QueueLoad }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const oldest = useOldest();
  const most = Math.max(...items.map(({ open }) => open.count));
  return (
    <>
      <div className={classes['asideHead']} aria-hidden="true">
        <span>{say('oldest')}</span>
        <span>{say('free')}</span>
      </div>
      <ul className={classes['bars']}>
        {items.map((queue) => (
          <Bar
            key={queue.key ?? '-'}
            label={text(queue.label)}
            most={most}
            segments={[
              { tone: 'red', label: say('overdue'), figure: queue.overdue },
              { tone: 'yellow', label: say('today'), figure: queue.today },
              { tone: 'green', label: say('week'), figure: queue.week },
              { tone: 'neutral', label: say('later'), figure: queue.later },
            ]}
            value={<FigureLink figure={queue.open} what={`${text(queue.label)}, ${say('open')}`}>{formatNumber(queue.open.count)}</FigureLink>}
            aside={
              <>
                <span className={oldest(queue) === '–' ? 'dim' : 'red strong'} title={say('oldest')}>{oldest(queue)}</span>
                <FigureLink figure={queue.unassigned} what={`${text(queue.label)}, ${say('free')}`}>{formatNumber(queue.unassigned.count)}</FigureLink>
              </>
            }
          />
        ))}
      </ul>
      <Legend entries={[['red', say('overdue')], ['yellow', say('today')], ['green', say('week')], ['neutral', say('later')]]} />
    </>
  );
}

export function QueuesTable({ load: { items } }: { readonly load: QueueLoad }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const oldest = useOldest();
  const columns = ['open', 'overdue', 'today', 'week', 'later'] as const;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say('queue')}</th>
          {columns.map((column) => (
            <th key={column} scope="col">{say(column)}</th>
          ))}
          <th scope="col">{say('free')}</th>
          <th scope="col">{say('oldest')}</th>
          <th scope="col">{say('doneInSpan')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((queue) => (
          <tr key={queue.key ?? '-'}>
            <th scope="row">{text(queue.label)}</th>
            {[...columns.map((column) => [say(column), queue[column]] as const), [say('free'), queue.unassigned] as const].map(([what, figure]) => (
              <td key={what}>
                <FigureLink figure={figure} what={`${text(queue.label)}, ${what}`}>{formatNumber(figure.count)}</FigureLink>
              </td>
            ))}
            <td>{oldest(queue)}</td>
            <td>{formatNumber(queue.done.count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
