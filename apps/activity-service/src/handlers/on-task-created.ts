import type { Catalog } from '@tom/catalog';
import type { TaskCreated } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { linkTasks, type TaskLink } from '../adapters/activity-table.ts';
import { tellAll } from './tell.ts';

/** The CALL_BACK of an activity exists: the activity shows it. Nobody edited anything, so its version stays. */
export const onTaskCreated = (catalog: Catalog) => async ({ tx, items }: BatchContext<TaskCreated>): Promise<void> => {
  const links = items.flatMap(({ envelope: { data } }): TaskLink[] => {
    const { taskId, source, createdAt } = data.task;
    if (source?.activityId === undefined || createdAt === undefined) return [];
    return [{ activity_id: source.activityId, task_id: taskId, created_at: createdAt }];
  });
  await linkTasks(tx, links);
  await tellAll(tx, catalog, items.map((item) => item.envelope));
};
