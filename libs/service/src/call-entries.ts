import { parsers } from '@tom/runtime';

/** Settings of how processes call each other and whom they believe, the same for all. */
export const callEntries = {
  grpcTlsCaFile: { meaning: 'PEM file of the CA whose certificates gRPC trusts', env: 'GRPC_TLS_CA_FILE', parse: parsers.path, optional: true },
  grpcTlsCertFile: { meaning: 'PEM file of our own certificate for gRPC', env: 'GRPC_TLS_CERT_FILE', parse: parsers.path, optional: true },
  grpcTlsKeyFile: { meaning: 'PEM file of its private key', env: 'GRPC_TLS_KEY_FILE', parse: parsers.path, optional: true },
  oidcServiceClients: { meaning: 'client ids at the issuer that are services of ours', env: 'OIDC_SERVICE_CLIENTS', parse: parsers.list, optional: true },
  oidcClockToleranceSeconds: { meaning: "by how many seconds the OIDC issuer's clock may differ", env: 'OIDC_CLOCK_TOLERANCE_SECONDS', parse: parsers.integer({ min: 0, max: 300 }), default: 5 },
} as const;
