import { api, dataOf, type Text } from '../api/index.ts';

/** A task as it would be. */
export interface ForetoldTask {
  readonly taskId?: string;
  readonly taskType: string;
  readonly title: string;
  readonly assignedQueue?: string;
  readonly assignee?: string;
  readonly dueAt?: string;
  readonly dueIsEndOfDay?: boolean;
}

export interface ForetoldCase {
  readonly caseId?: string;
  readonly caseType: string;
  readonly ownerQueue: string;
  readonly outcomeCode?: string;
}

/** A rule of a transition whose answer would change. */
export interface ChangedRule {
  readonly to: string;
  readonly rule: string;
  readonly message: Text;
  readonly before: boolean;
  readonly after: boolean;
}

/** What something would cause, without doing it. */
export interface Preview {
  readonly tasks?: {
    readonly created?: readonly ForetoldTask[];
    readonly completed?: readonly ForetoldTask[];
    readonly moved?: readonly ForetoldTask[];
    readonly cancelled?: readonly ForetoldTask[];
  };
  readonly cases?: { readonly opened?: readonly ForetoldCase[]; readonly closed?: readonly ForetoldCase[] };
  readonly stage?: { readonly before: string; readonly after: string };
  readonly rules?: readonly ChangedRule[];
}

/** Exactly one of what may be asked about, as its own route takes it. */
export interface PreviewRequest {
  readonly orgId: string;
  readonly activity?: Readonly<Record<string, unknown>>;
  readonly transition?: Readonly<Record<string, unknown>>;
  readonly handover?: Readonly<Record<string, unknown>>;
  readonly return?: Readonly<Record<string, unknown>>;
  readonly completeTaskIds?: readonly string[];
}

interface Foretelling {
  POST(path: '/preview', init: { readonly body: PreviewRequest; readonly signal: AbortSignal }): Promise<{ readonly data?: Preview }>;
}

export function askPreview(body: PreviewRequest, signal: AbortSignal): Promise<Preview> {
  return dataOf((api as unknown as Foretelling).POST('/preview', { body, signal }));
}
