import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

/** What a JSON Schema says about a value, in words: where, what, and what was expected. */
export interface SchemaProblem {
  readonly path: readonly (string | number)[];
  /** The name is wrong, not its value. */
  readonly atKey: boolean;
  readonly message: string;
  readonly expected: string;
}

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictRequired: false });
const compiled = new WeakMap<object, ValidateFunction>();

/** Every way in which the value does not fit. A `description` in the schema says what is expected. */
export function schemaProblems(schema: object, value: unknown): readonly SchemaProblem[] {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).flatMap((error) => describe(error, value) ?? []);
}

function describe(error: ErrorObject, value: unknown): SchemaProblem | undefined {
  const path = typedPath(error.instancePath, value);
  const schema = error.parentSchema as Schema;
  switch (error.keyword) {
    case 'required': {
      const name = String(error.params['missingProperty']);
      return {
        path,
        atKey: false,
        message: `${name} is missing.`,
        expected: `${name}: ${expectedOf(schema.properties?.[name])}`,
      };
    }
    case 'additionalProperties': {
      const name = String(error.params['additionalProperty']);
      const known = Object.keys(schema.properties ?? {}).join(', ');
      return {
        path: [...path, name],
        atKey: true,
        message: `There is no field ${name} here.`,
        expected: known === '' ? expectedOf(schema.propertyNames) : `one of ${known}`,
      };
    }
    // The error of the name itself is told at the name.
    case 'propertyNames':
    case 'if':
      return undefined;
    default: {
      const name = error.propertyName;
      if (name !== undefined) {
        return {
          path: [...path, name],
          atKey: true,
          message: `The name ${name} cannot be used.`,
          expected: expectedOf(schema),
        };
      }
      return { path, atKey: false, message: messageOf(error), expected: expectedOf(schema) };
    }
  }
}

interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
}

function messageOf(error: ErrorObject): string {
  switch (error.keyword) {
    case 'type':
      return `This is ${nameOf(error.data)}.`;
    case 'enum':
    case 'const':
    case 'pattern':
      return `${quote(error.data)} is not known here.`;
    case 'minimum':
    case 'maximum':
      return `${quote(error.data)} is out of range.`;
    case 'uniqueItems':
      return 'An entry stands here twice.';
    case 'minItems':
    case 'minProperties':
      return 'This list is too short.';
    case 'maxItems':
    case 'maxProperties':
      return 'This list is too long.';
    case 'minLength':
      return 'This text is too short.';
    case 'maxLength':
      return 'This text is too long.';
    default:
      return `This ${error.message ?? 'does not fit'}.`;
  }
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of fields';
  const kind = typeof value === 'boolean' ? 'truth value' : typeof value === 'number' ? 'number' : 'text';
  return `the ${kind} ${quote(value)}`;
}

function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
};

function expectedOf(schema: Schema | undefined): string {
  if (!schema) return 'a value';
  if (schema.description) return schema.description;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  const name = typeNames[schema.type ?? ''] ?? 'a value';
  if (schema.minimum !== undefined || schema.maximum !== undefined) {
    return `${name} from ${schema.minimum ?? 'any'} to ${schema.maximum ?? 'any'}`;
  }
  if (schema.type === 'array' && schema.items) return `${name} of ${expectedOf(schema.items)}`;
  if (schema.type === 'object' && schema.properties) return `${name}: ${Object.keys(schema.properties).join(', ')}`;
  if (schema.maxLength !== undefined) return `${name} of ${schema.minLength ?? 0} to ${schema.maxLength} characters`;
  return name;
}

/** A JSON pointer as a path whose steps into lists are numbers. */
function typedPath(pointer: string, root: unknown): (string | number)[] {
  let value = root;
  return pointer
    .split('/')
    .slice(1)
    .map((step) => {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const key = Array.isArray(value) ? Number(name) : name;
      value = (value as Record<string | number, unknown>)[key];
      return key;
    });
}
