import type { Contact, Me, Meta, Org, Task } from '../../api/index.ts';
import { inQueueOrder } from '../../tasks/order.ts';

/** The tasks of a company in the order in which I would do them: mine, free ones that I may do, then those of others. */
export function tasksInMyOrder(tasks: readonly Task[], { id, queues }: Pick<Me, 'id' | 'queues'>, priorities: Meta['priorities'], now: Date): readonly Task[] {
  const rankOf = ({ assignee, assignedQueue }: Task) => (assignee === id ? 0 : assignee === undefined && queues.includes(assignedQueue) ? 1 : 2);
  const ordered = inQueueOrder(tasks, priorities, now);
  return [0, 1, 2].flatMap((rank) => ordered.filter((task) => rankOf(task) === rank));
}

/** Whether I may do it: mine, or free in a queue of mine. */
export function isMine({ assignee, assignedQueue }: Task, { id, queues }: Pick<Me, 'id' | 'queues'>): boolean {
  return assignee === id || (assignee === undefined && queues.includes(assignedQueue));
}

export interface WhomToCall {
  readonly name: string | undefined;
  readonly title: string | undefined;
  readonly phone: string | undefined;
}

/** The contact of the task, else the first one; their own number, else that of the company. */
export function whomToCall(task: Task | undefined, contacts: readonly Contact[], org: Org | undefined): WhomToCall {
  const contact = contacts.find(({ contactId }) => contactId === task?.contactId) ?? contacts[0];
  return { name: contact?.name, title: contact?.title, phone: contact?.phone ?? org?.phone };
}

/** A number as a telephone takes it. */
export function telOf(phone: string): string {
  return `tel:${phone.replaceAll(/\(0\)|[^\d+]/g, '')}`;
}
