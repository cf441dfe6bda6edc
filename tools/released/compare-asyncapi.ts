import { compareSchema, resolve, type Document, type Schema } from './compare-schema.ts';

interface Channel {
  readonly address: string;
  readonly messages: Readonly<Record<string, Schema>>;
}
interface Message {
  readonly name: string;
  readonly contentType?: string;
  readonly headers?: Schema;
  readonly payload?: Schema;
  readonly bindings?: { readonly kafka?: { readonly key?: Schema } };
}

/** What a producer or consumer of the first document would find broken in the second, as sentences. */
export function compareAsyncApi(before: Document, after: Document): string[] {
  const now = channelsOf(after);
  return Object.entries(channelsOf(before)).flatMap(([id, old]) => {
    const other = now[id];
    if (!other) return [`${id}: was removed`];
    const address = old.address === other.address ? [] : [`${id}: the address ${old.address} became ${other.address}`];
    const messages = Object.entries(old.messages).flatMap(([name, message]) => {
      const counterpart = other.messages[name];
      if (!counterpart) return [`${id} ${name}: was removed`];
      return compareMessage(name, resolve(message, before) as unknown as Message, resolve(counterpart, after) as unknown as Message, { before, after });
    });
    return [...address, ...messages];
  });
}

function channelsOf(document: Document): Readonly<Record<string, Channel>> {
  return (document['channels'] ?? {}) as Readonly<Record<string, Channel>>;
}

function compareMessage(at: string, old: Message, now: Message, both: { readonly before: Document; readonly after: Document }): string[] {
  const compare = (part: string, was: Schema | undefined, is: Schema | undefined) =>
    compareSchema(was ?? {}, is ?? {}, { ...both, direction: 'both' }, `${at}${part}`);
  return [
    ...(old.name === now.name ? [] : [`${at}: was renamed to ${now.name}`]),
    ...(old.contentType === now.contentType ? [] : [`${at}: became ${now.contentType}`]),
    ...compare(' headers ', old.headers, now.headers),
    ...compare(' key', old.bindings?.kafka?.key, now.bindings?.kafka?.key),
    ...compare(' ', old.payload, now.payload),
  ];
}
