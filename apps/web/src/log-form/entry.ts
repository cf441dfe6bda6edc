import type { Meta } from '../api/index.ts';
import type { FollowUpValue } from './follow-up-field.tsx';

/** What somebody has put into the form; what they left as it was offered is absent. */
export interface LogEntry {
  readonly activityType?: string;
  readonly outcomeCode?: string;
  readonly notes: string;
  /** Null: with nobody in particular. */
  readonly contactId?: string | null;
  readonly direction?: string;
  readonly occurredAt?: string;
  readonly minutes?: string;
  readonly followUp: FollowUpValue;
  /** The task that the activity belongs to stays open. */
  readonly keepsTask?: boolean;
  /** What was sent under which key, so that sending it again happens once. */
  readonly sent?: { readonly key: string; readonly body: string };
}

export const EMPTY: LogEntry = { notes: '', followUp: { text: '' } };

/** What the form offers where nothing was chosen. */
export interface Offered {
  readonly activityType: string;
  readonly contactId: string | undefined;
  readonly taskId: string | undefined;
}

export interface ActivityBody {
  readonly activityType: string;
  readonly direction?: string;
  readonly occurredAt?: string;
  readonly durationMinutes?: number;
  readonly outcomeCode?: string;
  readonly notes?: string;
  readonly contactId?: string;
  readonly followUpAt?: string;
  readonly completesTaskId?: string;
}

export type ActivityType = Meta['activityTypes'][number];
export type Outcome = ActivityType['outcomes'][number];

/** The request that the form stands for. */
export function bodyOf(entry: LogEntry, offered: Offered, types: readonly ActivityType[]): ActivityBody {
  const activityType = entry.activityType ?? offered.activityType;
  const type = types.find(({ code }) => code === activityType);
  const outcome = type?.outcomes.find(({ code }) => code === entry.outcomeCode);
  const contactId = entry.contactId === undefined ? (type?.contact ? offered.contactId : undefined) : (entry.contactId ?? undefined);
  const minutes = Number(entry.minutes);
  const notes = entry.notes.trim();
  return {
    activityType,
    ...(type?.directed ? { direction: entry.direction ?? 'OUTBOUND' } : {}),
    ...(entry.occurredAt ? { occurredAt: entry.occurredAt } : {}),
    ...(entry.minutes && Number.isInteger(minutes) && minutes >= 0 ? { durationMinutes: minutes } : {}),
    ...(outcome ? { outcomeCode: outcome.code } : {}),
    ...(notes ? { notes } : {}),
    ...(contactId ? { contactId } : {}),
    ...(entry.followUp.at ? { followUpAt: entry.followUp.at } : {}),
    ...(offered.taskId && !entry.keepsTask ? { completesTaskId: offered.taskId } : {}),
  };
}

/** What has to be there for this outcome and is not: the outcome itself, what it makes mandatory, or anything at all. */
export function missingOf(body: ActivityBody, type: ActivityType | undefined): readonly string[] {
  const outcome = type?.outcomes.find(({ code }) => code === body.outcomeCode);
  if (type && type.outcomes.length > 0 && !outcome) return ['outcomeCode'];
  const mandatory = type && type.outcomes.length === 0 ? ['notes'] : (outcome?.mandatory ?? []);
  return mandatory.filter((field) => body[field as keyof ActivityBody] === undefined);
}
