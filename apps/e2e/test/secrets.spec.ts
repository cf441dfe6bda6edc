import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTestAuthority, type TestAuthority } from '@tom/runtime/testing/certificates';
import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';

// The whole system with mutual TLS, and with everything logged that it can log.
let authority: TestAuthority;
let stack: Stack;
let token: string;
let ida: Api;
let root: Api;
beforeAll(async () => {
  authority = await makeTestAuthority();
  const files = await authority.issue('tom');
  stack = await startStack({
    fast: true,
    demoData: false,
    environment: {
      LOG_LEVEL: 'trace',
      GRPC_TLS_CA_FILE: files.grpcTlsCaFile,
      GRPC_TLS_CERT_FILE: files.grpcTlsCertFile,
      GRPC_TLS_KEY_FILE: files.grpcTlsKeyFile,
    },
  });
  token = await stack.token('ida');
  ida = api(stack.url, token);
  root = api(stack.url, await stack.token('root'));
});
afterAll(async () => {
  await stack.stop();
  authority.cleanup();
});

const mark = randomBytes(5).toString('hex');
const person = {
  name: `Quirina Merkmal-${mark}`,
  email: `quirina.${mark}@merkmal.example`,
  phone: `+43 662 ${Number.parseInt(mark.slice(0, 6), 16)}`,
  title: `Prokuristin ${mark}`,
};
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const words = (what: string) => `${what} ${mark}`;

interface Org { orgId: string; version: number }
interface Task { taskId: string; taskType: string; version: number }

async function company(): Promise<{ orgId: string; caseId: string }> {
  const given = { name: words('Merkmalwerk'), externalRef: `REF-${randomUUID()}-${mark}`, website: `https://www.merkmal-${mark}.example`, phone: person.phone, address: { street: words('Merkmalgasse 1'), city: words('Linz') } };
  const { status, body: { orgId } } = await ida.post<Org>('/orgs', given);
  expect(status).toBe(201);
  expect((await ida.post('/orgs', given)).status).toBe(409);
  await until('six tasks', () => ida.get<{ items: Task[] }>(`/tasks?orgId=${orgId}`), ({ body }) => body.items.length === 6);
  const { body } = await ida.get<{ items: { caseId: string }[] }>(`/cases?orgId=${orgId}`);
  return { orgId, caseId: body.items[0]?.caseId ?? '' };
}

/** A morning's work, with words that are to be found nowhere but in the databases. */
async function work(): Promise<void> {
  const { orgId, caseId } = await company();
  const { body: { contactId } } = await ida.post<{ contactId: string }>(`/orgs/${orgId}/contacts`, person);
  const call = { activityType: 'CALL', outcomeCode: 'REACHED_DECISION_MAKER', contactId, subject: words('Betreff'), notes: words('Notiz') };
  const logged = await ida.post<{ activityId: string }>(`/orgs/${orgId}/activities`, { ...call, followUpAt: inHours(24) }, { 'idempotency-key': words('key').replace(' ', '-') });
  expect(logged.status).toBe(201);
  await ida.patch(`/activities/${logged.body.activityId}`, { notes: words('andere Notiz') }, '"1"');
  await ida.patch(`/orgs/${orgId}`, { name: words('Merkmalwerke') }, '"7"');
  const task = await ida.post<Task>('/tasks', { orgId, taskType: 'GENERAL', title: words('Aufgabe'), description: words('Beschreibung'), assignedQueue: 'INSIDE_SALES' });
  await ida.post(`/tasks/${task.body.taskId}/complete`, { result: words('Ergebnis') });
  await ida.post(`/tasks/${task.body.taskId}/cancel`, { reason: words('Grund') });
  await ida.post(`/cases/${caseId}/notes`, { noteType: 'comment', body: words('Fallnotiz') });
  await ida.get(`/search?q=${encodeURIComponent(person.name)}`);
  await ida.get(`/orgs/duplicates?name=${encodeURIComponent(words('Merkmalwerk'))}`);
  // What is wrong, too wrong to be read, and not to be taken for a token.
  await ida.post(`/orgs/${orgId}/contacts`, { ...person, email: words('no address'), [mark]: mark });
  await ida.post('/orgs', { name: `${mark}\u0000` });
  await ida.get(`/orgs/${mark}`);
  await ida.get(`/orgs?sort=${mark}`);
  await fetch(`${stack.url}/api/v1/orgs`, { method: 'POST', body: `{"name":"${mark}`, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } });
  await api(stack.url, `${token}${mark}`).get('/me');
  await ida.post(`/orgs/${orgId}/disqualify`, { reasonCode: 'OTHER', reasonNote: words('Begründung') });
  await root.post(`/contacts/${contactId}/erase`, { reason: words('Wunsch') });
  await root.post(`/orgs/${orgId}/erase`, { reason: words('Wunsch') });
}

