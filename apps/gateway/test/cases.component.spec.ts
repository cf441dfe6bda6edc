import { fileURLToPath } from 'node:url';
import { CaseView, WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError, newId, systemClock } from '@tom/kernel';
import {
  createLogger,
  createMetrics,
  createTokenVerifier,
  implement,
  loadConfig,
  serveGrpc,
  type CallContext,
  type Handlers,
} from '@tom/runtime';
import { makeTestIdentity } from '@tom/runtime/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type GatewayApp } from '../src/app.ts';
import { configDefinition } from '../src/config.ts';

// workflow-service as the gateway meets it on the wire: it remembers what was asked and answers what each test sets.
type Rpcs = Handlers<typeof WorkflowServiceService>;
type Rpc = keyof Rpcs;

const identity = makeTestIdentity();
const token = identity.userToken('olga', ['ops']);
const logger = createLogger({ service: 'gateway', level: 'silent' });
const caseId = newId();
const requirementId = newId();
let asked: { rpc: string; request: unknown; call: CallContext }[] = [];
let answer: () => CaseView;
let workflow: Awaited<ReturnType<typeof serveGrpc>>;
let app: GatewayApp;

function double(): Rpcs {
  const answering = (rpc: string) => async (request: unknown, call: CallContext) => {
    asked.push({ rpc, request, call });
    return answer();
  };
  return Object.fromEntries(Object.keys(WorkflowServiceService).map((rpc) => [rpc, answering(rpc)])) as unknown as Rpcs;
}

beforeAll(async () => {
  workflow = await serveGrpc({
    address: '127.0.0.1:0',
    services: [implement(WorkflowServiceService, double())],
    verifier: createTokenVerifier({ clock: systemClock, trustedKeysFile: identity.trustedKeysFile }),
    logger,
    metrics: createMetrics('workflow-double'),
  });
  const config = loadConfig(configDefinition, {
    PORT: '0',
    EVENT_LOG_URL: 'postgres://127.0.0.1:1/none',
    STAGE_SERVICE_ADDRESS: '127.0.0.1:1',
    ACTIVITY_SERVICE_ADDRESS: '127.0.0.1:1',
    TASK_SERVICE_ADDRESS: '127.0.0.1:1',
    WORKFLOW_SERVICE_ADDRESS: workflow.address,
    CONFIG_DIR: fileURLToPath(new URL('../../../config', import.meta.url)),
    TRUSTED_KEYS_FILE: identity.trustedKeysFile,
    DEMO_KEY_FILE: identity.demoKeyFile,
  });
  app = await startApp(config, { logger });
});
afterAll(async () => {
  await app.stop();
  await workflow.stop();
  identity.cleanup();
});
beforeEach(() => {
  asked = [];
  answer = () => view;
});

const view = CaseView.fromJSON({
  case: { caseId, number: '12', orgId: newId(), caseType: 'INBOUND_REQUEST', engine: 'ops', status: 'BLOCKED', version: 3 },
  org: { name: 'Muster GmbH' },
  statusReason: { de: 'Fehlt.', en: 'Missing.' },
  chain: [{ id: newId(), kind: 'handover', fromEngine: 'customer_inbound', toEngine: 'ops', by: 'cora', goal: 'Angebot', openPoints: ['Menge?'] }],
  returnTarget: { engine: 'customer_inbound', role: 'customer_inbound', queue: 'CUSTOMER_INBOUND', phase: 'CI-A', outputs: [{ requirementId, key: 'summary' }] },
});

async function send(path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${app.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, etag: response.headers.get('etag'), body: (await response.json()) as Record<string, unknown> };
}

const handOver = {
  engine: 'ops',
  role: 'ops',
  queue: 'SALES_OPS',
  goal: 'Angebot',
  context: 'Anruf',
  openPoints: ['Menge?'],
  recommendation: 'Rahmenvertrag',
};
const moves: readonly (readonly [Rpc, string, Record<string, unknown>, Record<string, unknown>])[] = [
  ['fulfilCaseRequirement', `requirements/${requirementId}/fulfil`, { value: 'ja' }, { requirementId }],
  ['advanceCase', 'advance', { phase: 'OPS-B' }, {}],
  ['handOverCase', 'handover', handOver, {}],
  ['returnCase', 'return', { reason: 'Unklar', missing: [requirementId, 'Preis'] }, {}],
];

