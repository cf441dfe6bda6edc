import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats, { type FormatsPlugin } from 'ajv-formats';

/** An event or command: its full name, its topic, and its strict reading and writing in protobuf's JSON mapping. */
export interface MessageType<T> {
  readonly typeName: string;
  readonly topic: string;
  /** The JSON schema generated from the proto; unknown fields are allowed. */
  readonly schema: object;
  /** Checks a JSON value and reads it; throws an Error that names every bad field, where other systems write also unknown ones. */
  decode(value: unknown): T;
  /** Reads what its owner kept of it, unchecked: texts that were erased since are missing there. */
  restore(value: unknown): T;
  /** The JSON value to send. */
  encode(value: T): unknown;
}

/** T with these fields present: what the schema demands, the type may promise. */
export type Has<T, K extends keyof T> = T & { readonly [P in K]-?: NonNullable<T[P]> };

interface Codec {
  // The generated codecs are typed by their own message, of which T is a narrowing.
  fromJSON(value: never): unknown;
  toJSON(value: never): unknown;
}

const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false });
// The package is CommonJS: its function is the module's `default`.
(ajvFormats as unknown as { readonly default: FormatsPlugin }).default(ajv, ['date-time']);

/** Makes a MessageType of a generated codec and schema. The schema is compiled when it is first used. */
export function defineMessage<T>(definition: {
  readonly typeName: string;
  readonly topic: string;
  readonly codec: Codec;
  readonly closed?: boolean;
  readonly schema: object;
}): MessageType<T> {
  const { typeName, topic, schema } = definition;
  const codec = definition.codec as unknown as { fromJSON(value: unknown): T; toJSON(value: T): unknown };
  let validate: ValidateFunction | undefined;
  return {
    typeName,
    topic,
    schema,
    decode(value) {
      validate ??= ajv.compile(definition.closed ? closed(schema) : schema);
      if (!validate(value)) throw new Error(`${typeName}: ${(validate.errors ?? []).map(inWords).join('; ')}`);
      return codec.fromJSON(value);
    },
    restore: (value) => codec.fromJSON(value),
    encode: (value) => codec.toJSON(value),
  };
}

/**
 * The schema without room for fields that it does not list, in everything that lies in it too. The published one stays
 * open: it also tells readers that fields may be added.
 */
function closed(schema: object): object {
  const entries = Object.entries(schema).map(([name, value]: [string, unknown]) => {
    if (name === 'properties' && typeof value === 'object' && value !== null) {
      const fields = Object.entries(value).map(([field, own]: [string, unknown]) => [field, closed(own as object)]);
      return [name, Object.fromEntries(fields) as unknown];
    }
    return [name, name === 'items' ? closed(value as object) : value];
  });
  const copy = Object.fromEntries(entries) as object;
  return 'properties' in copy ? { ...copy, additionalProperties: false } : copy;
}

function inWords(error: ErrorObject): string {
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'required') {
    const missing = String((error.params as { missingProperty: string }).missingProperty);
    return `${path ? `${path}.` : ''}${missing}: is missing`;
  }
  if (error.keyword === 'additionalProperties') {
    const unknown = String((error.params as { additionalProperty: string }).additionalProperty).slice(0, 100);
    return `${path ? `${path}.` : ''}${unknown}: is unknown`;
  }
  return `${path || 'value'}: ${error.message ?? error.keyword}`;
}
