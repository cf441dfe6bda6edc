import { Counter } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { serveOps, type OpsServerOptions } from './serve-ops.ts';

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
});

async function serve(options: Partial<OpsServerOptions> = {}) {
  const metrics = options.metrics ?? createMetrics('task-service');
  const server = await serveOps({ address: '127.0.0.1:0', ready: {}, metrics, ...options });
  stops.push(server.stop);
  return {
    ...server,
    get: async (path: string, init?: RequestInit) => {
      const response = await fetch(`http://${server.address}${path}`, init);
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}

describe('serveOps', () => {
  it('is alive, and ready without checks', async () => {
    const { get } = await serve();
    expect(await get('/livez')).toMatchObject({ status: 200, text: '{"alive":true}' });
    expect(await get('/readyz')).toMatchObject({ status: 200, text: '{"ready":true,"notReady":[]}' });
  });

  it('names what is not ready, without its words, and is ready again by itself', async () => {
    let away = true;
    const lines: string[] = [];
    const logger = createLogger({ service: 'test', destination: { write: (line: string) => void lines.push(line) } });
    const { get } = await serve({
      logger,
      ready: {
        database: async () => {
          if (away) throw new Error('ECONNREFUSED db.internal:5432');
        },
        started: () => !away,
        fine: () => true,
        thrown: () => {
          if (away) throw new Error('x');
        },
      },
    });
    const answer = await get('/readyz?verbose');
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toEqual({ ready: false, notReady: ['database', 'started', 'thrown'] });
    expect((await get('/livez')).status).toBe(200);
    await get('/readyz');
    expect(lines).toHaveLength(3);
    away = false;
    expect(await get('/readyz')).toMatchObject({ status: 200 });
    expect(lines.filter((line) => line.includes('ready again'))).toHaveLength(3);
  });

  it('does not wait for a check that hangs, and does not start it again meanwhile', async () => {
    let runs = 0;
    const { get } = await serve({
      checkWithinMs: 150,
      ready: {
        database: () => {
          runs += 1;
          return new Promise(() => undefined);
        },
      },
    });
    const begun = performance.now();
    const answers = await Promise.all(Array.from({ length: 10 }, () => get('/readyz')));
    expect(performance.now() - begun).toBeLessThan(1_500);
    expect(answers.every(({ status }) => status === 503)).toBe(true);
    expect(runs).toBe(1);
  });

  it('shows what was measured', async () => {
    const metrics = createMetrics('task-service');
    new Counter({ name: 'tasks_total', help: 'Tasks.', registers: [metrics] }).inc(3);
    const { get } = await serve({ metrics });
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(answer.text).toContain('tasks_total{service="task-service"} 3');
  });

  it('knows no other path and takes GET only', async () => {
    const { get } = await serve();
    expect((await get('/')).status).toBe(404);
    expect((await get('/__proto__')).status).toBe(404);
    const posted = await get('/livez', { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('says in one line that its port is in use', async () => {
    const { address } = await serve();
    await expect(serve({ address })).rejects.toMatchObject({
      name: 'StartError',
      message: `Cannot listen on ${address} for operations: the port is in use.`,
    });
  });

  it('stops at once although a connection is kept open', async () => {
    const { get, stop } = await serve();
    await get('/livez');
    const begun = performance.now();
    await stop();
    expect(performance.now() - begun).toBeLessThan(500);
  });
});

describe('createMetrics', () => {
  it("tells the process's CPU, memory, start and event loop use, read when asked for", async () => {
    const metrics = createMetrics('x');
    const value = async (name: string) => {
      const { values } = (await metrics.getSingleMetric(name)?.get()) ?? { values: [] };
      return values[0]?.value ?? Number.NaN;
    };
    const before = await value('process_cpu_seconds_total');
    const begun = process.cpuUsage();
    while (process.cpuUsage(begun).user < 30_000);
    const after = await value('process_cpu_seconds_total');
    expect(after - before).toBeGreaterThanOrEqual(0.03);
    expect(after - before).toBeLessThan(2);
    expect(await value('process_resident_memory_bytes')).toBeGreaterThan(10e6);
    expect(await value('nodejs_heap_used_bytes')).toBeGreaterThan(1e6);
    expect(Math.abs((await value('process_start_time_seconds')) - Date.now() / 1000)).toBeLessThan(600);
    const utilization = await value('nodejs_eventloop_utilization_ratio');
    expect(utilization).toBeGreaterThan(0);
    expect(utilization).toBeLessThanOrEqual(1);
  });
});
