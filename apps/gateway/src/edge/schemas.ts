import { z } from 'zod';

const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

function custom(message: string, expected: string) {
  return { message, params: { expected } };
}

/** A text that says something: not empty, no NUL, no half of a surrogate pair. */
export function text(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value === '' || value.trim() !== '', custom('is blank', 'a text'))
    .refine((value) => !value.includes('\0') && value.isWellFormed(), custom('has characters that cannot be kept', 'text without NUL and lone surrogates'));
}

/** An instant; answered in UTC with milliseconds. */
export const instant = z.iso
  .datetime({ offset: true })
  .refine((value) => {
    const time = Date.parse(value);
    return Number.isNaN(time) || (time >= EARLIEST && time < LATEST);
  }, custom('lies outside of the years 1900 to 2199', 'an instant between 1900 and 2199'))
  .transform((value) => new Date(value).toISOString())
  .meta({ type: 'string', format: 'date-time' });

/** A day of the business time zone; whether it can be used, its owner says. */
export const day = z.iso.date();

/** An id in a body or query, in its one spelling: in lower case. */
export const id = z.guid().toLowerCase();

/** An optional member of a POST body: absent and null are the same. */
export function optional<S extends z.ZodType>(schema: S) {
  return schema.nullish().transform((value) => value ?? undefined);
}

export type Refuse = (path: string, message: string, expected: string) => void;

/** A body that is also judged as a whole, beside and not after its fields: everything wrong is said at once. */
export function judged<S extends z.ZodObject>(schema: S, check: (body: Readonly<Record<string, unknown>>, refuse: Refuse) => void): S {
  return schema.superRefine(
    (body, context) => {
      check(body, (path, message, expected) => context.addIssue({ code: 'custom', message, path: [path], params: { expected } }));
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  );
}

/** One text in a query. */
export const queryText = z.string().max(200).optional();

/** Digits alone: what else counts as a number elsewhere (`0x10`, `1e2`) is a mistake here. */
const pageSize = z
  .string()
  .refine((value) => /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 200, custom('is not a page size', 'a whole number from 1 to 200'))
  .transform(Number)
  .default(50)
  .meta({ type: 'integer', minimum: 1, maximum: 200, default: 50 });

/** How lists are paged. */
export const paging = {
  pageSize,
  pageToken: z.string().max(2000).optional(),
};

/** The answer of a list. */
export function page<S extends z.ZodType>(item: S) {
  return z.object({ items: z.array(item), nextPageToken: z.string().optional() });
}

export const systemText = z.object({ de: z.string(), en: z.string() }).meta({ id: 'Text' });

export const ruleResult = z
  .object({
    rule: z.string(),
    met: z.boolean(),
    message: systemText,
    value: z.unknown().optional(),
    hint: systemText.optional(),
    fix: z.object({ action: z.string(), params: z.record(z.string(), z.unknown()) }).optional(),
  })
  .meta({ id: 'RuleResult' });

export const orgSummary = z.object({
  name: z.string().nullish(),
  city: z.string().nullish(),
  currentStage: z.string().nullish(),
});

/** The answer's instants. */
export const time = z.string().meta({ format: 'date-time' });

/** Every refusal (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string(),
    violations: z.array(z.object({ path: z.string(), message: z.string(), expected: z.string() })).optional(),
  })
  .catchall(z.unknown())
  .meta({ id: 'Problem' });
