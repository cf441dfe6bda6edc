import { TaskView, type CreateTaskRequest } from '@tom/contracts/tom/task/v1/task_service';
import { DomainError, newId, type Violation } from '@tom/kernel';
import { requestOrigin } from '@tom/messaging';
import type { CallContext } from '@tom/runtime';
import { draftsOf } from '../adapters/task-events.ts';
import { readViews } from '../adapters/task-view.ts';
import type { Deps } from '../deps.ts';
import { newTask } from '../domain/new-task.ts';
import { wasErased } from '../domain/task.ts';
import { once } from './once.ts';

/** A task that a person makes by hand. */
export async function createTask(deps: Deps, call: CallContext, request: CreateTaskRequest): Promise<TaskView> {
  await requireNamed(deps, call, request);
  return once(deps, call, request, TaskView, async (tx) => {
    const { next, events } = newTask({
      taskId: newId(),
      orgId: request.orgId,
      caseId: request.caseId || null,
      contactId: request.contactId || null,
      taskType: request.taskType,
      title: request.title,
      description: request.description || null,
      assignedQueue: request.assignedQueue,
      assigneeRole: request.assigneeRole || deps.catalog.queues.get(request.assignedQueue)?.role || request.assignedQueue,
      assignee: request.assignee || null,
      priority: request.priority || 'NORMAL',
      dueAt: request.dueAt ? new Date(request.dueAt) : null,
      waitingFor: request.waitingFor || null,
      origin: 'PERSON',
      createdAt: deps.clock.now(),
      createdBy: call.caller.id,
    });
    await deps.tasks.insert(tx, [next]);
    await deps.outbox.append(tx, requestOrigin(call), draftsOf(events));
    const [view] = await readViews(tx, [next.taskId]);
    if (!view) throw new Error(`Task ${next.taskId} is not there after its insert`);
    return view;
  });
}

/** What the task names must exist, case and contact must be the company's, and its data must not have been erased. */
async function requireNamed({ owners }: Deps, call: CallContext, { orgId, caseId, contactId }: CreateTaskRequest): Promise<void> {
  const refused = (path: string, message: string): Violation => ({ path, message, expected: 'the id of an existing one' });
  const org = await owners.findOrg(orgId, call);
  if (!org) throw DomainError.invalid([refused('orgId', 'is not a known company')]);
  const [caseFits, contactFits] = await Promise.all([
    caseId ? owners.hasCase(orgId, caseId, call) : true,
    contactId ? owners.hasContact(orgId, contactId, call) : true,
  ]);
  const violations = [
    ...(caseFits ? [] : [refused('caseId', 'is not a case of this company')]),
    ...(contactFits ? [] : [refused('contactId', 'is not a contact of this company')]),
  ];
  if (violations.length > 0) throw DomainError.invalid(violations);
  if (org.erased) throw wasErased();
}
