import type { AsyncApiDocument, Schema } from './asyncapi.ts';

const STYLE = `
body { margin: 0 auto; max-width: 72rem; padding: 1rem 2rem 4rem; font: 15px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; }
h1, h2, h3 { line-height: 1.25; } h2 { margin-top: 3rem; border-bottom: 1px solid #d0d7de; } h3 { margin-bottom: .25rem; }
a { color: #0550ae; } code { font: 13px ui-monospace, monospace; } nav ul { columns: 3; list-style: none; padding: 0; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid #d8dee4; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } a { color: #79c0ff; } h2, th, td { border-color: #30363d; } }
`;

/** The event catalogue as a page: every topic, its messages, and what each of their fields holds. */
export function eventsPage(document: AsyncApiDocument): string {
  const { info, channels, components } = document;
  const all = Object.entries(channels);
  const anchor = (name: string) => `<a href="#${escape(name)}">${escape(name)}</a>`;
  const sections = all.map(([id, channel]) => {
    const messages = Object.keys(channel.messages).map((name) => messageSection(document, name));
    return `<h2 id="${escape(id)}"><code>${escape(channel.address)}</code></h2>\n<p>${escape(channel.description)}</p>\n${messages.join('')}`;
  });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(info.title)}</title><style>${STYLE}</style></head>
<body>
<h1>${escape(info.title)}</h1>
<p>${escape(info.description)}</p>
<p>For machines: <a href="/api/v1/asyncapi.json">AsyncAPI 3</a>. As they happen: <code>GET /api/v1/events</code> in the <a href="/docs">API</a>.</p>
<nav><ul>${all.map(([id]) => `<li>${anchor(id)}</li>`).join('')}<li>${anchor('headers')}</li></ul></nav>
${sections.join('\n')}
<h2 id="headers">Headers</h2>
<p>Of every message: ${escape(components.schemas['Headers']?.title ?? '')}.</p>
${table(fieldsOf(components.schemas['Headers'] ?? {}, document, '', []))}
</body>
</html>
`;
}

function messageSection(document: AsyncApiDocument, name: string): string {
  const message = document.components.messages[name];
  if (!message) return '';
  const words = message.summary ? `<p>${escape(message.summary)}</p>\n` : '';
  const fields = fieldsOf(message.payload, document, '', []);
  return `<h3 id="${escape(name)}">${escape(message.title)}</h3>\n<code>${escape(name)}</code>\n${words}${table(fields)}\n`;
}

interface Field {
  readonly path: string;
  readonly needed: boolean;
  readonly holds: string;
  readonly words: string;
}

function fieldsOf(given: Schema, document: AsyncApiDocument, path: string, within: readonly unknown[]): Field[] {
  const schema = resolve(given, document);
  // A shape that holds itself is told once.
  if (within.includes(schema)) return [];
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, own]) => {
    const field = resolve(own, document);
    const isList = field.type === 'array';
    const inner = isList ? resolve(field.items ?? {}, document) : field;
    const at = `${path}${name}${isList ? '[]' : ''}`;
    const words = own.description ?? field.description ?? '';
    return [
      { path: at, needed: required.includes(name), holds: kindOf(inner), words },
      ...fieldsOf(inner, document, `${at}.`, [...within, schema]),
    ];
  });
}

function resolve(schema: Schema, { components }: AsyncApiDocument): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (components.schemas[name] ?? {});
}

function kindOf(schema: Schema): string {
  const { enum: values, const: only, type = 'anything', format, maxLength, pattern, anyOf } = schema;
  if (values) return values.join(' | ');
  if (only !== undefined) return `"${only}"`;
  if (anyOf) return anyOf.map(kindOf).join(' or ');
  if (format) return format;
  if (pattern) return pattern.startsWith('^[0-9a-fA-F]{8}-') ? 'uuid' : `matches ${pattern}`;
  return `${type}${maxLength === undefined ? '' : `, at most ${maxLength} characters`}`;
}

function table(fields: readonly Field[]): string {
  if (fields.length === 0) return '';
  const rows = fields.map(
    ({ path, needed, holds, words }) =>
      `<tr><td><code>${escape(path)}</code></td><td>${needed ? 'always' : ''}</td><td>${escape(holds)}</td><td>${escape(words)}</td></tr>`,
  );
  return `<table><thead><tr><th>Field</th><th></th><th>Holds</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
