import autocannon from 'autocannon';
import { newId } from '@tom/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { personToken, serveStage, startGateway } from './fixture.ts';

const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0).reverse()) await stop();
});

async function gateway(environment: Readonly<Record<string, string>>) {
  const started = await startGateway(environment);
  stopping.push(() => started.stop());
  return started;
}

const orgId = newId();
const org = {
  orgId, name: 'Muster AG', orgKind: 'customer', status: 'lead', currentStage: 'QUALIFYING', stageSince: '2026-03-10T11:00:00.000Z',
  version: 1, createdAt: '2026-03-10T11:00:00.000Z', createdBy: 'ida', updatedAt: '2026-03-10T11:00:00.000Z', updatedBy: 'ida',
};

describe('the limit of requests', () => {
  it('counts per person, whatever their address and route, and says when to come back', async () => {
    const { ask } = await gateway({ RATE_LIMIT_PER_MINUTE: '5' });
    const [ida, otto] = [personToken('ida'), personToken('otto')];
    const statuses = [];
    for (const path of ['/meta', '/meta', '/orgs', '/nothing', '/meta', '/meta']) {
      statuses.push((await ask(`/api/v1${path}`, { token: ida })).status);
    }
    expect(statuses).toEqual([200, 200, 503, 404, 200, 429]);
    const refused = await ask('/api/v1/orgs', { token: personToken('ida', ['ops']) });
    expect(refused.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(await refused.json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS', instance: '/api/v1/orgs' });
    expect((await ask('/api/v1/meta', { token: otto })).status).toBe(200);
    expect((await ask('/api/v1/meta')).status).toBe(401);
    expect((await ask('/livez')).status).toBe(200);
  });

  it('counts per address before anybody is signed in, and does not take a stranger’s word for the address', async () => {
    const { ask } = await gateway({ SIGN_IN_LIMIT_PER_MINUTE: '3' });
    const from = (address: string) => ask('/api/v1/sign-in', { headers: { 'x-forwarded-for': address } });
    const statuses = [];
    for (let n = 1; n <= 4; n += 1) statuses.push((await from(`203.0.113.${n}`)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const token = await ask('/api/v1/dev/token', { method: 'POST', body: '{"user":"ida"}', headers: { 'content-type': 'application/json' } });
    expect(token.status).toBe(429);
    expect((await ask('/api/v1/meta', { token: personToken('ida') })).status).toBe(200);
  });

  it('takes the address from the proxies that are trusted', async () => {
    const { ask } = await gateway({ SIGN_IN_LIMIT_PER_MINUTE: '1', TRUSTED_PROXY_HOPS: '1' });
    const from = async (forwarded: string) => (await ask('/api/v1/sign-in', { headers: { 'x-forwarded-for': forwarded } })).status;
    expect([await from('203.0.113.1'), await from('203.0.113.2'), await from('198.51.100.9, 203.0.113.1')]).toEqual([200, 200, 429]);
  });

  it('can be switched off', async () => {
    const { ask } = await gateway({ RATE_LIMIT_PER_MINUTE: '0', SIGN_IN_LIMIT_PER_MINUTE: '0' });
    const many = await Promise.all(Array.from({ length: 700 }, () => ask('/api/v1/sign-in')));
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describe('overload', () => {
  const SERVED_AT_ONCE = 4;
  const WORK_MS = 10;
  const IN_FLIGHT = 16;
  /** At first all connections come at once, and nothing is compiled. */
  const WARM_UP_MS = 1_500;

  /** Answers so many at once and lets the others wait, as a database pool does. */
  function bounded(): () => Promise<typeof org> {
    let busy = 0;
    const waiting: (() => void)[] = [];
    return async () => {
      if (busy >= SERVED_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
      busy += 1;
      await new Promise((resolve) => setTimeout(resolve, WORK_MS));
      busy -= 1;
      waiting.shift()?.();
      return org;
    };
  }

  async function load(environment: Readonly<Record<string, string>>, seconds: number) {
    const stage = await serveStage(bounded());
    stopping.push(() => stage.stop());
    const { url } = await gateway({ RATE_LIMIT_PER_MINUTE: '0', STAGE_SERVICE_ADDRESS: stage.address, ...environment });
    const answers = new Map<number, number[]>();
    const options = {
      url: `${url}/api/v1/orgs/${orgId}`,
      headers: { authorization: `Bearer ${personToken('ida')}` },
      connections: 160,
      overallRate: 1_200,
      duration: seconds,
    };
    const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
      const run = autocannon(options, (error: unknown, result) => (error ? reject(error as Error) : resolve(result)));
      const warm = performance.now() + WARM_UP_MS;
      run.on('response', (_client, status, _bytes, tookMs) => {
        if (performance.now() < warm) return;
        const times = answers.get(status);
        if (times) times.push(tookMs);
        else answers.set(status, [tookMs]);
      });
    });
    const p99 = (status: number) => {
      const sorted = (answers.get(status) ?? []).toSorted((a, b) => a - b);
      return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
    };
    const count = (status: number) => answers.get(status)?.length ?? 0;
    console.log(`${JSON.stringify(environment)}: 200 ${count(200)} p99 ${p99(200).toFixed(0)} ms; 503 ${count(503)} p99 ${p99(503).toFixed(0)} ms`);
    return { statuses: [...answers.keys()].sort(), count, p99, errors };
  }

  it('is refused at the edge before the answers of those who are served become slow', async () => {
    const { statuses, count, p99, errors } = await load({ MAX_IN_FLIGHT: String(IN_FLIGHT) }, 5);
    expect({ statuses, errors }).toEqual({ statuses: [200, 503], errors: 0 });
    expect(count(200)).toBeGreaterThan(100);
    expect(count(503)).toBeGreaterThan(100);
    // The same load without a bound that it reaches: everybody waits for everybody.
    const unbounded = await load({ MAX_IN_FLIGHT: '100000' }, 5);
    expect(unbounded.statuses).toEqual([200]);
    expect(p99(200)).toBeLessThan(unbounded.p99(200) / 1.5);
  });

  it('says when to come back, in the words of a problem', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const stage = await serveStage(() => held.then(() => org));
    stopping.push(() => stage.stop());
    const { ask } = await gateway({ MAX_IN_FLIGHT: '1', STAGE_SERVICE_ADDRESS: stage.address });
    const token = personToken('ida');
    const first = ask(`/api/v1/orgs/${orgId}`, { token });
    await expect.poll(async () => (await ask('/api/v1/meta', { token })).status).toBe(503);
    const refused = await ask('/api/v1/meta', { token });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(await refused.json()).toMatchObject({ status: 503, code: 'UNAVAILABLE', instance: '/api/v1/meta' });
    expect((await ask('/livez')).status).toBe(200);
    release();
    expect((await first).status).toBe(200);
    expect((await ask('/api/v1/meta', { token })).status).toBe(200);
  });
});
