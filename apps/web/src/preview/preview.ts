import type { paths } from '@tom/contracts/edge';
import { api, dataOf } from '../api/index.ts';

type Call = paths['/preview']['post'];

/** What something would cause, without doing it. */
export type Preview = Call['responses'][200]['content']['application/json'];
export type ForetoldTask = Pick<Preview['tasks']['created'][number], 'title'> & Partial<Preview['tasks']['created'][number]>;
export type ChangedRule = Preview['rules'][number];

/** What is shown of it; where it cannot be asked for, a part of it is known all the same. */
export interface Foreseen {
  readonly tasks?: { readonly [K in 'created' | 'completed' | 'moved' | 'cancelled']?: readonly ForetoldTask[] };
  readonly cases?: Pick<Preview['cases'], 'opened' | 'closed'>;
  readonly stage?: Preview['stage'];
  readonly rules?: readonly ChangedRule[];
}

type Intent = 'activity' | 'transition' | 'handover' | 'return';

/** Exactly one intent, each as its own route takes it: its codes are configuration. */
export interface PreviewRequest extends Partial<Record<Intent, object>> {
  readonly orgId: string;
  readonly completeTaskIds?: readonly string[];
}

export function askPreview(body: PreviewRequest, signal: AbortSignal): Promise<Preview> {
  return dataOf(api.POST('/preview', { body: body as never, signal }));
}
