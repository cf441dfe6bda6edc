import IconDots from '@tabler/icons-react/icons/IconDots';
import { Menu } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useMe, type Task } from '../../api/index.ts';
import { useTexts } from '../../i18n/index.ts';
import { Button } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import { taskTexts } from '../../tasks/texts.ts';
import { useTaskActions } from '../../tasks/use-task-actions.ts';
import { isMine } from './next-task.ts';

const CancelDialog = lazy(async () => ({ default: (await import('../../tasks/cancel-dialog.tsx')).CancelDialog }));
const ReassignDialog = lazy(async () => ({ default: (await import('../../tasks/reassign-dialog.tsx')).ReassignDialog }));

/** Everything else that can be done to a task. */
export function TaskMenu({ task, onPutOff }: { readonly task: Task; onPutOff(): void }) {
  const say = useTexts(taskTexts);
  const me = useMe();
  const actions = useTaskActions();
  const [asked, setAsked] = useState<'cancel' | 'reassign'>();
  const close = () => setAsked(undefined);
  const mine = isMine(task, me);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button look="ghost" icon small aria-label={`${say('more')}: ${task.title}`}>
            <IconDots {...icon} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mine && <Menu.Item onClick={() => void actions.complete(task)}>{say('done')}</Menu.Item>}
          {mine && task.assignee === undefined && <Menu.Item onClick={() => void actions.claim(task)}>{say('claim')}</Menu.Item>}
          {task.assignee === me.id && <Menu.Item onClick={() => void actions.release(task)}>{say('release')}</Menu.Item>}
          <Menu.Item onClick={onPutOff}>{say('reschedule')}</Menu.Item>
          {me.rights.includes('reassign_tasks') && <Menu.Item onClick={() => setAsked('reassign')}>{say('reassign')}</Menu.Item>}
          <Menu.Item onClick={() => setAsked('cancel')}>{say('cancel')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {asked === 'cancel' && <CancelDialog task={task} onClose={close} onCancel={(reason) => void actions.cancel(task, reason)} />}
        {asked === 'reassign' && <ReassignDialog subject={task.title} onClose={close} onChoose={(to) => void actions.reassign(task, to)} />}
      </Suspense>
    </>
  );
}
