import { messageTypes, topics } from '@tom/contracts';
import { parseHeaders, type IncomingMessage } from '@tom/messaging';

/** What clients may see: what happened. Commands between the services and dead letters are nobody else's business. */
export const liveTopics: readonly string[] = topics.filter((topic) => /^tom\.[a-z]+\.events\.v\d+$/.test(topic));

/** An event as a stream shows it. */
export interface LiveEvent {
  /** The message's own id: the same for every copy of it in the log. */
  readonly id: string;
  readonly topic: string;
  readonly orgId: string;
  /** The queues that a task was and is in; none for what is no task. */
  readonly queues: readonly string[];
  /** Its part of the stream, without the line of the id. */
  readonly text: string;
}

/** What a stream is limited to; absent: no limit. */
export interface Filter {
  readonly orgId?: string | undefined;
  readonly queue?: string | undefined;
  readonly topics?: readonly string[] | undefined;
}

/** The event in a message; undefined for one that is not what its contract says, or that this gateway does not know. */
export function liveEventOf(message: IncomingMessage): LiveEvent | undefined {
  try {
    const { id, type, subject, time, actor } = parseHeaders(message);
    const known = messageTypes.get(type);
    if (known?.topic !== message.topic) return undefined;
    const data = JSON.parse(message.value) as TaskData;
    known.decode(data);
    const shown = JSON.stringify({ id, type, subject, time, actor, data });
    return {
      id,
      topic: message.topic,
      orgId: subject,
      queues: message.topic === 'tom.task.events.v1' ? queuesOf(data) : [],
      text: `event: ${type.slice(type.lastIndexOf('.') + 1)}\ndata: ${shown}\n\n`,
    };
  } catch {
    return undefined;
  }
}

export function matches({ orgId, queue, topics: wanted }: Filter, event: Omit<LiveEvent, 'text'>): boolean {
  return (
    (orgId === undefined || event.orgId === orgId) &&
    (queue === undefined || event.queues.includes(queue)) &&
    (wanted === undefined || wanted.includes(event.topic))
  );
}

interface TaskData {
  readonly task?: { readonly assignedQueue?: string };
  readonly previousQueue?: string;
}

// Whoever watches the queue that a task left must see it leave.
function queuesOf({ task, previousQueue }: TaskData): string[] {
  return [task?.assignedQueue, previousQueue].filter((queue): queue is string => typeof queue === 'string' && queue !== '');
}
