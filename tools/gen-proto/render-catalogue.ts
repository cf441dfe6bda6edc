import { fromBinary, getExtension, hasExtension, createFileRegistry, type DescField, type DescFile, type DescMessage } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { DescExtension } from '@bufbuild/protobuf';

type Schema = Record<string, unknown>;
interface FieldRule {
  readonly required: boolean;
  readonly format: string;
  readonly maxLength: number;
  readonly in: readonly string[];
}

const UUID = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';
const CODE = '^[A-Z][A-Z0-9_]{0,63}$';
const LONGEST_TEXT = 10_000;
const INT64 = { anyOf: [{ type: 'string', pattern: '^-?[0-9]{1,19}$' }, { type: 'integer' }] };

const HEAD = '// Generated from proto/ by tools/gen-proto. Do not edit.\n/* eslint-disable */\n';

/** The file descriptor set as base64, for gRPC reflection. */
export function renderDescriptors(image: Uint8Array): string {
  const base64 = Buffer.from(image).toString('base64');
  const lines = base64.match(/.{1,110}/g) ?? [];
  return `${HEAD}export const descriptorSetBase64 =\n${lines.map((line) => `  '${line}'`).join(' +\n')};\n`;
}

/** Every message that has a topic, with the JSON schema that consumers check it with. */
export function renderCatalogue(image: Uint8Array): string {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
  const ruleOption = registry.getExtension('tom.options.v1.rule');
  const topicOption = registry.getExtension('tom.options.v1.topic');
  const closedOption = registry.getExtension('tom.options.v1.closed');
  if (!ruleOption || !topicOption || !closedOption) {
    throw new Error('proto/tom/options/v1/options.proto lacks rule, topic or closed');
  }
  const options: Options = { rule: ruleOption, topic: topicOption, closed: closedOption };

  const messages: DescMessage[] = [];
  for (const file of registry.files) {
    for (const message of file.messages) if (topicOf(message, options)) messages.push(message);
  }
  messages.sort((a, b) => a.typeName.localeCompare(b.typeName));

  const byFile = new Map<string, DescMessage[]>();
  for (const message of messages) {
    byFile.set(message.file.name, [...(byFile.get(message.file.name) ?? []), message]);
  }
  const lines = [HEAD, "import { defineMessage, type Has } from '../message-type.ts';"];
  for (const [file, own] of byFile) {
    const names = own.map((message) => `${message.name} as ${codecName(message)}`).join(', ');
    lines.push(`import { ${names} } from './${file}.ts';`);
  }
  lines.push('');
  for (const message of messages) {
    const required = message.fields
      .filter((field) => field.fieldKind === 'message' && ruleOf(field, options)?.required)
      .map((field) => `'${field.localName}'`);
    const type = required.length > 0 ? `Has<${codecName(message)}, ${required.join(' | ')}>` : codecName(message);
    lines.push(
      `export type ${message.name} = ${type};`,
      `export const ${message.name} = defineMessage<${message.name}>({`,
      `  typeName: '${message.typeName}',`,
      `  topic: '${topicOf(message, options)}',`,
      `  codec: ${codecName(message)},`,
      ...(isClosed(message, options) ? ['  closed: true,'] : []),
      `  schema: ${JSON.stringify(schemaOf(message, options))},`,
      '});',
      '',
    );
  }
  lines.push(`export const allMessages = [${messages.map((message) => message.name).join(', ')}] as const;`, '');
  return lines.join('\n');
}

interface Options {
  readonly rule: DescExtension;
  readonly topic: DescExtension;
  readonly closed: DescExtension;
}

function codecName(message: DescMessage): string {
  return `${message.name}Codec`;
}

function topicOf(message: DescMessage, { topic }: Options): string {
  const own = message.proto.options;
  return own && hasExtension(own, topic) ? String(getExtension(own, topic)) : '';
}

function isClosed(message: DescMessage, { closed }: Options): boolean {
  const own = message.proto.options;
  return own !== undefined && hasExtension(own, closed) && getExtension(own, closed) === true;
}

function ruleOf(field: DescField, { rule }: Options): FieldRule | undefined {
  const own = field.proto.options;
  return own && hasExtension(own, rule) ? (getExtension(own, rule) as unknown as FieldRule) : undefined;
}

// Unknown fields are allowed (a closed message is closed where it is read): a newer sender may have gained optional ones.
function schemaOf(message: DescMessage, options: Options): Schema {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const field of message.fields) {
    properties[field.jsonName] = described(fieldSchema(field, options), field);
    if (ruleOf(field, options)?.required) required.push(field.jsonName);
  }
  const index = message.file.proto.messageType.indexOf(message.proto);
  const description = commentAt(message.file, [4, index]);
  return {
    title: message.typeName,
    ...(description ? { description } : {}),
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
  };
}

// A field that holds a message: the words of that message say more.
function described(schema: Schema, field: DescField): Schema {
  const { file, proto } = field.parent;
  const description = commentAt(file, [4, file.proto.messageType.indexOf(proto), 2, proto.field.indexOf(field.proto)]);
  return description && schema['title'] === undefined ? { ...schema, description } : schema;
}

// What stands above a declaration in the proto; the path is protobuf's own (descriptor.proto, SourceCodeInfo).
function commentAt(file: DescFile, path: readonly number[]): string {
  const name = path.join('.');
  const location = file.proto.sourceCodeInfo?.location.find((one) => one.path.join('.') === name);
  return (location?.leadingComments ?? '').trim().replaceAll(/\s*\n\s*/g, ' ');
}

function fieldSchema(field: DescField, options: Options): Schema {
  const rule = ruleOf(field, options);
  if (field.fieldKind === 'list') {
    const items = field.listKind === 'message' ? messageSchema(field.message, options) : scalarSchema(field.scalar, rule);
    return { type: 'array', maxItems: 10_000, items, ...(rule?.required ? { minItems: 1 } : {}) };
  }
  if (field.fieldKind === 'map') return { type: 'object' };
  if (field.fieldKind === 'message') return messageSchema(field.message, options);
  return scalarSchema(field.fieldKind === 'scalar' ? field.scalar : undefined, rule);
}

function messageSchema(message: DescMessage, options: Options): Schema {
  switch (message.typeName) {
    case 'google.protobuf.Timestamp':
      return { type: 'string', format: 'date-time', maxLength: 40 };
    case 'google.protobuf.Struct':
      return { type: 'object' };
    case 'google.protobuf.Value':
      return {};
    case 'google.protobuf.FieldMask':
      return { type: 'string' };
    default:
      return schemaOf(message, options);
  }
}

// The numbers are protobuf's own field types (google.protobuf.FieldDescriptorProto.Type).
function scalarSchema(scalar: number | undefined, rule: FieldRule | undefined): Schema {
  switch (scalar) {
    case 8:
      return { type: 'boolean' };
    case 5:
    case 13:
    case 17:
      return { type: 'integer', minimum: -2_147_483_648, maximum: 4_294_967_295 };
    case 3:
    case 4:
      return INT64;
    case 1:
    case 2:
      return { type: 'number' };
    default:
      return textSchema(rule);
  }
}

function textSchema(rule: FieldRule | undefined): Schema {
  if (rule && rule.in.length > 0) return { type: 'string', enum: [...rule.in] };
  if (rule?.format === 'uuid') return { type: 'string', pattern: UUID };
  if (rule?.format === 'code') return { type: 'string', pattern: CODE };
  const maxLength = rule && rule.maxLength > 0 ? rule.maxLength : LONGEST_TEXT;
  return { type: 'string', maxLength, ...(rule?.required ? { minLength: 1 } : {}) };
}
