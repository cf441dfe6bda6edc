import { Counter, Gauge, Registry } from 'prom-client';

/** The one registry of a process; every part registers what it measures here. */
export type Metrics = Registry;

/**
 * A registry with the process's CPU seconds, memory, start time and event loop use. They are read when somebody asks:
 * prom-client's collectDefaultMetrics samples the event loop every 10 ms, 1 % of a core per idle process.
 */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const registers = [registry];
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU seconds used, user and system.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory in bytes.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'nodejs_heap_used_bytes',
    help: 'Heap in use in bytes.',
    registers,
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'Start of the process in seconds since 1970.',
    registers,
    collect() {
      this.set(Math.round(performance.timeOrigin / 1000));
    },
  });
  let before = performance.eventLoopUtilization();
  new Gauge({
    name: 'nodejs_eventloop_utilization_ratio',
    help: 'Part of the time that the event loop was busy since the last scrape, 0 to 1.',
    registers,
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  });
  return registry;
}

/**
 * Measures for how long each member of a consumer group has not got to work, in seconds; 0 while it does. `broker` is
 * messaging's.
 */
export function measureMembers(
  metrics: Metrics,
  broker: { health(): readonly { readonly group: string; readonly failingForMs: number }[] },
): void {
  new Gauge({
    name: 'tom_consumer_failing_seconds',
    help: 'For how long the consumer has not taken part in its group; 0 while it does.',
    labelNames: ['group'],
    registers: [metrics],
    collect() {
      this.reset();
      for (const { group, failingForMs } of broker.health()) this.set({ group }, failingForMs / 1000);
    },
  });
}
