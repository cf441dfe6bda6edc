import { DomainError, systemClock } from '@tom/kernel';
import type { Caller } from '@tom/runtime';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Route } from './route.ts';

const MINUTE_MS = 60_000;

export interface RateLimits {
  /** Requests a minute of one person or one other system; 0 is no limit. */
  readonly perPerson: number;
  /** Requests a minute from one address to what is open before sign-in; 0 is no limit. */
  readonly perAddress: number;
}

/** Counts requests by whoever was identified, the others by address, and refuses the surplus with 429. */
export function rateLimits({ perPerson, perAddress }: RateLimits): RequestHandler[] {
  const callerOf = (response: Response) => response.locals['caller'] as Caller | undefined;
  return [
    ...limit(perPerson, (_request, response) => callerOf(response)?.actor),
    ...limit(perAddress, (request, response) => (callerOf(response) ? undefined : ipKeyGenerator(request.ip ?? 'unknown'))),
  ];
}

/** `keyOf` answers undefined for what this limit does not count. */
function limit(max: number, keyOf: (request: Request, response: Response) => string | undefined): RequestHandler[] {
  if (max === 0) return [];
  return [
    rateLimit({
      windowMs: MINUTE_MS,
      limit: max,
      standardHeaders: false,
      legacyHeaders: false,
      validate: false,
      skip: (request, response) => keyOf(request, response) === undefined,
      keyGenerator: (request, response) => keyOf(request, response) ?? '',
      handler(request, _response, next) {
        const { resetTime } = (request as Request & { readonly rateLimit?: { readonly resetTime?: Date } }).rateLimit ?? {};
        const seconds = resetTime ? Math.max(1, Math.ceil((resetTime.getTime() - systemClock.now().getTime()) / 1000)) : MINUTE_MS / 1000;
        next(new DomainError('TOO_MANY_REQUESTS', `More than ${max} requests in a minute.`, { retryAfterSeconds: seconds }));
      },
    }),
  ];
}

/**
 * Refuses requests with 503 while `max` others are under way: waiting longer would make every answer late, and a client
 * that is told at once can come back. Streams are left out, for they stay open by design and have a bound of their own.
 */
export function limitInFlight(max: number, routes: readonly Route[]): RequestHandler {
  const streams = new Set(routes.filter(({ events }) => events).map(({ path }) => path));
  let underWay = 0;
  return (request, response, next) => {
    if (streams.has(request.path)) {
      next();
      return;
    }
    if (underWay >= max) throw new DomainError('UNAVAILABLE', 'Too much is asked at the moment; try again.', { retryAfterSeconds: 1 });
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
    });
    next();
  };
}
