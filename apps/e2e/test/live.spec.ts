import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';
import { follow, type Follower } from '../src/follow.ts';

interface Org { orgId: string; currentStage: string }
interface Task { taskId: string; assignedQueue: string; assignee?: string }
interface Page<T> { items: T[] }

let stack: Stack;
let ida: Api;
let ingoToken: string;
const followers: Follower[] = [];

beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: false });
  ida = api(stack.url, await stack.token('ida'));
  ingoToken = await stack.token('ingo');
});
afterAll(async () => {
  for (const follower of followers) follower.close();
  await stack.stop();
});

function watch(query = ''): Follower {
  const follower = follow(`${stack.url}/api/v1/events${query}`, ingoToken);
  followers.push(follower);
  return follower;
}

it('a claim by one person is seen by another within a second', async () => {
  const { body: { orgId } } = await ida.post<Org>('/orgs', { name: 'Livebild GmbH' });
  const tasks = await until('tasks', async () => (await ida.get<Page<Task>>(`/tasks?orgId=${orgId}`)).body.items, (found) => found.length === 6);
  const task = tasks.find(({ assignedQueue }) => assignedQueue === 'INSIDE_SALES');
  const [ofQueue, ofOrg] = [watch('?queue=INSIDE_SALES'), watch(`?orgId=${orgId}`)];
  await Promise.all([ofQueue.opened, ofOrg.opened]);
  expect((await ida.post(`/tasks/${task?.taskId}/claim`)).status).toBe(200);
  const isClaim = ({ event, data }: { event: string; data: string }) => event === 'TaskClaimed' && data.includes(task?.taskId ?? '-');
  await until('the claim', async () => ofOrg.events, (events) => events.some(isClaim), 1_000);
  const seen = ofOrg.events.find(isClaim);
  expect(JSON.parse(seen?.data ?? '{}')).toMatchObject({ type: 'tom.task.v1.TaskClaimed', subject: orgId, actor: 'user:ida', data: { task: { assignee: 'ida' } } });
  for (const { data } of ofOrg.events) expect((JSON.parse(data) as { subject: string }).subject).toBe(orgId);
});

it('a stream goes on without a gap however often the gateway is killed', async () => {
  const follower = watch('?topics=tom.org.events.v1');
  await follower.opened;
  const made: string[] = [];
  for (let kill = 1; kill <= 3; kill += 1) {
    for (let n = 0; n < 10; n += 1) made.push((await ida.post<Org>('/orgs', { name: `Lückenlos ${kill}-${n}`, status: 'customer' })).body.orgId);
    const killed = stack.kill('gateway');
    await killed;
    await stack.ready();
    // While nobody may have come back yet.
    made.push((await ida.post<Org>('/orgs', { name: `Lückenlos ${kill}`, status: 'customer' })).body.orgId);
  }
  const created = () => follower.events.filter(({ event }) => event === 'OrgCreated').map(({ data }) => (JSON.parse(data) as { subject: string }).subject);
  await until('all of them', async () => created(), (seen) => made.every((orgId) => seen.includes(orgId)));
  expect([...created()].sort()).toEqual([...made].sort());
  expect(follower.events.some(({ event }) => event === 'reset')).toBe(false);
  expect(follower.connections).toBeGreaterThan(1);
});
