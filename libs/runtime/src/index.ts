export {
  defineConfig,
  loadConfig,
  ConfigError,
  type ConfigCheck,
  type ConfigDefinition,
  type ConfigEntry,
  type ConfigOf,
  type Environment,
} from './config.ts';
export { parsers, type Parser } from './parsers.ts';
export { grpcTls, type GrpcTls, type GrpcTlsFiles } from './grpc-tls.ts';
export { createLogger, type Logger } from './logger.ts';
export { StartError } from './start-error.ts';
export { untilDone } from './until-done.ts';
export { createLifecycle, type Lifecycle, type LifecyclePart } from './lifecycle.ts';
export { runMain, type App } from './run-main.ts';
export { sparingly } from './sparingly.ts';
export { expiryOf, type Caller } from './caller.ts';
export {
  callFor,
  furtherStep,
  serviceCall,
  type CallContext,
  type IdempotencyOfCall,
  type OutgoingCall,
} from './call-context.ts';
export { createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from './token-verifier.ts';
export { createServiceTokens, type ServiceTokens } from './service-tokens.ts';
export { createOidcServiceTokens, type OidcClient } from './oidc-service-tokens.ts';
export { createTokenSigner, type TokenClaims, type TokenSigner } from './token-signer.ts';
export {
  makeSigningKey,
  demoIssuer,
  serviceIssuer,
  type KeyIssuer,
  type PrivateKeyJwk,
  type PublicKeyJwk,
} from './signing-key.ts';
export type { RequestOf, ResponseOf, RpcDefinition, RpcMethod } from './rpc-definition.ts';
export { implement, type Handlers, type ServiceImplementation } from './implement.ts';
export { serveGrpc, type GrpcServer, type GrpcServerOptions } from './serve-grpc.ts';
export { createClient, type Client, type ClientOptions } from './create-client.ts';
export { serveOps, type OpsServer, type OpsServerOptions, type ReadyCheck } from './serve-ops.ts';
export { createMetrics, measureMembers, type Metrics } from './metrics.ts';
export { periodically } from './periodically.ts';
