import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { overviewQuery, useMeta, type Task } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Chip, Due, Rows, useAgo, useNow } from '../../parts/index.ts';
import { texts } from './texts.ts';
import classes from './work-list.module.css';

const ENTRIES = 6;

/** A look at a task and its company without leaving the list. */
export function Peek({ task, onClose }: { readonly task: Task; readonly onClose: () => void }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const ago = useAgo();
  const now = useNow();
  const { stages } = useMeta();
  const overview = useQuery(overviewQuery(task.orgId));
  const stage = stages.find((each) => each.stage === task.org.currentStage);
  const entries = overview.data?.timeline?.items.slice(0, ENTRIES) ?? [];
  return (
    <Modal opened onClose={onClose} title={task.org.name} size="md" centered>
      <div className="stack">
        <div className="row wrap">
          <b>{task.title}</b>
          <Due dueAt={task.dueAt} dueIsEndOfDay={task.dueIsEndOfDay} />
          {stage && <Chip>{text(stage.label)}</Chip>}
        </div>
        {task.description && <p className="mid">{task.description}</p>}
        {task.source.template && (
          <p className="dim">{say('from', { template: task.source.template, version: task.source.version ?? '', rule: task.source.rule ?? '' })}</p>
        )}
        {overview.isPending && <Rows count={4} height={28} />}
        {overview.isSuccess && entries.length === 0 && <p className="dim">{say('peekNothing')}</p>}
        <ul className={classes['entries']}>
          {entries.map((entry) => (
            <li key={entry.entryId}>
              <span className="grow">
                {text(entry.title)}
                {entry.detail && <span className="mid"> · {entry.detail}</span>}
              </span>
              <time className="dim" dateTime={entry.at}>{ago(new Date(entry.at), now)}</time>
            </li>
          ))}
        </ul>
        <Link to="/companies/$orgId" params={{ orgId: task.orgId }} search={{ log: task.taskId }} className={classes['link']}>
          {say('open')}
        </Link>
      </div>
    </Modal>
  );
}
