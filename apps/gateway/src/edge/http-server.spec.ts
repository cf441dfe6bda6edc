import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { createHttpServer } from './http-server.ts';

describe('the HTTP server', () => {
  it('hands express requests and responses that already are what express would make of them', async () => {
    const app = express();
    app.get('/name', (request, response) => void response.json({ path: request.path, app: request.app === app }));
    const server = createHttpServer(app);
    const born: boolean[] = [];
    server.prependListener('request', (request, response) => {
      born.push(Object.getPrototypeOf(request) === app.request, Object.getPrototypeOf(response) === app.response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/name`);
    expect(await answer.json()).toEqual({ path: '/name', app: true });
    expect(born).toEqual([true, true]);
    server.close();
    server.closeAllConnections();
  });
});
