import type { IncomingMessage } from './broker.ts';
import type { Headers } from './envelope.ts';

/** The longest value that another system may send, in bytes of UTF-8; as much as the HTTP edge takes. */
export const MAX_FOREIGN_BYTES = 256 * 1024;
/** What is kept of a longer one: enough to see what it was. */
const KEPT_CHARACTERS = 4_096;

const BELIEVED = ['ce_specversion', 'ce_id', 'ce_type', 'ce_time', 'content-type', 'traceparent', 'ce_causationid'];

/**
 * The headers of a message from another system as those of an envelope. It says who it is (`ce_source`), what it sends
 * and when; of the extension attributes only the chain of causes is believed, and may be left out. Its key stands for the
 * company, and its actor is the client that its source names: nobody becomes a person, service or template by writing so.
 */
export function foreignHeaders({ key, headers }: Pick<IncomingMessage, 'key' | 'headers'>): Headers {
  const given = (name: string) => (Object.hasOwn(headers, name) ? headers[name] : undefined);
  const source = given('ce_source');
  const correlationId = given('ce_correlationid') ?? given('ce_id');
  return {
    ...Object.fromEntries(BELIEVED.flatMap((name) => (given(name) === undefined ? [] : [[name, String(given(name))]]))),
    ...(source === undefined ? {} : { ce_source: source, ce_actor: `client:${source.replace(/^\//, '')}` }),
    ...(correlationId === undefined ? {} : { ce_correlationid: correlationId }),
    ce_depth: given('ce_depth') ?? '0',
    ce_subject: key,
    ce_aggregateid: key,
    ce_revision: '0',
  };
}

/** What is wrong with the size of a value, and what is kept of it; undefined: nothing is. */
export function oversized(value: string): { readonly error: string; readonly kept: string } | undefined {
  const bytes = Buffer.byteLength(value);
  if (bytes <= MAX_FOREIGN_BYTES) return undefined;
  const error = `value: expected at most ${MAX_FOREIGN_BYTES} bytes, not ${bytes}; only its beginning is kept`;
  return { error, kept: value.slice(0, KEPT_CHARACTERS) };
}
