import type { Place } from './activity.ts';

/** An open case of a company as the projection, or its owner, tells it. */
export interface OpenCase {
  readonly caseId: string;
  readonly engine: string;
  readonly queue: string;
}

/** The engines that a person works in; `all` for whoever works everywhere. */
export type Engines = ReadonlySet<string> | 'all';

/** Without a case given: the company's open case in the engine of the person who logs, if there is exactly one. */
export function chooseCase(open: readonly OpenCase[], engines: Engines): Place {
  const own = engines === 'all' ? open : open.filter((candidate) => engines.has(candidate.engine));
  const [only] = own;
  return own.length === 1 && only ? { caseId: only.caseId, queue: only.queue } : {};
}
