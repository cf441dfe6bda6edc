import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import express, { type Express } from 'express';

const YEAR_MS = 365 * 24 * 3600 * 1_000;

/**
 * Serves the built UI: files named after their content for ever, its page for every address that no file and no other
 * part of the gateway has, for the UI knows its own addresses. Answers whether there is a UI in the folder.
 */
export function serveWeb(app: Express, folder: string): boolean {
  const page = join(resolve(folder), 'index.html');
  if (!existsSync(page)) return false;
  app.use('/assets', express.static(join(resolve(folder), 'assets'), { immutable: true, maxAge: YEAR_MS, fallthrough: false, index: false }));
  app.use(express.static(resolve(folder), { index: false, maxAge: 3_600_000 }));
  app.get('/*path', (request, response, next) => {
    if (isOurs(request.path) || !request.accepts('html')) next();
    else response.setHeader('Cache-Control', 'no-cache').sendFile(page);
  });
  app.get('/', (_request, response) => response.setHeader('Cache-Control', 'no-cache').sendFile(page));
  return true;
}

function isOurs(path: string): boolean {
  return path === '/api' || path.startsWith('/api/') || path === '/docs' || path.startsWith('/docs/') || path.startsWith('/assets/');
}
