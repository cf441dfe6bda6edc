import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../../api/index.ts';

export const doneTasksQuery = (orgId: string) =>
  queryOptions({ queryKey: ['org', orgId, 'done-tasks'], queryFn: () => dataOf(api.GET('/tasks', { params: { query: { orgId, status: ['DONE'], pageSize: 50 } } })) });

export const templatesQuery = queryOptions({ queryKey: ['workflows'], queryFn: () => dataOf(api.GET('/workflows')) });

export type Source = 'task' | 'case' | 'stage';

/** Why a task, a case or the stage of a company is there. */
export const whyQuery = (orgId: string, source: Source, id: string) =>
  queryOptions({
    queryKey: ['org', orgId, 'why', source, id],
    queryFn: () =>
      dataOf(
        source === 'task'
          ? api.GET('/tasks/{taskId}/why', { params: { path: { taskId: id } } })
          : source === 'case'
            ? api.GET('/cases/{caseId}/why', { params: { path: { caseId: id } } })
            : api.GET('/orgs/{orgId}/stage/why', { params: { path: { orgId } } }),
      ),
  });

export const whyNotQuery = (orgId: string) =>
  queryOptions({ queryKey: ['org', orgId, 'why-not'], queryFn: () => dataOf(api.GET('/orgs/{orgId}/why-not', { params: { path: { orgId }, query: { pageSize: 20 } } })) });
