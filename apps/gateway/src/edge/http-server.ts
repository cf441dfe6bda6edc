import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { Express } from 'express';

type Constructor = new (...args: never[]) => object;

/**
 * An HTTP server whose requests and responses are born with the app's own prototypes. Express changes the prototype of
 * each of them otherwise, which costs most of its time per request; setting the same one again costs nothing.
 */
export function createHttpServer(app: Express): Server {
  const options = {
    IncomingMessage: bornWith(IncomingMessage, app.request) as typeof IncomingMessage,
    ServerResponse: bornWith(ServerResponse, app.response) as typeof ServerResponse,
  };
  // Express's app is a request listener for exactly these two.
  return createServer(options, (request, response) => {
    app(request as Express['request'], response as Express['response']);
  });
}

function bornWith(base: Constructor, prototype: object): unknown {
  function Born(...args: never[]): object {
    return Reflect.construct(base, args, Born) as object;
  }
  Born.prototype = prototype;
  return Born;
}
