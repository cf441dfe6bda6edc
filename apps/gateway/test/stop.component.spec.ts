import { Agent, request } from 'node:http';
import { newId } from '@tom/kernel';
import { describe, expect, it, vi } from 'vitest';
import { personToken, serveStage, startGateway } from './fixture.ts';

interface Answered {
  readonly status: number | undefined;
  readonly connection: string | undefined;
}

function get(url: string, agent: Agent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${personToken('ida')}` };
    request(url, { agent, headers }, (response) => {
      response.resume().once('end', () => resolve({ status: response.statusCode, connection: response.headers.connection }));
    })
      .once('error', reject)
      .end();
  });
}

const org = {
  orgId: newId(), name: 'Muster AG', orgKind: 'customer', status: 'lead', currentStage: 'QUALIFYING', stageSince: '2026-03-10T11:00:00.000Z',
  version: 1, createdAt: '2026-03-10T11:00:00.000Z', createdBy: 'ida', updatedAt: '2026-03-10T11:00:00.000Z', updatedBy: 'ida',
};

describe('a gateway that is told to end', () => {
  it('answers what is under way, tells clients to let go, and leaves idle connections behind', async () => {
    const waiting: (() => void)[] = [];
    const stage = await serveStage(() => new Promise((resolve) => waiting.push(() => resolve(org))));
    const gateway = await startGateway({ STAGE_SERVICE_ADDRESS: stage.address });
    const agent = new Agent({ keepAlive: true });
    const path = `${gateway.url}/api/v1/orgs/${org.orgId}`;
    try {
      // One connection that stays open and idle, and some on which an answer is awaited.
      expect(await get(`${gateway.url}/api/v1/meta`, agent)).toEqual({ status: 200, connection: 'keep-alive' });
      const underWay = Promise.all(Array.from({ length: 8 }, () => get(path, agent)));
      await vi.waitUntil(() => waiting.length === 8, { timeout: 10_000 });
      const stopped = gateway.stop();
      for (const answer of waiting) answer();
      expect(new Set((await underWay).map(({ status, connection }) => `${status} ${connection}`))).toEqual(new Set(['200 close']));
      await stopped;
      await expect(get(path, agent)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    } finally {
      agent.destroy();
      await stage.stop();
    }
  });

  it('ends although clients never let it rest', async () => {
    const stage = await serveStage(() => new Promise((resolve) => setTimeout(() => resolve(org), 20)));
    const gateway = await startGateway({ STAGE_SERVICE_ADDRESS: stage.address, RATE_LIMIT_PER_MINUTE: '0' });
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const path = `${gateway.url}/api/v1/orgs/${org.orgId}`;
    let resting = false;
    const codes = new Set<string>();
    const client = async () => {
      while (!resting) {
        const { status } = await get(path, agent).catch((error: NodeJS.ErrnoException) => ({ status: error.code }));
        codes.add(String(status));
        if (typeof status === 'string') await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const clients = Promise.all(Array.from({ length: 8 }, client));
    try {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const begun = performance.now();
      await gateway.stop();
      expect(performance.now() - begun).toBeLessThan(3_000);
    } finally {
      resting = true;
      await clients;
      agent.destroy();
      await stage.stop();
    }
    expect(codes).toContain('200');
    expect([...codes].filter((code) => !['200', 'ECONNREFUSED', 'ECONNRESET'].includes(code))).toEqual([]);
  });

  it('waits for nobody whose request never ends', async () => {
    const stage = await serveStage(() => new Promise(() => undefined));
    const gateway = await startGateway({ STAGE_SERVICE_ADDRESS: stage.address });
    const agent = new Agent();
    const hanging = get(`${gateway.url}/api/v1/orgs/${org.orgId}`, agent).catch((error: NodeJS.ErrnoException) => error.code);
    const half = request(`${gateway.url}/api/v1/orgs`, { method: 'POST', agent, headers: { authorization: `Bearer ${personToken('ida')}`, 'content-type': 'application/json', 'content-length': 100 } });
    half.on('error', () => undefined).write('{');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const begun = performance.now();
    await gateway.stop();
    expect(performance.now() - begun).toBeLessThan(8_000);
    await hanging;
    agent.destroy();
    await stage.stop();
  });
});
