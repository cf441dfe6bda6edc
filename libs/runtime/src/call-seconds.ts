import { status as Status } from '@grpc/grpc-js';
import { Histogram } from 'prom-client';
import type { Metrics } from './metrics.ts';

const NAME = 'grpc_server_seconds';

/** Takes how long a call took, by method and status. */
export type ObserveCall = (method: string, code: Status, seconds: number) => void;

/** Observes calls in the registry's histogram; looking labels up by name costs 1 µs a call, so they are kept. */
export function callSeconds(metrics: Metrics): ObserveCall {
  const known = metrics.getSingleMetric(NAME) as Histogram<'method' | 'code'> | undefined;
  const histogram =
    known ??
    new Histogram({
      name: NAME,
      help: 'Time from receiving a gRPC call to its answer, in seconds.',
      labelNames: ['method', 'code'] as const,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers: [metrics],
    });
  const children = new Map<string, (Histogram.Internal<'method' | 'code'> | undefined)[]>();
  return (method, code, seconds) => {
    let byCode = children.get(method);
    if (byCode === undefined) children.set(method, (byCode = []));
    (byCode[code] ??= histogram.labels({ method, code: Status[code] })).observe(seconds);
  };
}
