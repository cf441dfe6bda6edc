import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrgStageChanged } from '@tom/contracts/messages';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { newId } from '@tom/kernel';
import { createClient } from '@tom/runtime';
import { eventually, sharedConfigDir } from '@tom/service/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { casesOf, known, refusal } from './fixtures.ts';
import { orgOf, stageChange, startHarness, type Harness } from './harness.ts';

/** One instance with configuration files of its own; all of a test share a database. */
interface Instance {
  readonly client: Harness['client'];
  readonly file: (name: string) => string;
  readonly metrics: () => Promise<string>;
  stop(): Promise<void>;
}

let folders: string[] = [];
let harness: Harness;
let first: Instance;
let others: Instance[] = [];

function configFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tom-config-'));
  folders.push(folder);
  cpSync(sharedConfigDir, folder, { recursive: true });
  return folder;
}

const instance = (app: Harness['app'], client: Harness['client'], folder: string, stop: () => Promise<void>): Instance => ({
  client,
  stop,
  file: (name) => join(folder, 'workflows', name),
  metrics: async () => (await fetch(`http://${app.opsAddress}/metrics`)).text(),
});

async function another(folder = configFolder()): Promise<Instance> {
  const app = await harness.another(folder);
  const client = createClient(WorkflowServiceService, { address: app.grpcAddress });
  const made = instance(app, client, folder, async () => {
    client.close();
    await app.stop();
  });
  others.push(made);
  return made;
}

beforeEach(async () => {
  const folder = configFolder();
  harness = await startHarness({ configDir: folder });
  first = instance(harness.app, harness.client, folder, () => harness.stop());
});
afterEach(async () => {
  for (const one of others.toReversed()) await one.stop();
  others = [];
  await harness.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders = [];
});

const root = () => harness.person('root', 'administrator')();
const ida = () => harness.person('ida', 'inside_sales')();
const shipped = (name: string) => readFileSync(join(sharedConfigDir, 'workflows', name), 'utf8');
const WORK_LEAD = 'work_lead.yaml';
const versioned = (version: number, title = `Erstgespräch ${version}`) =>
  shipped(WORK_LEAD).replace('version: 1', `version: ${version}`).replace('Erstgespräch führen', title);
/** Which version an instance works by, not which it has read of: its figure says so. */
const worksBy = async (at: Instance, key = 'work_lead') =>
  Number(new RegExp(`^tom_template_version\\{[^}]*template="${key}"[^}]*\\} (\\d+)`, 'm').exec(await at.metrics())?.[1]);
const problemsOf = async (at: Instance) => (await at.client.listTemplates({}, ida())).problems;
const agree = (version: number, ...at: readonly Instance[]) =>
  eventually(async () => {
    const versions = await Promise.all(at.map((one) => worksBy(one)));
    if (versions.some((one) => one !== version)) throw new Error(`They work by ${versions.join(' and ')}`);
  });

