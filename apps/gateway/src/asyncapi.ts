import { messageTypes, topics, type MessageType } from '@tom/contracts';

/** A JSON schema, with the members that ours have. */
export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

/** What this document says of one message. */
export interface AsyncApiMessage {
  readonly name: string;
  readonly title: string;
  readonly summary?: string;
  readonly contentType?: string;
  readonly headers: object;
  readonly payload: Schema;
  readonly correlationId?: object;
  readonly bindings?: object;
}

export interface AsyncApiChannel {
  readonly address: string;
  readonly title: string;
  readonly description: string;
  readonly messages: Readonly<Record<string, { readonly $ref: string }>>;
}

/** The members of an AsyncAPI 3 document that ours has. */
export interface AsyncApiDocument {
  readonly asyncapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly defaultContentType: string;
  readonly channels: Readonly<Record<string, AsyncApiChannel>>;
  readonly operations: Readonly<Record<string, object>>;
  readonly components: {
    readonly messages: Readonly<Record<string, AsyncApiMessage>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

const ID = { type: 'string', format: 'uuid' };
const COUNT = { type: 'string', pattern: '^(0|[1-9][0-9]{0,9})$' };
const TEXT = { type: 'string', minLength: 1, maxLength: 512 };

/** The CloudEvents headers of every message: `libs/messaging` writes them, and refuses what is not so. */
const headers: Schema = {
  title: 'CloudEvents 1.0 in Kafka\'s binary mode',
  type: 'object',
  properties: {
    ce_specversion: { const: '1.0', type: 'string' },
    ce_id: { ...ID, description: 'The same for every copy: twice is once.' },
    ce_source: { type: 'string', pattern: '^/[A-Za-z0-9._~/-]{1,199}$', description: 'Who published it, as in /tom/task-service.' },
    ce_type: { ...TEXT, description: 'The full name of the message.' },
    ce_time: { type: 'string', format: 'date-time', description: 'When it happened; never before its cause.' },
    ce_subject: { ...TEXT, description: 'The id of the company; on tom.inbound.v1 its external reference.' },
    ce_correlationid: { ...ID, description: 'The request that started it all.' },
    ce_causationid: { ...ID, description: 'The event or command that caused this one.' },
    ce_depth: { ...COUNT, description: 'The length of the chain of causes; 0 is a request.' },
    ce_aggregateid: { ...TEXT, description: 'What it is about.' },
    ce_revision: { ...COUNT, description: 'Without gaps for each aggregate: what decides order.' },
    ce_actor: { ...TEXT, description: 'As in user:ida, template:qualify_company, service:workflow-service, client:telephony.' },
    ce_template: { ...TEXT, description: 'The workflow template that did it.' },
    ce_templateversion: COUNT,
    ce_rule: { ...TEXT, description: 'The rule of that template.' },
    traceparent: { type: 'string', pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' },
    'content-type': { type: 'string', pattern: '^application/json' },
  },
  required: [
    'ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_subject', 'ce_correlationid', 'ce_depth', 'ce_aggregateid',
    'ce_revision', 'ce_actor', 'content-type',
  ],
};

const deadLetterHeaders: Schema = {
  title: 'The headers that it came with, and why it lies here',
  type: 'object',
  properties: Object.fromEntries(
    ['reason', 'error', 'topic', 'partition', 'offset', 'group'].map((name) => [`tom_dlq_${name}`, { type: 'string' }]),
  ),
  required: ['tom_dlq_reason', 'tom_dlq_topic', 'tom_dlq_partition', 'tom_dlq_offset', 'tom_dlq_group'],
};

const DESCRIPTION = `Every change is an event on one of the topics of events, in order for each company. A message is the JSON mapping
of its protobuf message; what surrounds it are the headers. A type only ever gains optional fields: ignore what you do
not know. A message may come twice with the same ce_id. Personal data: events carry the ids of people, never their
names, e-mail addresses or telephone numbers.`;

/** The AsyncAPI 3 document of every topic and message, made from the very schemas that consumers check messages with. */
export function asyncApiDocument(): AsyncApiDocument {
  const types = [...messageTypes.values()];
  const schemas: Record<string, Schema> = { Headers: headers, DeadLetterHeaders: deadLetterHeaders };
  const messages: Record<string, AsyncApiMessage> = {};
  for (const type of types) messages[type.typeName] = messageOf(type, hoist(type.schema as Schema, schemas));
  messages['DeadLetter'] = {
    name: 'DeadLetter',
    title: 'Dead letter',
    summary: 'A message that could not be handled, as it came; a copy for people and tools outside.',
    headers: { $ref: '#/components/schemas/DeadLetterHeaders' },
    payload: { description: 'Whatever it was: often JSON that is not what its contract says.' },
  };
  const channels = topics.map((topic) => [topic, channelOf(topic, types.filter((type) => type.topic === topic))] as const);
  return {
    asyncapi: '3.0.0',
    info: { title: 'TOM Flow events', version: '1', description: DESCRIPTION.replaceAll('\n', ' ') },
    defaultContentType: 'application/json',
    channels: { ...Object.fromEntries(channels), deadLetters },
    operations: Object.fromEntries([...topics.map(operationOf), ['send.deadLetters', operation('send', 'deadLetters', 'What a consumer could not handle.')]]),
    components: { messages, schemas },
  };
}

const deadLetters = {
  address: '{topic}.{group}.dlq',
  title: 'Dead letters',
  description: 'Undeliverable messages of a topic, for each consumer group. The key is the one that they came with.',
  parameters: {
    topic: { description: 'The topic that they came from.', enum: [...topics] },
    group: { description: 'The service that could not handle them.' },
  },
  messages: { DeadLetter: { $ref: '#/components/messages/DeadLetter' } },
};

function messageOf(type: MessageType<unknown>, payload: Schema): AsyncApiMessage {
  const summary = (type.schema as Schema).description;
  return {
    name: type.typeName,
    title: type.typeName.slice(type.typeName.lastIndexOf('.') + 1),
    ...(summary ? { summary } : {}),
    contentType: 'application/json',
    headers: { $ref: '#/components/schemas/Headers' },
    payload,
    correlationId: { location: '$message.header#/ce_correlationid' },
    bindings: { kafka: { key: keyOf(type.topic), bindingVersion: '0.5.0' } },
  };
}

function keyOf(topic: string): Schema {
  return topic.startsWith('tom.inbound.')
    ? { type: 'string', maxLength: 200, description: 'The external reference of the company.' }
    : { ...ID, description: 'The id of the company.' };
}

function channelOf(topic: string, types: readonly MessageType<unknown>[]) {
  const [, domain = '', kind = ''] = topic.split('.');
  const titles: Readonly<Record<string, [string, string]>> = {
    events: [`Events: ${domain}`, 'What happened. The key is the id of the company.'],
    commands: [`Commands: ${domain}`, 'Between the services of TOM Flow: not for others. The key is the id of the company.'],
  };
  const [title, description] = titles[kind] ?? ['Inbound', 'What other systems may tell. The key is the external reference of the company.'];
  const messages = types.map(({ typeName }) => [typeName, { $ref: `#/components/messages/${typeName}` }] as const);
  return { address: topic, title, description, messages: Object.fromEntries(messages) };
}

// Seen from TOM Flow: it sends events, receives what others tell, and its services do both among themselves.
function operationOf(topic: string): [string, object] {
  const receives = !topic.includes('.events.');
  return receives
    ? [`receive.${topic}`, operation('receive', topic, 'Handled by the service that owns the topic.')]
    : [`send.${topic}`, operation('send', topic, 'Published by the service that owns what it tells of.')];
}

function operation(action: 'send' | 'receive', channel: string, summary: string): object {
  return { action, channel: { $ref: `#/channels/${channel}` }, summary };
}

// A shape that has a name is written down once, whatever the number of messages that hold it.
function hoist(schema: Schema, into: Record<string, Schema>): Schema {
  const inner = hoistMembers(schema, into);
  const { title } = schema;
  if (title === undefined) return inner;
  into[title] = inner;
  return { $ref: `#/components/schemas/${title}` };
}

function hoistMembers(schema: Schema, into: Record<string, Schema>): Schema {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(properties ? { properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, hoist(one, into)])) } : {}),
    ...(items ? { items: hoist(items, into) } : {}),
  };
}
