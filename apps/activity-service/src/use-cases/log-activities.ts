import type { ItemError } from '@tom/contracts/tom/types/v1/types';
import { DomainError, isDomainError } from '@tom/kernel';
import { isTransient } from '@tom/postgres';
import { callFor, sparingly, type CallContext, type Logger, type TokenVerifier } from '@tom/runtime';
import type { Activity } from '../domain/activity.ts';
import type { Context } from './context.ts';
import { logActivity, type LogActivityCommand } from './log-activity.ts';

/** One person's command with the identity that it came with. */
export interface LogActivitiesItem {
  readonly command: LogActivityCommand;
  readonly token: string;
  readonly correlationId: string;
  readonly traceparent: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly idempotencyRoute: string | undefined;
}

export type LogActivitiesResult = { readonly activity: Activity } | { readonly error: ItemError };

/** One outage meets all of them. */
const mayWarn = sparingly();

/** Logs many people's activities; each item is verified and judged by itself and gets its own answer, in order. */
export function logActivities(
  context: Context,
  deps: { readonly verifier: TokenVerifier; readonly logger: Logger },
  items: readonly LogActivitiesItem[],
  batch: CallContext,
): Promise<LogActivitiesResult[]> {
  const { verifier, logger } = deps;
  const one = async (item: LogActivitiesItem): Promise<LogActivitiesResult> => {
    try {
      const { idempotencyKey: key, idempotencyRoute: route } = item;
      const call = await callFor(verifier, item.token, {
        correlationId: item.correlationId,
        traceparent: item.traceparent,
        idempotency: key === undefined ? undefined : { key, route: route ?? `LogActivity ${item.command.orgId}` },
      });
      const withDeadline = batch.deadline === undefined ? call : { ...call, deadline: batch.deadline };
      return { activity: await logActivity(context, item.command, withDeadline) };
    } catch (error) {
      return { error: told(error, logger, item.correlationId) };
    }
  };
  return Promise.all(items.map(one));
}

/** A refusal as it is; a fault without any of its inner text. */
function told(error: unknown, logger: Logger, correlationId: string): ItemError {
  if (isDomainError(error)) return { code: error.code, message: error.message, details: { ...error.details } };
  if (isTransient(error)) {
    const turn = mayWarn('');
    if (turn) logger.warn({ err: error, correlationId, ...turn }, 'an activity could not be logged for now');
    const { code, message } = new DomainError('UNAVAILABLE', 'The service cannot do this at the moment; try again.');
    return { code, message };
  }
  logger.error({ err: error, correlationId }, 'logging an activity failed');
  return { code: 'INTERNAL', message: 'Internal error.' };
}
