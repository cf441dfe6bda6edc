import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Task } from '../api/index.ts';

interface Page {
  readonly items: readonly Task[];
}
type Cached = Page | InfiniteData<Page> | Task | undefined;

/** Changes one task wherever it is shown, before the server has answered; answers how to take that back. */
export function changeShown(client: QueryClient, taskId: string, change: (task: Task) => Task | undefined): () => void {
  const before = client.getQueriesData<Cached>({ queryKey: ['tasks'] });
  client.setQueriesData<Cached>({ queryKey: ['tasks'] }, (cached) => {
    if (!cached) return cached;
    if ('pages' in cached) return { ...cached, pages: cached.pages.map((page) => inPage(page, taskId, change)) };
    return 'items' in cached ? inPage(cached, taskId, change) : cached;
  });
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data);
  };
}

function inPage<P extends Page>(page: P, taskId: string, change: (task: Task) => Task | undefined): P {
  if (!page.items.some((task) => task.taskId === taskId)) return page;
  return { ...page, items: page.items.flatMap((task) => (task.taskId === taskId ? (change(task) ?? []) : [task])) };
}
