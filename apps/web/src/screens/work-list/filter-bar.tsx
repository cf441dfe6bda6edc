import { Menu } from '@mantine/core';
import IconFilter from '@tabler/icons-react/icons/IconFilter';
import { useMeta, type Queues } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, Segmented } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import type { Bucket } from './queries.ts';
import { texts } from './texts.ts';
import type { Shown } from './use-filter.ts';
import classes from './work-list.module.css';

type Counts = Readonly<Record<Bucket, number>>;

/** How many there are by bucket, of several queues together. */
function countsOf(queues: Queues, assignment: 'mine' | 'unassigned' | 'any'): Counts {
  const sum = (bucket: Bucket) => queues.reduce((total, { byAssignment }) => total + byAssignment[assignment][bucket], 0);
  return { overdue: sum('overdue'), today: sum('today'), week: sum('week'), later: sum('later') };
}

const total = ({ overdue, today, week, later }: Counts) => overdue + today + week + later;

/** When, whose and of what type; each choice says how many it holds. */
export function FilterBar({ shown, queues }: { readonly shown: Shown; readonly queues: Queues | undefined }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { taskTypes } = useMeta();
  const by = (assignment: 'mine' | 'unassigned' | 'any') => (queues ? countsOf(queues, assignment) : undefined);
  const counts = by(shown.assignee === 'me' ? 'mine' : shown.assignee);
  const of = (assignment: 'mine' | 'unassigned' | 'any') => {
    const found = by(assignment);
    return found && (shown.bucket ? found[shown.bucket] : total(found));
  };
  const type = taskTypes.find(({ code }) => code === shown.taskType);
  return (
    <div className={classes['bar']}>
      <Segmented
        label={say('due')}
        look="tabs"
        value={shown.bucket ?? 'all'}
        onChange={(bucket) => shown.change({ bucket: bucket === 'all' ? undefined : bucket })}
        choices={[
          { value: 'all', label: say('all'), count: counts && total(counts) },
          { value: 'overdue', label: say('overdue'), count: counts?.overdue, tone: 'red' },
          { value: 'today', label: say('dueToday'), count: counts?.today, tone: 'yellow' },
          { value: 'week', label: say('week'), count: counts?.week },
          { value: 'later', label: say('later'), count: counts?.later },
        ]}
      />
      <div className={classes['right']}>
        {!shown.mineOnly && (
          <Segmented
            label={say('assignment')}
            value={shown.assignee}
            onChange={(assignee) => shown.change({ assignee: assignee === 'any' ? undefined : assignee })}
            choices={[
              { value: 'me', label: say('mine'), count: of('mine') },
              { value: 'unassigned', label: say('free'), count: of('unassigned') },
              { value: 'any', label: say('all'), count: of('any') },
            ]}
          />
        )}
        <Menu position="bottom-end">
          <Menu.Target>
            <Button small look="ghost" className="wide">
              <IconFilter {...icon} />
              {text(type?.label) || say('taskType')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => shown.change({ taskType: undefined })}>{say('anyType')}</Menu.Item>
            {taskTypes.map(({ code, label }) => (
              <Menu.Item key={code} onClick={() => shown.change({ taskType: code })}>
                {text(label)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
    </div>
  );
}