describe('a changed template', () => {
  it('is taken up while the service runs, by every instance; open cases keep their version', async () => {
    const second = await another();
    const before = await openLead();
    writeFileSync(first.file(WORK_LEAD), versioned(2));
    expect(await first.client.reloadTemplates({}, root())).toMatchObject({
      takenUp: true,
      problems: [],
      current: expect.arrayContaining([{ key: 'work_lead', version: 2 }]) as unknown,
    });
    await agree(2, first, second);
    const after = await openLead();
    const versions = await harness.rows('select case_id, template_version from case_item where case_id = any($1)', [before, after]);
    expect(versions).toEqual(
      expect.arrayContaining([{ case_id: before, template_version: 1 }, { case_id: after, template_version: 2 }]),
    );
    // What the second has on its disk is older by now, and says so.
    expect(await second.client.reloadTemplates({}, root())).toMatchObject({
      takenUp: true,
      problems: [{ file: WORK_LEAD, line: 2, severity: 'warning', message: 'Version 1 of work_lead is not in force: version 2 is.' }],
    });
    await agree(2, first, second);
  });

  it('is noticed without being asked, also when a mounted folder is swapped by its link', async () => {
    const folder = configFolder();
    const mount = join(folder, 'workflows');
    renameSync(mount, join(folder, '..data_1'));
    symlinkSync('..data_1', join(folder, '..data'));
    mkdirSync(mount);
    for (const name of [WORK_LEAD, 'qualify_company.yaml', 'reactivate_dormant.yaml']) symlinkSync(join('..', '..data', name), join(mount, name));
    const second = await another(folder);
    expect(await worksBy(second)).toBe(1);
    cpSync(join(folder, '..data_1'), join(folder, '..data_2'), { recursive: true });
    writeFileSync(join(folder, '..data_2', WORK_LEAD), versioned(3));
    symlinkSync('..data_2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await agree(3, second, first);
  });

  it('that is bad changes nothing, whatever is good beside it, and is said until it is mended', async () => {
    writeFileSync(first.file(WORK_LEAD), versioned(2));
    writeFileSync(first.file('qualify_company.yaml'), shipped('qualify_company.yaml').replace('version: 2', 'version: 3').replace('queue: INSIDE_SALES', 'queue: NOWHERE'));
    const said = [{ file: 'qualify_company.yaml', line: 21, column: 10, path: 'case.queue', message: 'There is no queue NOWHERE.' }];
    expect(await first.client.reloadTemplates({}, root())).toMatchObject({ takenUp: false, problems: said });
    expect(await problemsOf(first)).toMatchObject(said);
    expect(await first.metrics()).toMatch(/^tom_template_problems\{[^}]*\} 1$/m);
    expect([await worksBy(first), await worksBy(first, 'qualify_company')]).toEqual([1, 2]);
    expect(await harness.rows('select 1 from workflow_template where version = 3 or template_key = $1 and version = 2', 'work_lead')).toEqual([]);
    expect(await openLead()).toBeDefined();
    cpSync(join(sharedConfigDir, 'workflows/qualify_company.yaml'), first.file('qualify_company.yaml'));
    expect(await first.client.reloadTemplates({}, root())).toMatchObject({ takenUp: true, problems: [] });
    expect(await first.metrics()).toMatch(/^tom_template_problems\{[^}]*\} 0$/m);
    await agree(2, first);
  });

  it.each<[what: string, text: string, message: RegExp]>([
    ['the same version with other content', versioned(1, 'Plaudern'), /^Version 1 of work_lead is stored with other content\.$/],
    ['a rule that never ends', versioned(2).replace('rules:\n', "rules:\n  - key: again\n    on: TaskCreated\n    condition: event.task_type == 'GENERAL'\n    do: [{ create_task: { type: GENERAL, title: x, queue: OUTSIDE_SALES, role: outside_sales, due_in_working_days: 1, priority: LOW } }]\n"), /^The rule never ends: again does create_task/],
    ['no YAML', '[[[', /./],
  ])('with %s is refused, and the running version stays', async (_, text, message) => {
    writeFileSync(first.file(WORK_LEAD), text);
    const { takenUp, problems } = await first.client.reloadTemplates({}, root());
    expect(takenUp).toBe(false);
    expect(problems[0]?.message).toMatch(message);
    expect(await worksBy(first)).toBe(1);
  });

  it('is never replaced by an older one: not by a restart with older files, nor by an instance that was away', async () => {
    writeFileSync(first.file(WORK_LEAD), versioned(2));
    await first.client.reloadTemplates({}, root());
    const late = await another();
    await agree(2, first, late);
    // Going back is a higher version with the old content.
    writeFileSync(late.file(WORK_LEAD), shipped(WORK_LEAD).replace('version: 1', 'version: 3'));
    await late.client.reloadTemplates({}, root());
    await agree(3, first, late);
  });

  it('is learnt once, however often and late it is told', async () => {
    const second = await another();
    writeFileSync(first.file(WORK_LEAD), versioned(2));
    await first.client.reloadTemplates({}, root());
    for (let times = 0; times < 5; times += 1) await harness.rows(`select pg_notify('tom_templates', '')`);
    await agree(2, first, second);
    // Nobody told of this one, as when an instance dies right after its commit and its connection was away.
    await harness.rows(
      `insert into workflow_template select template_key, 4, description, 'hash', $1, loaded_at from workflow_template
        where template_key = 'work_lead' and version = 2`,
      versioned(4),
    );
    await harness.rows(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'template changes' and datname = current_database()`);
    await agree(4, first, second);
  });

  it('of which the taking up breaks off leaves nothing behind, and is taken up when it is tried again', async () => {
    // As when the process is killed in the middle: its transaction ends with it.
    await harness.rows(`create function test_stop() returns trigger language plpgsql as 'begin raise exception ''killed''; end'`);
    await harness.rows('create trigger test_stop after insert on workflow_template for each row execute function test_stop()');
    writeFileSync(first.file(WORK_LEAD), versioned(2));
    await expect(first.client.reloadTemplates({}, root())).rejects.toThrow();
    expect(await worksBy(first)).toBe(1);
    expect(await harness.rows('select 1 from workflow_template where version = 2 and template_key = $1', 'work_lead')).toEqual([]);
    await harness.rows('drop trigger test_stop on workflow_template');
    await agree(2, first);
  });

  it('taken out of the files stays in force; one that is retired starts nothing, and its cases go on', async () => {
    const caseId = await openLead();
    rmSync(first.file(WORK_LEAD));
    expect(await first.client.reloadTemplates({}, root())).toMatchObject({ takenUp: true, problems: [] });
    expect(await worksBy(first)).toBe(1);
    writeFileSync(first.file(WORK_LEAD), versioned(2).replace('org_kinds:', 'retired: true\norg_kinds:'));
    expect(await first.client.reloadTemplates({}, root())).toMatchObject({ takenUp: true, problems: [] });
    const orgId = newId();
    await harness.handled(await harness.tell(OrgStageChanged, { orgId, revision: 2, data: stageChange(orgOf(orgId, 'QUALIFIED_LEAD'), undefined) }));
    expect(await casesOf(harness, orgId)).toEqual([]);
    const start = first.client.startTemplate({ key: 'work_lead', orgId: known(harness, 'QUALIFIED_LEAD') }, harness.person('otto', 'outside_sales')());
    await expect(start).rejects.toThrow(refusal('STATE_REFUSED', { state: 'RETIRED' }));
    expect(await first.client.getTemplate({ key: 'work_lead' }, ida())).toMatchObject({ currentVersion: 2, retired: true });
    const otto = harness.person('otto', 'outside_sales')();
    expect((await first.client.claimCase({ caseId }, otto)).case).toMatchObject({ owner: 'otto', templateVersion: 1 });
  });

  it('is taken up by administrators only', async () => {
    await expect(first.client.reloadTemplates({}, ida())).rejects.toThrow(refusal('FORBIDDEN'));
    await expect(first.client.validateTemplate({ source: '' }, ida())).rejects.toThrow(refusal('FORBIDDEN'));
  });
});

/** A lead of a new company, as whichever instance takes the event opens it. */
async function openLead(): Promise<string> {
  const orgId = newId();
  await harness.handled(await harness.tell(OrgStageChanged, { orgId, revision: 2, data: stageChange(orgOf(orgId, 'QUALIFIED_LEAD'), undefined) }));
  const [lead] = await casesOf(harness, orgId);
  return lead?.case_id ?? '';
}
