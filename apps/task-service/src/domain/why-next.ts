import type { Text } from '@tom/kernel';

interface Named {
  readonly label: Text;
}

/** What the sentence is made of; labels and hours come from the configuration. */
interface Words {
  readonly codes: { readonly priorities: ReadonlyMap<string, Named> };
  readonly queues: ReadonlyMap<string, Named>;
  readonly business: {
    readonly timeZone: string;
    readonly calendar: { bucketOf(dueAt: Date | null, now: Date): 'overdue' | 'today' | 'week' | 'later' };
  };
}

interface Next {
  readonly dueAt?: string | undefined;
  readonly priority: string;
  readonly assignedQueue: string;
}

/** Why this task is the next one, in words: what the order looked at first. */
export function whyNext(task: Next | undefined, words: Words, now: Date): Text | undefined {
  if (!task) return undefined;
  const dueAt = task.dueAt ? new Date(task.dueAt) : null;
  const due = dueText(dueAt, words, now);
  const priority = words.codes.priorities.get(task.priority)?.label ?? { de: task.priority, en: task.priority };
  const queue = words.queues.get(task.assignedQueue)?.label ?? { de: task.assignedQueue, en: task.assignedQueue };
  return {
    de: `${due.de}, Priorität ${priority.de}: die erste freie Aufgabe in „${queue.de}“.`,
    en: `${due.en}, priority ${priority.en.toLowerCase()}: the first free task in “${queue.en}”.`,
  };
}

function dueText(dueAt: Date | null, { business }: Words, now: Date): Text {
  if (!dueAt) return { de: 'Ohne Fälligkeit', en: 'Without a due date' };
  const text = (locale: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: business.timeZone, ...options }).format(dueAt);
  const day: Intl.DateTimeFormatOptions = { day: '2-digit', month: '2-digit', year: 'numeric' };
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hour12: false };
  switch (business.calendar.bucketOf(dueAt, now)) {
    case 'overdue':
      return {
        de: `Überfällig seit ${text('de-DE', { ...day, ...time })}`,
        en: `Overdue since ${text('en-GB', { ...day, ...time })}`,
      };
    case 'today':
      return { de: `Heute um ${text('de-DE', time)} fällig`, en: `Due today at ${text('en-GB', time)}` };
    default:
      return { de: `Am ${text('de-DE', day)} fällig`, en: `Due on ${text('en-GB', day)}` };
  }
}