describe('a move of a case', () => {
  it.each(moves)('%s is passed on with person and key, and answers the case', async (rpc, path, body, more) => {
    const sent = await send(`/cases/${caseId}/${path}`, body, { 'idempotency-key': 'k-1' });
    expect(sent).toMatchObject({
      status: 200,
      etag: '"3"',
      body: {
        caseId,
        number: 12,
        status: 'BLOCKED',
        statusReason: { de: 'Fehlt.' },
        chain: [{ kind: 'handover', by: 'cora', goal: 'Angebot', openPoints: ['Menge?'] }],
        returnTarget: { engine: 'customer_inbound', phase: 'CI-A', outputs: [{ requirementId, key: 'summary' }] },
      },
    });
    expect(asked).toMatchObject([{ rpc, request: { caseId, ...body, ...more } }]);
    expect(asked[0]?.call).toMatchObject({ caller: { id: 'olga' }, idempotency: { key: 'k-1' } });
    expect(asked[0]?.call.idempotency?.route).toContain(caseId);
  });

  it.each(moves)('%s that the rules refuse is a 409 with every unmet rule and its way out', async (_rpc, path, body) => {
    const unmet = [
      {
        rule: 'summary',
        met: false,
        message: { de: 'Zusammenfassung', en: 'Summary' },
        hint: { de: 'Liefern', en: 'Supply' },
        fix: { action: 'FULFIL_REQUIREMENT', params: { caseId, requirementId } },
      },
    ];
    answer = () => {
      throw DomainError.rulesUnmet('Mandatory outputs are missing.', unmet);
    };
    expect(await send(`/cases/${caseId}/${path}`, body)).toMatchObject({ status: 409, body: { code: 'RULES_UNMET', unmet } });
  });

  it.each([
    [`requirements/${requirementId}/fulfil`, {}, ['value']],
    [`requirements/${requirementId}/fulfil`, { value: 7 }, ['value']],
    ['advance', { phase: 'NOPE' }, ['phase']],
    ['handover', {}, ['context', 'engine', 'goal', 'openPoints', 'queue', 'recommendation', 'role']],
    ['handover', { ...handOver, engine: 'nope', queue: 'NOPE', openPoints: [''], owner: 'x' }, ['engine', 'openPoints[0]', 'owner', 'queue']],
    ['return', { missing: [] }, ['missing', 'reason']],
    ['return', { reason: ' ', missing: [''] }, ['missing[0]', 'reason']],
  ])('to %s with %j names every bad field and asks nobody', async (path, body, paths) => {
    const refused = await send(`/cases/${caseId}/${path}`, body);
    expect(refused).toMatchObject({ status: 400, body: { code: 'INVALID' } });
    const violations = refused.body['violations'] as readonly { readonly path: string }[];
    expect(violations.map((violation) => violation.path).sort()).toEqual(paths);
    expect(asked).toEqual([]);
  });
});

describe('lists of cases', () => {
  it('take every filter, and my own are those that I own and that are open', async () => {
    answer = () => ({ items: [view] }) as unknown as CaseView;
    const query = 'engine=ops,inside_sales&status=BLOCKED&ownerRole=ops&ownerQueue=SALES_OPS&owner=olga&open=true&pageSize=10';
    expect(await send(`/cases?${query}`)).toMatchObject({ status: 200, body: { items: [{ caseId, number: 12 }] } });
    await send('/my/cases');
    expect(asked).toMatchObject([
      {
        request: {
          engines: ['ops', 'inside_sales'],
          statuses: ['BLOCKED'],
          ownerRoles: ['ops'],
          ownerQueues: ['SALES_OPS'],
          owner: 'olga',
          open: true,
          mine: false,
          pageSize: 10,
        },
      },
      { request: { mine: true, open: true } },
    ]);
    expect(await send('/cases?engine=nope&surprise=1')).toMatchObject({ status: 400 });
  });
});
