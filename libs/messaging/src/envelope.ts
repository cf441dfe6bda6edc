import { isUuid } from '@tom/kernel';

/**
 * What surrounds every message (domain.md §9). `time` is RFC 3339 with milliseconds, `subject` the org's id, `depth`
 * the length of the chain of causes (0: a request), `revision` gapless per aggregate.
 */
export interface Envelope<T = unknown> {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly time: string;
  readonly subject: string;
  readonly key: string;
  readonly topic: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly depth: number;
  readonly aggregateId: string;
  readonly revision: number;
  readonly actor: string;
  readonly template?: string;
  readonly templateVersion?: number;
  readonly rule?: string;
  readonly traceparent?: string;
  readonly data: T;
}

export type Headers = Readonly<Record<string, string>>;

/** A message that is not what the contract says: it can never be handled as it is. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}

const TYPE_NAME = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\.[A-Z][A-Za-z0-9]*$/;
const SOURCE = /^\/[A-Za-z0-9._~/-]{1,199}$/;
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const CONTENT_TYPE = /^application\/json(\s*;.*)?$/i;
const COUNT = /^(0|[1-9]\d{0,9})$/;
const MAX_TEXT = 512;

/** The headers of an envelope: CloudEvents 1.0 in Kafka's binary mode; what is absent has no header. */
export function formatHeaders(envelope: Omit<Envelope, 'data' | 'key' | 'topic'>): Record<string, string> {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: envelope.id,
    ce_source: envelope.source,
    ce_type: envelope.type,
    ce_time: envelope.time,
    ce_subject: envelope.subject,
    ce_correlationid: envelope.correlationId,
    ce_depth: String(envelope.depth),
    ce_aggregateid: envelope.aggregateId,
    ce_revision: String(envelope.revision),
    ce_actor: envelope.actor,
    'content-type': 'application/json',
  };
  if (envelope.causationId !== undefined) headers['ce_causationid'] = envelope.causationId;
  if (envelope.template !== undefined) headers['ce_template'] = envelope.template;
  if (envelope.templateVersion !== undefined) headers['ce_templateversion'] = String(envelope.templateVersion);
  if (envelope.rule !== undefined) headers['ce_rule'] = envelope.rule;
  if (envelope.traceparent !== undefined) headers['traceparent'] = envelope.traceparent;
  return headers;
}

function refuse(header: string, expected: string): never {
  throw new UndecodableError(`header ${header}: expected ${expected}`);
}

function optional(headers: Headers, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined) return undefined;
  if (value.length === 0 || value.length > MAX_TEXT || /[\u0000-\u001f\u007f]/.test(value)) {
    refuse(name, `1 to ${MAX_TEXT} characters without control characters`);
  }
  return value;
}

function text(headers: Headers, name: string): string {
  return optional(headers, name) ?? refuse(name, 'to be present');
}

function uuid(headers: Headers, name: string): string {
  const value = text(headers, name);
  return isUuid(value) ? value.toLowerCase() : refuse(name, 'a UUID');
}

function count(headers: Headers, name: string): number {
  const value = text(headers, name);
  return COUNT.test(value) ? Number(value) : refuse(name, 'a whole number from 0');
}

function instant(headers: Headers, name: string): string {
  const value = text(headers, name);
  const parsed = RFC3339.test(value) ? new Date(value) : undefined;
  if (parsed === undefined || Number.isNaN(parsed.getTime())) return refuse(name, 'an RFC 3339 instant');
  return parsed.toISOString();
}

/** A header on which nothing depends but the trace: a wrong one is left out instead of refusing the message. */
function traceparent(headers: Headers): string | undefined {
  const value = Object.hasOwn(headers, 'traceparent') ? headers['traceparent'] : undefined;
  return value !== undefined && TRACEPARENT.test(value) ? value : undefined;
}

/**
 * The envelope without its data, or an UndecodableError that names the header; what comes from a topic is untrusted.
 */
export function parseHeaders(message: { topic: string; key: string; headers: Headers }): Omit<Envelope, 'data'> {
  const { headers } = message;
  if (text(headers, 'ce_specversion') !== '1.0') refuse('ce_specversion', '1.0');
  if (!CONTENT_TYPE.test(text(headers, 'content-type'))) refuse('content-type', 'application/json');
  const type = text(headers, 'ce_type');
  if (!TYPE_NAME.test(type)) refuse('ce_type', 'a protobuf full name');
  const source = text(headers, 'ce_source');
  if (!SOURCE.test(source)) refuse('ce_source', 'a path such as /tom/task-service');
  const causationId = headers['ce_causationid'] === undefined ? undefined : uuid(headers, 'ce_causationid');
  const template = optional(headers, 'ce_template');
  const templateVersion =
    headers['ce_templateversion'] === undefined ? undefined : count(headers, 'ce_templateversion');
  const rule = optional(headers, 'ce_rule');
  const trace = traceparent(headers);
  return {
    id: uuid(headers, 'ce_id'),
    type,
    source,
    time: instant(headers, 'ce_time'),
    subject: text(headers, 'ce_subject'),
    key: message.key,
    topic: message.topic,
    correlationId: uuid(headers, 'ce_correlationid'),
    ...(causationId === undefined ? {} : { causationId }),
    depth: count(headers, 'ce_depth'),
    aggregateId: text(headers, 'ce_aggregateid'),
    revision: count(headers, 'ce_revision'),
    actor: text(headers, 'ce_actor'),
    ...(template === undefined ? {} : { template }),
    ...(templateVersion === undefined ? {} : { templateVersion }),
    ...(rule === undefined ? {} : { rule }),
    ...(trace === undefined ? {} : { traceparent: trace }),
  };
}

/** The value of a message as JSON, or an UndecodableError. */
export function parseValue(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch (error) {
    throw new UndecodableError('value: expected JSON', { cause: error });
  }
}
