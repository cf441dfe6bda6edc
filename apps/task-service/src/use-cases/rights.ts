import { can, require, type Catalog } from '@tom/catalog';
import { DomainError } from '@tom/kernel';
import type { CallContext } from '@tom/runtime';
import type { Person, Task } from '../domain/task.ts';

type Knows = { readonly catalog: Catalog };

/** Reading is open to every signed-in role, and to the other services. */
export function requireReading({ catalog }: Knows, { caller }: CallContext): void {
  if (caller.kind === 'service' || can(catalog.roles, caller.roles, 'read')) return;
  throw new DomainError('FORBIDDEN', 'This needs the right read.');
}

/** Works tasks somewhere; whether that one is decided when it is known. */
export function requireWorking({ catalog }: Knows, { caller }: CallContext): void {
  require(catalog.roles, caller.roles, 'work_tasks');
}

export function requireCreating({ catalog }: Knows, { caller }: CallContext): void {
  require(catalog.roles, caller.roles, 'create_tasks');
}

export function requireReassigning({ catalog }: Knows, { caller }: CallContext): void {
  require(catalog.roles, caller.roles, 'reassign_tasks');
}

export function requireQueue({ catalog }: Knows, { caller }: CallContext, queue: string): void {
  require(catalog.roles, caller.roles, 'work_tasks', { queue });
}

/** The queues that the caller's roles work, in the order of the configuration. */
export function queuesOf({ catalog }: Knows, { caller }: CallContext): string[] {
  return [...catalog.queues.keys()].filter((queue) => can(catalog.roles, caller.roles, 'work_tasks', { queue }));
}

/** The caller before a task. */
export function personBefore({ catalog }: Knows, { caller }: CallContext, task: Task): Person {
  const scope = { queue: task.assignedQueue, role: task.assigneeRole };
  return {
    id: caller.id,
    works: can(catalog.roles, caller.roles, 'work_tasks', scope),
    manages: can(catalog.roles, caller.roles, 'reassign_tasks', scope),
  };
}
