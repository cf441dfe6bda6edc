import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from '@tom/postgres';
import { createTestDatabase, type TestDatabase } from '@tom/postgres/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENTS_A_COMPANY, historyOf, INSERT_OBSERVED } from '../bench/made-history.ts';
import { runTom } from './run-tom.ts';

const root = resolve(import.meta.dirname, '../..');
const shipped = readFileSync(join(root, 'config/workflows/qualify_company.yaml'), 'utf8');
const COMPANIES = 6;
const FROM = new Date('2026-03-02T08:00:00Z');

/** The two tables as workflow-service has them, as far as a simulation reads them. */
const tables = {
  '0001': {
    up: async (knex: { raw(text: string): PromiseLike<unknown> }) => {
      await knex.raw(`create table observed_event (event_id uuid primary key, type text not null, org_id uuid not null, case_id uuid,
        aggregate_id uuid not null, revision int not null, occurred_at timestamptz(3) not null, correlation_id uuid not null,
        causation_id uuid, codes jsonb not null)`);
      await knex.raw('create table known_org (org_id uuid primary key, name text)');
    },
  },
};

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tom-simulate-'));
  database = await createTestDatabase({ migrations: tables as never });
  const rows = Array.from({ length: COMPANIES }, (_, n) => historyOf(n, FROM)).flat();
  await database.database.query(sql('test.fill', INSERT_OBSERVED), [JSON.stringify(rows)]);
  await database.database.query(sql('test.name', 'insert into known_org values ($1, $2)'), [orgOf(0), 'Muster GmbH']);
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const orgOf = (n: number) => historyOf(n, FROM)[0]?.org_id ?? '';

async function tom(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runTom(['templates', 'simulate', ...args], {
    environment: { WORKFLOW_DATABASE_URL: database.url },
    folder,
    root,
    account: 'tester',
    now: () => new Date('2026-12-01T00:00:00Z'),
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

describe('tom templates simulate', () => {
  const changed = shipped.replace('version: 2', 'version: 3').replace("event.outcome_code == 'BOUNCED'", "event.outcome_code == 'SENT'");

  it('finds nothing different in what is in force', async () => {
    const { code, out } = await tom(write('same.yaml', shipped));
    expect(out).toContain(`${COMPANIES * EVENTS_A_COMPANY} events of ${COMPANIES} companies; 0 would be different`);
    expect(code).toBe(0);
  });

  it('shows what would be different, company by company', async () => {
    const { code, out } = await tom(write('changed.yaml', changed), '--org', orgOf(0));
    expect(code).toBe(0);
    expect(out).toContain(`${EVENTS_A_COMPANY} events of 1 company; 1 would be different`);
    expect(out).toContain(`Muster GmbH (${orgOf(0)}), from ActivityLogged at 2026-03-09`);
    expect(out).toContain('  - task  taskType ADD_CONTACT_POINTS, queue SALES_OPS');
    expect(out).not.toContain('  + task');
  });

  it('says the same as JSON, and shows as many companies as are asked for', async () => {
    const { out } = await tom(write('changed.yaml', changed), '--json', '--examples', '2');
    const result = JSON.parse(out) as { changedOrgs: number; differences: unknown[]; totals: { before: { tasks: number }; after: { tasks: number } } };
    expect(result.changedOrgs).toBe(COMPANIES);
    expect(result.differences).toHaveLength(2);
    // Two bounced, four were sent.
    expect(result.totals.after.tasks - result.totals.before.tasks).toBe(2);
  });

  it('leaves what was before --since as it was', async () => {
    const { out } = await tom(write('changed.yaml', changed), '--since', '2026-03-08T00:00:00Z', '--org', orgOf(0));
    expect(out).toContain('0 would be different');
  });

  it('judges moves anew with another table of stages', async () => {
    const stages = readFileSync(join(root, 'config/stages.yaml'), 'utf8').replace('contacts_since_case > 0', 'contacts_since_case > 50');
    const { out } = await tom('--stages', write('stages.yaml', stages), '--org', orgOf(0));
    expect(out).toContain('  stage  QUALIFIED_LEAD → QUALIFYING');
    expect(out).toContain('  + move  from QUALIFYING, to QUALIFIED_LEAD, unmet ["CONTACT_LOGGED"]');
  });

  it('refuses a template that is none, with its place', async () => {
    const { code, out } = await tom(write('bad.yaml', shipped.replace('queue: SALES_OPS', 'queue: NOWHERE')));
    expect(out).toMatch(/^bad\.yaml:\d+:\d+: .*NOWHERE/m);
    expect(code).toBe(1);
  });

  it.each([
    [[], 'expects one FILE'],
    [['same.yaml', '--since', 'yesterday'], '--since expects an instant'],
    [['same.yaml', '--since', '2027-01-01T00:00:00Z'], 'lies in the future'],
    [['same.yaml', '--org', 'x'], '--org expects ids'],
  ])('does not understand %j', async (args, expected) => {
    const { code, err } = await tom(...args);
    expect(err).toContain(expected);
    expect(code).toBe(2);
  });

  it('names a file that is not there', async () => {
    const { code, err } = await tom('nowhere.yaml');
    expect(err).toBe('error: nowhere.yaml cannot be read (ENOENT)');
    expect(code).toBe(1);
  });
});
