/** The pieces of JSON Schema that the files share. A `description` is what a problem says was expected. */
export const textSchema = {
  type: 'object',
  description: 'a text in both languages, { de: …, en: … }',
  required: ['de', 'en'],
  additionalProperties: false,
  properties: {
    de: { type: 'string', minLength: 1, maxLength: 500 },
    en: { type: 'string', minLength: 1, maxLength: 500 },
  },
} as const;

export const codeName = {
  type: 'string',
  pattern: '^[A-Z][A-Z0-9_]{0,59}$',
  description: 'a name in UPPER_SNAKE_CASE',
} as const;

export const lowerName = {
  type: 'string',
  pattern: '^[a-z][a-z0-9_]{0,59}$',
  description: 'a name in lower_snake_case',
} as const;

export const phaseName = {
  type: 'string',
  pattern: '^[A-Z][A-Z0-9]{0,19}(-[A-Z0-9]{1,10})?$',
  description: 'a phase such as QUALIFY-A',
} as const;

/** A group of fields, all of them known, some required. */
export function fields(properties: Readonly<Record<string, object>>, required: readonly string[]): object {
  return { type: 'object', additionalProperties: false, required, properties };
}

/** A group whose names are free within a pattern and whose entries are alike. */
export function entries(name: object, entry: object): object {
  return {
    type: 'object',
    minProperties: 1,
    maxProperties: 200,
    propertyNames: name,
    additionalProperties: entry,
  };
}

/** A list without doubles. */
export function listOf(items: object, most = 200): object {
  return { type: 'array', items, maxItems: most, uniqueItems: true };
}
