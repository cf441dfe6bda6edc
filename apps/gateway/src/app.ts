import { once } from 'node:events';
import { loadCatalog } from '@tom/catalog';
import { systemClock, type Clock } from '@tom/kernel';
import { createLifecycle, createLogger, createMetrics, createTokenSigner, createTokenVerifier, grpcTls, StartError, type Logger } from '@tom/runtime';
import { openEventLog } from '@tom/service';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asyncApiDocument } from './asyncapi.ts';
import type { Config } from './config.ts';
import { closeHttpServer, createHttpServer } from './edge/http-server.ts';
import { limitInFlight, rateLimits } from './edge/limits.ts';
import { mount } from './edge/mount.ts';
import { HttpError, problemOf } from './edge/problem.ts';
import { securityHeaders } from './edge/security-headers.ts';
import { serveDocs } from './docs.ts';
import { createLive } from './live/live.ts';
import { measureLive } from './live/measure-live.ts';
import { routes } from './routes/index.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { openApiDocument } from './openapi.ts';
import { connectServices } from './services.ts';
import { serveWeb } from './web.ts';

export interface GatewayApp {
  /** As in `http://127.0.0.1:8080`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the gateway; it listens as soon as its own configuration is good, whether or not the services are there. */
export async function startApp(config: Config, given: { clock?: Clock; logger?: Logger } = {}): Promise<GatewayApp> {
  const clock = given.clock ?? systemClock;
  const logger = given.logger ?? createLogger({ service: 'gateway', level: config.logLevel });
  const lifecycle = createLifecycle(logger);
  const catalog = loadCatalog(config.configDir);
  const metrics = createMetrics('gateway');
  const verifier = createTokenVerifier({
    clock,
    ...(config.trustedKeysFile ? { trustedKeysFile: config.trustedKeysFile } : {}),
    ...(config.oidcIssuer ? { oidcIssuer: config.oidcIssuer } : {}),
    ...(config.oidcAudience ? { oidcAudience: config.oidcAudience } : {}),
    rolesClaim: config.oidcRolesClaim,
    userClaim: config.oidcUserClaim,
    serviceClients: config.oidcServiceClients,
    clockToleranceSeconds: config.oidcClockToleranceSeconds,
  });
  const services = connectServices(config, grpcTls(config, { logger }));
  const { broker } = openEventLog(config, { clock, logger, metrics });
  lifecycle.add('services', { stop: () => Object.values(services).forEach((service) => service.close()) });
  lifecycle.add('broker', { stop: () => broker.close() });

  const live = createLive({
    broker,
    clock,
    logger,
    heartbeatSeconds: config.liveHeartbeatSeconds,
    maxStreams: config.liveMaxStreams,
    streamBytes: config.liveStreamBytes,
    recentBytes: config.liveRecentBytes,
    resumeEvents: config.liveResumeEvents,
  });
  measureLive(metrics, live);

  const demo = config.demoKeyFile && !config.oidcIssuer ? createTokenSigner({ keyFile: config.demoKeyFile, issuer: 'tom-demo', clock }) : undefined;
  const all = [...routes({ services, broker, catalog, clock, live }, demo), ...signInRoutes({ ...config, demo: demo !== undefined }, catalog)];
  const document = openApiDocument(all);
  const events = asyncApiDocument();

  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', config.trustedProxyHops);
  app.use(securityHeaders(config));
  app.get('/livez', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  app.get('/api/v1/openapi.json', (_request, response) => void response.json(document));
  app.get('/api/v1/asyncapi.json', (_request, response) => void response.json(events));
  serveDocs(app, events);
  const limits = rateLimits({ perPerson: config.rateLimitPerMinute, perAddress: config.signInLimitPerMinute });
  app.use('/api/v1', limitInFlight(config.maxInFlight, all), mount(all, verifier, limits));
  if (!serveWeb(app, config.webDir)) logger.warn({ folder: config.webDir }, 'no UI in this folder, none is served');
  app.use(() => {
    throw new HttpError(404, 'NOT_FOUND', 'There is no such page.');
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    refuse(error, request, response, logger);
  });

  const server = createHttpServer(app);
  await listen(server, config);
  const port = (server.address() as AddressInfo).port;
  lifecycle.add('http', {
    stop: () => closeHttpServer(server),
  });
  // Added last, stopped first: a stream would hold up the server's end.
  lifecycle.add('live', { stop: () => live.stop() });
  logger.info({ port }, 'gateway listening');
  return { url: `http://${config.host}:${port}`, stop: () => lifecycle.stop() };
}

async function listen(server: Server, { host, port }: Config): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw new StartError(inUse ? `Port ${port} is in use; PORT chooses another one.` : `Cannot listen on ${host}:${port}.`, { cause: error });
  }
}

function refuse(error: unknown, request: Request, response: Response, logger: Logger): void {
  const { problem, headers, fault } = problemOf(error);
  if (fault) logger.error({ err: error, correlationId: response.locals['correlationId'] }, 'request failed');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.set('Cache-Control', 'no-store').set(headers).status(problem.status).type('application/problem+json');
  response.send(JSON.stringify({ ...problem, instance: request.originalUrl.split('?')[0] }));
}
