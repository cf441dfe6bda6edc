import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog, readTemplates } from '@tom/catalog';
import { OrgStageChanged } from '@tom/contracts/messages';
import { newId, systemClock } from '@tom/kernel';
import { createOutbox } from '@tom/messaging';
import { createTestDatabase, type TestDatabase } from '@tom/postgres/testing';
import { sharedConfigDir as configDir } from '@tom/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../migrations/index.ts';
import { allStored, createTemplates } from '../src/adapters/template-store.ts';
import { escalateDueCases } from '../src/use-cases/escalate-due-cases.ts';
import { loadTemplates } from '../src/use-cases/load-templates.ts';
import { orgOf, stageChange, startHarness, type Harness } from './harness.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tom-config-'));
  cpSync(configDir, folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'workflows', 'work_lead.yaml');
const original = () => readFileSync(join(configDir, 'workflows', 'work_lead.yaml'), 'utf8');

describe('templates at the start', () => {
  let own: TestDatabase;
  const catalog = loadCatalog(configDir);
  const load = () =>
    loadTemplates(
      { database: own.database, clock: systemClock, catalog },
      readTemplates(join(folder, 'workflows'), catalog),
    );
  beforeAll(async () => {
    own = await createTestDatabase({ migrations });
  });
  afterAll(() => own.drop());

  it('are stored once by version; the highest version is in force', async () => {
    await load();
    await load();
    expect((await allStored(own.database)).map(({ key, version }) => [key, version])).toEqual([
      ['qualify_company', 2],
      ['reactivate_dormant', 1],
      ['work_lead', 1],
    ]);
    writeFileSync(
      file(),
      original().replace('version: 1', 'version: 2').replace('Erstgespräch führen', 'Erstgespräch'),
    );
    expect((await load()).latest.map(({ key, version }) => [key, version])).toEqual([
      ['qualify_company', 2],
      ['reactivate_dormant', 1],
      ['work_lead', 2],
    ]);
    // An older file does not take back what is in force.
    writeFileSync(file(), original());
    const { latest: inForce, warnings } = await load();
    expect(inForce.map(({ key, version }) => [key, version])).toEqual([
      ['qualify_company', 2],
      ['reactivate_dormant', 1],
      ['work_lead', 2],
    ]);
    expect(inForce[2]?.tasks[0]?.title.source).toBe('Erstgespräch');
    expect(warnings).toMatchObject([
      { line: 2, severity: 'warning', message: 'Version 1 of work_lead is not in force: version 2 is.' },
    ]);
  });

  it('are refused, with their place, when the same version has other content; what is stored stays', async () => {
    writeFileSync(file(), original().replace('Erstgespräch führen', 'Plaudern'));
    await expect(load()).rejects.toThrow(
      /work_lead\.yaml:2:\d+: Version 1 of work_lead is stored with other content\. \(expected a higher version/,
    );
    expect((await allStored(own.database)).some(({ source }) => source.includes('Plaudern'))).toBe(false);
    writeFileSync(file(), original());
  });

  it('are found for a case by the version that it was opened with', async () => {
    const templates = createTemplates((await load()).latest, catalog);
    const templateOf = await templates.ofCases(own.database, [{ template: 'work_lead', templateVersion: 1 }, {}]);
    expect(templateOf({ template: 'work_lead', templateVersion: 1 })?.version).toBe(1);
    expect(templates.currentOf('work_lead')?.version).toBe(2);
    expect(templateOf({})).toBeUndefined();
  });
});

describe('the service', () => {
  it('does not start on a bad template, and says where and what was expected, all at once', async () => {
    const bad = original()
      .replace('queue: OUTSIDE_SALES', 'queue: NOWHERE')
      .replace("event.to_stage == 'QUALIFIED_LEAD'", 'event.nothing == 1');
    writeFileSync(file(), bad);
    await expect(startHarness({ configDir: folder })).rejects.toThrow(
      /work_lead\.yaml:\d+:\d+: .*[\s\S]*work_lead\.yaml:\d+:\d+: .*expected/,
    );
    writeFileSync(file(), original());
  });
});

describe('a due date', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  it('that passes while nobody does anything escalates the case, once', async () => {
    const orgId = newId();
    const change = await harness.tell(OrgStageChanged, {
      orgId,
      revision: 2,
      data: stageChange(orgOf(orgId, 'UNVERIFIED'), undefined),
    });
    await harness.handled(change);
    await harness.rows(`update case_item set due_at = now() - interval '1 second' where org_id = $1`, orgId);
    const outbox = createOutbox({
      source: 'workflow-service',
      clock: systemClock,
      histories: { case: 'case_history' },
    });
    const deps = { database: harness.database, clock: systemClock, outbox };
    expect(await escalateDueCases(deps)).toBe(1);
    expect(await escalateDueCases(deps)).toBe(0);
    expect(await harness.rows('select status, revision from case_item where org_id = $1', orgId)).toEqual([
      { status: 'ESCALATED', revision: 3 },
    ]);
    expect(await harness.rows('select type from case_history where org_id = $1 order by revision', orgId)).toEqual([
      { type: 'tom.workflow.v1.CaseOpened' },
      { type: 'tom.workflow.v1.CaseStatusChanged' },
      { type: 'tom.workflow.v1.CaseEscalated' },
    ]);
  });

  it('and every list is found by an index', async () => {
    await harness.rows('analyze');
    const plans = [
      `select 1 from case_item where closed_at is null and due_at is not null and status not in ('BLOCKED',
        'ESCALATED') and due_at <= now() order by due_at limit 200`,
      `select 1 from case_item where org_id = '0197b0a0-0000-7000-8000-000000000002' and closed_at is null`,
      `select 1 from case_item where owner = 'ida' and closed_at is null order by number desc limit 51`,
      `select 1 from case_item order by number desc limit 51`,
      `select 1 from case_item where title ilike '%muster%'`,
      `select 1 from known_org where name ilike '%muster%'`,
      `select 1 from case_item where opening_command_id = '0197b0a0-0000-7000-8000-000000000002' and closed_at is null`,
      `select 1 from case_note where case_id = '0197b0a0-0000-7000-8000-000000000002' and (created_at,
        note_id) < (now(), '0197b0a0-0000-7000-8000-000000000002') order by created_at desc, note_id desc limit 51`,
      `select 1 from case_task where case_id = '0197b0a0-0000-7000-8000-000000000002'`,
      `select 1 from case_task where org_id = '0197b0a0-0000-7000-8000-000000000002' and status in ('OPEN',
        'IN_PROGRESS')`,
      `select 1 from case_activity a where a.case_id = '0197b0a0-0000-7000-8000-000000000002' and not a.deleted`,
      `select 1 from door_request where created_at < now()`,
      `select 1 from observed_event where occurred_at < now() - interval '400 days' order by occurred_at limit 5000`,
      `select 1 from rule_evaluation where evaluated_at < now() - interval '400 days' order by evaluated_at limit 5000`,
    ];
    for (const query of plans) {
      // The tables are nearly empty, where reading all is cheapest; the question is whether an index can serve.
      const plan = await harness.database.transaction(async (tx) => {
        await tx.query({ name: 'test.no_seqscan', text: 'set local enable_seqscan = off' });
        return tx.query<Record<string, string>>({
          name: `test.plan.${plans.indexOf(query)}`,
          text: `explain ${query}`,
        });
      });
      const text = plan.map((line) => Object.values(line)[0]).join('\n');
      expect(text).toMatch(/Index/);
      expect(text).not.toMatch(/Seq Scan/);
    }
  });
});
