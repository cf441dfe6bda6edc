import type { Stack } from '@tom/tools/stack';

/** What was acknowledged: activities with when their follow-up is due, ids of companies, who was given which task. */
export interface Acknowledged {
  readonly acknowledged: ReadonlyMap<string, string>;
  readonly companies: readonly string[];
  readonly claims: readonly { readonly taskId: string; readonly user: string }[];
  /** Whatever is neither a success nor a 503 that says when to come again. */
  readonly unexpected: readonly string[];
}

export interface Load {
  counts(): { activities: number; companies: number; claims: number; acknowledged: number; refused: number };
  /** Resolves when everything under way was acknowledged. */
  stop(): Promise<Acknowledged>;
}

const CALLERS = 4;
const PAUSE_MS = 25;
const AGAIN_AFTER_MS = 150;
const TASKS = 1_500;

/**
 * People who log calls with follow-ups, register companies and claim tasks, each with a key of their own and again until
 * somebody says that it is done.
 */
export async function startLoad(stack: Stack, seed: number): Promise<Load> {
  const acknowledged = new Map<string, string>();
  const companies: string[] = [];
  const claims: { taskId: string; user: string }[] = [];
  const unexpected: string[] = [];
  const bearers = new Map(await Promise.all(['ida', 'olga', 'mia'].map(async (user) => [user, await stack.token(user)] as const)));
  let refused = 0;
  let over = false;
  let sent = 0;

  async function post(user: string, path: string, body: unknown, key: string): Promise<Record<string, unknown> | undefined> {
    for (;;) {
      try {
        const response = await fetch(`${stack.url}/api/v1${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${bearers.get(user)}`, 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(15_000),
        });
        const text = await response.text();
        if (response.ok) return text ? (JSON.parse(text) as Record<string, unknown>) : undefined;
        if (response.status !== 503 || !response.headers.has('retry-after')) {
          unexpected.push(`${path} ${response.status} ${text.slice(0, 300)}`);
          if (response.status < 500) return undefined;
        }
      } catch (error) {
        unexpected.push(`${path} ${String(error)}`);
      }
      refused += 1;
      await pause(AGAIN_AFTER_MS);
    }
  }

  const first: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    const made = await post('ida', '/orgs', { name: `Kunde ${n}`, status: 'customer' }, `first-${seed}-${n}`);
    first.push(String(made?.['orgId']));
  }
  companies.push(...first);

  async function logging(): Promise<void> {
    while (!over) {
      const n = (sent += 1);
      const followUpAt = new Date(Date.now() + 86_400_000 + n * 1_000).toISOString();
      const body = { activityType: 'CALL', outcomeCode: 'NO_ANSWER', followUpAt };
      const made = await post('ida', `/orgs/${first[n % first.length]}/activities`, body, `call-${seed}-${n}`);
      if (made) acknowledged.set(String(made['activityId']), followUpAt);
      await pause(PAUSE_MS);
    }
  }
  async function registering(): Promise<void> {
    for (let n = 0; !over; n += 1) {
      const made = await post('ida', '/orgs', { name: `Neukunde ${n}`, status: 'customer' }, `org-${seed}-${n}`);
      if (made) companies.push(String(made['orgId']));
      await pause(PAUSE_MS * 2);
    }
  }
  async function claiming(user: string): Promise<void> {
    for (let n = 0; !over && n < TASKS; n += 1) {
      const task = { orgId: first[n % first.length], taskType: 'GENERAL', title: `Aufgabe ${n}`, assignedQueue: 'SALES_OPS' };
      await post('ida', '/tasks', task, `task-${seed}-${user}-${n}`);
      const given = await post(user, '/queues/SALES_OPS/claim-next', {}, `claim-${seed}-${user}-${n}`);
      const taskId = (given?.['task'] as { taskId?: string } | undefined)?.taskId;
      if (taskId !== undefined) claims.push({ taskId, user });
      await pause(PAUSE_MS * 4);
    }
  }

  const working = Promise.all([...Array.from({ length: CALLERS }, logging), registering(), claiming('olga'), claiming('mia')]);
  return {
    counts: () => ({
      activities: acknowledged.size,
      companies: companies.length,
      claims: claims.length,
      acknowledged: acknowledged.size + companies.length + claims.length,
      refused,
    }),
    stop: async () => {
      over = true;
      await working;
      return { acknowledged, companies, claims, unexpected };
    },
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
