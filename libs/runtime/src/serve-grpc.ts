import {
  Server,
  setLogger,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Answering } from './admit-call.ts';
import { answerStream } from './answer-stream.ts';
import { answerUnary } from './answer-unary.ts';
import { callSeconds } from './call-seconds.ts';
import { plaintext, type GrpcTls } from './grpc-tls.ts';
import type { ServiceImplementation } from './implement.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { addReflection } from './reflection.ts';
import { MAX_MESSAGE_BYTES } from './rpc-definition.ts';
import { StartError } from './start-error.ts';
import { sparingly } from './sparingly.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** Time for cut connections to be seen as closed. */
const CUT_OFF_MS = 1_000;

export interface GrpcServerOptions {
  /** host:port; port 0 takes a free one. */
  readonly address: string;
  readonly services: readonly ServiceImplementation[];
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** A serialized google.protobuf.FileDescriptorSet with imports; with it the server answers reflection. */
  readonly descriptorSet?: Uint8Array;
  /** Faults that pass (the database away): answered UNAVAILABLE instead of INTERNAL. */
  readonly isTransient?: (error: unknown) => boolean;
  /** Mutual TLS; default plaintext. */
  readonly tls?: GrpcTls | undefined;
  /** Calls under way at once, default 512; more are refused UNAVAILABLE at once instead of making all of them slow. */
  readonly maxConcurrentCalls?: number | undefined;
  /** How long calls under way may go on when the server stops; default 5 s. */
  readonly graceMs?: number;
}

export interface GrpcServer {
  readonly port: number;
  /** host:port that clients connect to. */
  readonly address: string;
  /** What the health check answers, for the server and each service; serving from the start on. */
  setServing(serving: boolean): void;
  /** Takes no new calls, lets those under way finish, and cuts them off when the grace is over. */
  stop(): Promise<void>;
}

/**
 * Serves generated definitions over gRPC with the standard health check and reflection. Every call needs a verified
 * token, has one log line and one observation; health and reflection are open. Rejects with a StartError when the
 * address cannot be bound.
 */
export async function serveGrpc(options: GrpcServerOptions): Promise<GrpcServer> {
  const {
    address,
    services,
    verifier,
    logger,
    metrics,
    descriptorSet,
    isTransient = () => false,
    tls = plaintext,
    maxConcurrentCalls = 512,
    graceMs = 5_000,
  } = options;
  // grpc-js would tell its troubles to standard error in lines of its own.
  setLogger(grpcLog(logger));
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    // Channelz keeps books on every call that nobody reads.
    'grpc.enable_channelz': 0,
  });
  const answering: Answering = { verifier, logger, isTransient, seconds: callSeconds(metrics), underWay: { now: 0, max: maxConcurrentCalls }, mayWarn: sparingly() };
  const names: string[] = [];
  for (const service of services) {
    addService(server, service, answering);
    names.push(...serviceNames(service));
  }
  const health = new HealthImplementation();
  const setServing = (serving: boolean) => {
    for (const name of ['', ...names]) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  };
  setServing(true);
  health.addToServer(server);
  if (descriptorSet !== undefined) addReflection(server, descriptorSet, names);
  const port = await bind(server, address, tls);
  const boundAddress = address.replace(/:\d+$/, `:${port}`);
  return {
    port,
    address: boundAddress,
    setServing,
    async stop() {
      setServing(false);
      await shutDown(server, boundAddress, graceMs);
    },
  };
}

function addService(server: Server, { definition, handlers }: ServiceImplementation, answering: Answering): void {
  const methods: Record<string, unknown> = {};
  const functions: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(definition)) {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`${method.path} has no handler.`);
    const answered = (method.responseStream ? answerStream : answerUnary)(method, handler, answering);
    methods[name] = answered.definition;
    functions[name] = answered.handle;
  }
  server.addService(methods as ServiceDefinition, functions);
}

function grpcLog(logger: Logger): Partial<Console> {
  const line = (message: unknown) => logger.debug({ grpc: String(message) }, 'grpc');
  return { error: line, info: line, debug: line };
}

function serviceNames({ definition }: ServiceImplementation): readonly string[] {
  return [...new Set(Object.values(definition).map(({ path }) => path.split('/')[1] ?? ''))];
}

function bind(server: Server, address: string, tls: GrpcTls): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, tls.server, (error, port) => {
      if (error) reject(new StartError(`Cannot listen on ${address} for gRPC: ${reason(error)}.`, { cause: error }));
      else resolve(port);
    });
  });
}

function reason(error: Error): string {
  return /EADDRINUSE/.test(error.message) ? 'the port is in use' : error.message;
}

/**
 * tryShutdown waits for every client to let go, which one that hangs never does. Connections are cut by drain, and that
 * has to come first: forceShutdown knows them with channelz only, and drain forgets those that are closing already.
 */
async function shutDown(server: Server, address: string, graceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  server.drain(address, graceMs);
  const done = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, graceMs + CUT_OFF_MS);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
  server.forceShutdown();
}
