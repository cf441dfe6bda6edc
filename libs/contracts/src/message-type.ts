import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats, { type FormatsPlugin } from 'ajv-formats';

/** An event or command: its full name, its topic, and its strict reading and writing in protobuf's JSON mapping. */
export interface MessageType<T> {
  readonly typeName: string;
  readonly topic: string;
  /** The JSON schema generated from the proto; unknown fields are allowed, except where other systems write. */
  readonly schema: object;
  /** Checks a JSON value and reads it; throws an Error that names every bad field. */
  decode(value: unknown): T;
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
      validate ??= ajv.compile(schema);
      if (!validate(value)) throw new Error(`${typeName}: ${(validate.errors ?? []).map(inWords).join('; ')}`);
      return codec.fromJSON(value);
    },
    encode: (value) => codec.toJSON(value),
  };
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
