import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Express, Response } from 'express';
import type { AsyncApiDocument } from './asyncapi.ts';
import { eventsPage } from './events-page.ts';

const CSP = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>TOM Flow API</title><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>
`;
const START = "SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#ui', deepLinking: true, validatorUrl: null });\n";

/** Serves the documentation of the API at /docs, of the events at /docs/events; nothing is loaded from another host. */
export function serveDocs(app: Express, events: AsyncApiDocument): void {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const send = (response: Response, type: string, body: string | Buffer) => {
    response.setHeader('Content-Security-Policy', CSP);
    response.type(type).send(body);
  };
  app.get('/docs', (_request, response) => send(response, 'html', PAGE));
  const page = eventsPage(events);
  app.get('/docs/events', (_request, response) => send(response, 'html', page));
  app.get('/docs/start.js', (_request, response) => send(response, 'text/javascript', START));
  for (const [file, type] of [['swagger-ui.css', 'text/css'], ['swagger-ui-bundle.js', 'text/javascript']] as const) {
    app.get(`/docs/${file}`, (_request, response) => send(response, type, readFileSync(join(folder, file))));
  }
}
