import { fileURLToPath } from 'node:url';
import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { systemClock } from '@tom/kernel';
import { createLogger, createMetrics, createTokenVerifier, implement, loadConfig, serveGrpc, type CallContext } from '@tom/runtime';
import { makeTestIdentity } from '@tom/runtime/testing';
import { startApp } from '../src/app.ts';
import { configDefinition } from '../src/config.ts';

const identity = makeTestIdentity();
const silent = createLogger({ service: 'test', level: 'silent' });

/** A gateway in this process; behind it is nothing but what the environment names. */
export async function startGateway(environment: Readonly<Record<string, string>> = {}) {
  const lines: string[] = [];
  const logger = createLogger({ service: 'gateway', destination: { write: (line: string) => void lines.push(line) } });
  const config = loadConfig(configDefinition, {
    PORT: '0',
    EVENT_LOG_URL: 'postgres://127.0.0.1:1/none',
    STAGE_SERVICE_ADDRESS: '127.0.0.1:1',
    ACTIVITY_SERVICE_ADDRESS: '127.0.0.1:1',
    TASK_SERVICE_ADDRESS: '127.0.0.1:1',
    WORKFLOW_SERVICE_ADDRESS: '127.0.0.1:1',
    CONFIG_DIR: fileURLToPath(new URL('../../../config', import.meta.url)),
    TRUSTED_KEYS_FILE: identity.trustedKeysFile,
    DEMO_KEY_FILE: identity.demoKeyFile,
    ...environment,
  });
  const app = await startApp(config, { logger });
  const ask = (path: string, { token, ...more }: RequestInit & { readonly token?: string } = {}) =>
    fetch(`${app.url}${path}`, {
      ...more,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(more.headers as Record<string, string> | undefined) },
    });
  return { url: app.url, stop: () => app.stop(), ask, lines };
}

export const personToken = (id: string, roles: readonly string[] = ['inside_sales']) => identity.userToken(id, roles);
export const serviceToken = (name: string) => identity.serviceToken(name);

/** A real gRPC server in the place of stage-service, all of whose answers are made by `answer`. */
export async function serveStage(answer: (request: unknown, call: CallContext) => Promise<unknown>) {
  const handlers = Object.fromEntries(Object.keys(StageServiceService).map((name) => [name, answer]));
  return serveGrpc({
    address: '127.0.0.1:0',
    services: [implement(StageServiceService, handlers as never)],
    verifier: createTokenVerifier({ clock: systemClock, trustedKeysFile: identity.trustedKeysFile }),
    logger: silent,
    metrics: createMetrics('stage-service'),
  });
}
