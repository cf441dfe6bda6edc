import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { implement, type CallContext, type Handlers, type ServiceImplementation } from '@tom/runtime';
import { seePerson } from './adapters/person-table.ts';
import type { Deps } from './deps.ts';
import { historyCalls } from './grpc/history-calls.ts';
import { personCalls } from './grpc/person-calls.ts';
import { queueCalls } from './grpc/queue-calls.ts';
import { reportCalls } from './grpc/report-calls.ts';
import { rehearseCall } from './grpc/rehearse-call.ts';
import { taskCalls } from './grpc/task-calls.ts';

/** Calls in: RPC → use-case or query. Whoever calls is remembered, so that work can be given to that person. */
export function taskService(deps: Deps): ServiceImplementation {
  const calls: Handlers<typeof TaskServiceService> = {
    ...taskCalls(deps),
    ...queueCalls(deps),
    ...personCalls(deps),
    ...historyCalls(deps),
    ...reportCalls(deps),
    ...rehearseCall(deps),
  };
  const remember = rememberPersons(deps);
  const remembering = Object.fromEntries(
    Object.entries(calls).map(([name, handle]) => [
      name,
      async (request: never, call: CallContext) => {
        await remember(call);
        return handle(request, call);
      },
    ]),
  );
  return implement(TaskServiceService, remembering as unknown as typeof calls);
}

const MAX_REMEMBERED = 10_000;

/** Written once per process and content of the token, not with every call. */
function rememberPersons({ database, clock }: Deps): (call: CallContext) => Promise<void> {
  const seen = new Map<string, string>();
  return async ({ caller }) => {
    if (caller.kind !== 'user') return;
    const content = JSON.stringify([caller.name, caller.roles]);
    if (seen.get(caller.id) === content) return;
    await seePerson(database, caller, clock.now());
    if (seen.size >= MAX_REMEMBERED) seen.clear();
    seen.set(caller.id, content);
  };
}
