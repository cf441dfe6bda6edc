import type { ServerResponse } from 'node:http';
import type { Caller, CallContext } from '@tom/runtime';
import type { z } from 'zod';

export type Method = 'get' | 'post' | 'patch' | 'delete';

/** What a handler is given: everything checked, nothing of express. */
export interface Input<Q, B> {
  /** The ids in the path, by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Q;
  readonly body: B;
  readonly call: CallContext;
  readonly caller: Caller;
  /** The version in If-Match; 0, which no resource has, when the header is missing. */
  readonly version: number;
  /** Where an event stream is to go on. */
  readonly lastEventId?: string;
  /** With `progress`: what the client accepts is a stream of events, and whether it is gone. */
  readonly progress?: { readonly wanted: boolean; readonly gone: AbortSignal };
}

/** What a handler answers. `version` becomes the ETag. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly version?: number | undefined;
  readonly location?: string;
  /** Instead of a body: writes the answer, head and all, for as long as it likes. */
  readonly stream?: (response: ServerResponse) => void;
}

/** One operation of the contract: what it takes, what it answers, what it does. It validates and documents alike. */
export interface Route {
  readonly method: Method;
  /** Below /api/v1, with `{name}` for ids. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** By status; undefined for an answer without a body. */
  readonly answers: Readonly<Record<number, z.ZodType | undefined>>;
  /** PATCH and DELETE of a resource with a version. */
  readonly needsVersion?: boolean;
  /** Answers with server-sent events whose data is what `answers` says, and takes Last-Event-ID. */
  readonly events?: boolean;
  /**
   * Takes long. A client that accepts text/event-stream is told how far it is by events `progress` with this data, then
   * `result` with the answer or `problem`; any other gets the answer at the end. A client that goes cancels it.
   */
  readonly progress?: z.ZodType;
  /** Reachable without being signed in. */
  readonly open?: boolean;
  handle(input: Input<never, never>): Promise<Answer>;
}

type Infer<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A Route whose handler knows the types of its query and body. */
export function route<Q extends z.ZodObject | undefined = undefined, B extends z.ZodType | undefined = undefined>(
  definition: Omit<Route, 'query' | 'body' | 'handle'> & {
    readonly query?: Q;
    readonly body?: B;
    handle(input: Input<Infer<Q>, Infer<B>>): Promise<Answer>;
  },
): Route {
  return definition as unknown as Route;
}

export function ok(body: unknown, version?: number): Answer {
  return { status: 200, body, version };
}

export function created(body: unknown, location: string, version?: number): Answer {
  return { status: 201, body, location: `/api/v1${location}`, version };
}

export function streamed(stream: (response: ServerResponse) => void): Answer {
  return { status: 200, stream };
}

export const noContent: Answer = { status: 204 };
