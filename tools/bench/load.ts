import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

/** One activity as it was acknowledged: when it was sent (UTC ms) and how long the answer took (ms). */
export interface Acknowledged {
  readonly activityId: string;
  readonly sentAt: number;
  readonly tookMs: number;
}

export interface Target {
  readonly url: string;
  /** The path of a company's activities. */
  path(n: number): string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes so many companies that no template works on; answers their ids. */
export async function makeCompanies(url: string, headers: Readonly<Record<string, string>>, count: number): Promise<readonly string[]> {
  const orgs: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const response = await fetch(`${url}/api/v1/orgs`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name: `Kunde ${n}`, status: 'customer' }),
    });
    orgs.push(((await response.json()) as { orgId: string }).orgId);
  }
  return orgs;
}

const followUpBase = Date.now() + 86_400_000;

function post(target: Target, agent: Agent, n: number): Promise<Acknowledged> {
  const body = JSON.stringify({ activityType: 'CALL', outcomeCode: 'NO_ANSWER', followUpAt: new Date(followUpBase + n * 1000).toISOString() });
  const sentAt = Date.now();
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...target.headers };
    const sent = request(`${target.url}${target.path(n)}`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const tookMs = performance.now() - began;
        if (response.statusCode !== 201) return reject(new Error(`POST answered ${response.statusCode}: ${text}`));
        resolve({ activityId: (JSON.parse(text) as { activityId: string }).activityId, sentAt, tookMs });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Each connection sends the next as soon as it has its answer. */
export async function closedLoop(target: Target, connections: number, count: number): Promise<Acknowledged[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const done: Acknowledged[] = [];
  let next = 0;
  async function connection(): Promise<void> {
    while (next < count) done.push(await post(target, agent, (next += 1)));
  }
  try {
    await Promise.all(Array.from({ length: connections }, connection));
  } finally {
    agent.destroy();
  }
  return done;
}

/** So many a second, whether or not the answers keep up. */
export async function openLoop(target: Target, perSecond: number, seconds: number): Promise<Acknowledged[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const posts: Promise<Acknowledged>[] = [];
  const began = performance.now();
  try {
    while (posts.length < perSecond * seconds) {
      const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - began) * perSecond) / 1000));
      while (posts.length < due) posts.push(post(target, agent, posts.length));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return await Promise.all(posts);
  } finally {
    agent.destroy();
  }
}

/** The p-th percentile (0 to 1) of unsorted values. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}
