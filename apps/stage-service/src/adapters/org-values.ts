import { queryBuilder } from '@tom/postgres';
import { literal } from './org-list.ts';
import type { Reader } from './reader.ts';

const columns = { city: 'city', industry: 'industry' } as const;
export type ValueName = keyof typeof columns;
export const valueNames = Object.keys(columns) as readonly ValueName[];

const MOST = 100;

/** The values that companies have, the most frequent first. */
export function orgValues(reader: Reader, of: ValueName, q: string | undefined): Promise<{ value: string; companies: number }[]> {
  const column = columns[of];
  const text = `select ${column} as value, count(*) as companies from org
    where ${column} is not null ${q === undefined ? '' : `and lower(${column}) like '%' || lower(:pattern) || '%'`}
    group by ${column} order by companies desc, value limit ${MOST}`;
  return reader.run(q === undefined ? queryBuilder.raw(text) : queryBuilder.raw(text, { pattern: literal(q) }));
}
