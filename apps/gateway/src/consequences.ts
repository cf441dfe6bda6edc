import { waitFor, type Broker, type Envelope } from '@tom/messaging';

const WAIT_MS = 2_000;
const TOPICS = [
  'tom.org.events.v1', 'tom.activity.events.v1', 'tom.task.events.v1', 'tom.case.events.v1',
  'tom.org.commands.v1', 'tom.activity.commands.v1', 'tom.task.commands.v1',
];

/**
 * Runs an action that crosses services and waits up to 2 s for what its answer promises: every message that the answer
 * says to expect, and the answer to every command among them. `completing` says that not everything was seen in time.
 */
export async function withConsequences<R extends { readonly expected: readonly string[] }>(
  broker: Broker,
  correlationId: string,
  act: () => Promise<R>,
): Promise<{ result: R; completing: boolean }> {
  // The log being away delays consequences, it refuses nothing: then the action goes ahead unwatched.
  const watch = await waitFor(broker, { topics: TOPICS, correlationId }).catch(() => undefined);
  try {
    const result = await act();
    if (result.expected.length === 0) return { result, completing: false };
    const complete = (await watch?.until((seen) => isComplete(seen, result.expected), WAIT_MS)) ?? false;
    return { result, completing: !complete };
  } finally {
    watch?.close();
  }
}

/** Whether everything expected was seen and every command seen was answered. */
export function isComplete(seen: readonly Envelope[], expected: readonly string[]): boolean {
  return expected.every((type) => seen.some((envelope) => envelope.type === type)) && openTasks(seen).size === 0 && openCommands(seen) === 0;
}

interface Tasks {
  readonly tasks?: readonly { readonly taskId: string }[];
  readonly knownOpenTaskIds?: readonly string[];
}

// Tasks that a command creates or cancels and of which task-service has not told yet.
function openTasks(seen: readonly Envelope[]): Set<string> {
  const awaited = new Set<string>();
  for (const { type, data } of seen) {
    const command = data as Tasks;
    if (type === 'tom.task.v1.CreateTasks') for (const { taskId } of command.tasks ?? []) awaited.add(taskId);
    if (type === 'tom.task.v1.CancelCaseTasks' || type === 'tom.task.v1.CancelOrgTasks') {
      for (const taskId of command.knownOpenTaskIds ?? []) awaited.add(taskId);
    }
  }
  for (const { type, aggregateId } of seen) {
    if (type === 'tom.task.v1.TaskCreated' || type === 'tom.task.v1.TaskCancelled') awaited.delete(aggregateId);
  }
  return awaited;
}

// Commands that are answered by an event which they cause.
function openCommands(seen: readonly Envelope[]): number {
  const answered = new Set(seen.map(({ causationId }) => causationId));
  const waiting = ['tom.stage.v1.TransitionStage', 'tom.activity.v1.LogActivity'];
  return seen.filter(({ type, id }) => waiting.includes(type) && !answered.has(id)).length;
}