const INNER = /\bselect\b|insert into|relation|postgres|127\.0\.0\.1|localhost|:\d{4,5}\b|node_modules|\.[jt]s\b|\bat \S+ \(|ECONN|grpc|\/tmp\//i;

/** Asks the same things over and over until the system is whole again; answers what was refused meanwhile. */
async function refusalsWhile(trouble: () => Promise<unknown>): Promise<{ readonly statuses: Set<number>; readonly told: string[] }> {
  const { orgId } = await company();
  const statuses = new Set<number>();
  const told: string[] = [];
  let over = false;
  const asking = async () => {
    while (!over) {
      const answers = await Promise.all([
        ida.get(`/orgs/${orgId}`),
        ida.get(`/orgs/${orgId}/timeline`),
        ida.get('/queues'),
        ida.get(`/cases?orgId=${orgId}`),
        ida.post(`/orgs/${orgId}/activities`, { activityType: 'CALL', outcomeCode: 'NO_ANSWER', notes: words('Notiz') }),
        ida.post('/orgs', { name: words('Merkmal') }),
      ]);
      for (const { status, body } of answers) {
        statuses.add(status);
        if (status >= 400) told.push(JSON.stringify({ ...body, instance: undefined }));
      }
    }
  };
  const clients = Promise.all([asking(), asking()]);
  await trouble();
  await stack.ready(60_000);
  await until('whole again', () => Promise.all([ida.get('/queues'), ida.get('/cases'), ida.get('/orgs'), ida.get('/my/day')]), (all) => all.every(({ status }) => status === 200), 30_000);
  over = true;
  await clients;
  return { statuses, told };
}

describe('the system with certificates', () => {
  it('does its work', work);

  it('takes nobody at a service who has none', async () => {
    const { connect } = await import('node:tls');
    const [host = '', port = ''] = stack.addresses['task-service'].api.split(':');
    const ca = readFileSync(authority.caFile);
    const outcome = await new Promise<string>((resolve) => {
      const socket = connect({ host, port: Number(port), ca, ALPNProtocols: ['h2'] });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.resume();
    });
    expect(outcome).toMatch(/CERTIFICATE_REQUIRED|ECONNRESET/);
  });
});

describe('trouble', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['the database is killed', () => stack.kill('postgres')],
    ['a service is killed', () => stack.kill('activity-service')],
    ['a service hangs', async () => {
      await stack.kill('stage-service', 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      await stack.kill('stage-service', 'SIGCONT');
    }],
  ])('is told as 503 without a word of the inside when %s', async (_what, trouble) => {
    const { statuses, told } = await refusalsWhile(trouble);
    expect(told.filter((text) => INNER.test(text))).toEqual([]);
    expect([...statuses].filter((status) => ![200, 201, 503].includes(status))).toEqual([]);
    expect(statuses).toContain(503);
  });
});

describe('the logs', () => {
  it('hold neither a word about a person nor a token, of anything that was done here', async () => {
    await work();
    const files = readdirSync(stack.logs);
    expect(files.sort()).toEqual(['activity-service.log', 'gateway.log', 'postgres.log', 'stage-service.log', 'task-service.log', 'workflow-service.log']);
    const signature = token.split('.')[2] ?? '';
    const secrets = [mark, 'Merkmal', person.phone.replaceAll(' ', ''), person.phone, signature, token.slice(0, 40), 'Bearer '];
    const found = files.flatMap((file) =>
      readFileSync(join(stack.logs, file), 'utf8')
        .split('\n')
        .filter((line) => secrets.some((secret) => line.toLowerCase().includes(secret.toLowerCase())))
        .map((line) => `${file}: ${line.slice(0, 300)}`),
    );
    expect(found.slice(0, 10)).toEqual([]);
    const lines = readFileSync(join(stack.logs, 'activity-service.log'), 'utf8');
    expect(lines).toContain('LogActivity');
  });
});
