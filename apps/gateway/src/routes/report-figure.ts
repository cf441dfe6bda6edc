import { z } from 'zod';
import { day } from '../edge/schemas.ts';

/** A figure, and the list of what is behind it: a path below /api/v1 with its query. Without a filter it has none. */
export const figureSchema = z
  .object({
    count: z.number().int(),
    filter: z.object({ path: z.string(), query: z.record(z.string(), z.string()) }).optional(),
  })
  .meta({ id: 'Figure' });

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Figure {
  readonly count: number;
  readonly filter?: { readonly path: string; readonly query: Readonly<Record<string, string>> };
}

/** A figure that a list explains; members of the query that have no value are left out. */
export function figure(count: number, path: string, query: Query): Figure {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(',')] as const],
  );
  return { count, filter: { path, query: Object.fromEntries(entries) } };
}

/** Which days, and what the figures are also told apart by. */
export function reportQuery<const T extends readonly [string, ...string[]]>(by: T) {
  return z.object({ from: day.optional(), to: day.optional(), by: z.enum(by).optional() });
}

export const spanSchema = { from: z.string().meta({ format: 'date' }), to: z.string().meta({ format: 'date' }), by: z.string().optional() };
