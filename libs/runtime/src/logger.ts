import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { standardOutput } from './standard-output.ts';

/** JSON lines for machines. Never hand it a token, a message's content or anything that names a person. */
export type Logger = PinoLogger;

/** A logger writing JSON lines to standard output, after each turn of the event loop and when the process exits. */
export function createLogger(options: {
  readonly service: string;
  readonly level?: string;
  readonly destination?: DestinationStream;
}): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError, cause: describeError },
    },
    options.destination ?? standardOutput(),
  );
}

/** Only what locates a fault: drivers attach rows and parameters to errors (pg's `detail`): people's data. */
function describeError(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error)) return typeof value === 'string' ? value : { type: typeof value };
  const code: unknown = 'code' in value ? value.code : undefined;
  return {
    type: value.name,
    message: value.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: value.stack,
    ...(value.cause !== undefined && depth < 4 ? { cause: describeError(value.cause, depth + 1) } : {}),
  };
}
