import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closing, inbound, including, known, refusal, withTemplateCase } from './fixtures.ts';
import { sharedConfigDir } from '@tom/service/testing';
import { startHarness, type Harness } from './harness.ts';

const INBOUND = `
key: inbound_request
version: 1
description: Beantwortet eine Anfrage.
org_kinds: qualified
case:
  type: INBOUND_REQUEST
  engine: customer_inbound
  phase: CI-A
  role: customer_inbound
  queue: CUSTOMER_INBOUND
  title: 'Anfrage: {{ org.name }}'
  priority: NORMAL
required_outputs:
  - key: answer_given
    phase: CI-B
    type: decision
    description: { de: Antwort gegeben, en: Answer given }
    mandatory: false
completion:
  - outcome: RESOLVED
    requires: [summary, answer_given]
  - outcome: CANCELLED
`;

let folder: string;
let harness: Harness;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tom-config-'));
  cpSync(sharedConfigDir, folder, { recursive: true });
  writeFileSync(join(folder, 'workflows', 'inbound_request.yaml'), INBOUND);
  const qualify = join(folder, 'workflows', 'qualify_company.yaml');
  const text = readFileSync(qualify, 'utf8');
  writeFileSync(qualify, text.replace('    stage: QUALIFIED_LEAD\n', '    stage: QUALIFIED_LEAD\n    requires: [need]\n'));
  harness = await startHarness({ configDir: folder });
});
afterAll(async () => {
  await harness.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('an outcome that needs outputs', () => {
  it('is refused with each that is missing, wherever it belongs, and another outcome is not', async () => {
    const cora = harness.person('cora', 'customer_inbound');
    const view = await harness.client.openCase(inbound(known(harness)), cora());
    const caseId = view.case?.caseId ?? '';
    const outputs = view.phases.flatMap((phase) => phase.outputs);
    const close = (outcome: string) => harness.client.closeCase(closing(caseId, outcome), cora('close'));
    const missing = (...rules: string[]) => refusal('RULES_UNMET', { unmet: rules.map((rule) => including({ rule })) });
    await expect(close('RESOLVED')).rejects.toThrow(missing('summary', 'answer_given'));
    const supply = (key: string) => {
      const requirementId = outputs.find((output) => output.key === key)?.requirementId ?? '';
      return harness.client.fulfilCaseRequirement({ caseId, requirementId, value: 'ja' }, cora());
    };
    await supply('summary');
    await expect(close('RESOLVED')).rejects.toThrow(missing('answer_given'));
    expect((await harness.client.getCase({ caseId }, cora())).case?.status).toBe('NEW');
    await supply('answer_given');
    expect((await close('RESOLVED')).case?.case).toMatchObject({ status: 'CLOSED', outcomeCode: 'RESOLVED' });
  });

  it('is told to the one door with what is missing, in the words of its own refusal, until it is there', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    const ida = harness.person('ida', 'inside_sales');
    const unmetOf = async () => {
      const { facts } = await harness.client.getCaseFacts({ orgIds: [orgId] }, ida());
      return Object.fromEntries((facts[0]?.open[0]?.outcomes ?? []).map(({ outcome, unmet }) => [outcome, unmet]));
    };
    const before = await unmetOf();
    expect(before).toMatchObject({ QUALIFIED: [{ rule: 'need', met: false }], DISQUALIFIED: [], DORMANT: [] });
    const refused = harness.client.closeCase(closing(caseId, 'QUALIFIED'), ida());
    await expect(refused).rejects.toMatchObject({ details: { unmet: JSON.parse(JSON.stringify(before['QUALIFIED'])) as unknown } });
    const view = await harness.client.getCase({ caseId }, ida());
    const need = view.phases.flatMap(({ outputs }) => outputs).find(({ key }) => key === 'need');
    await harness.client.fulfilCaseRequirement({ caseId, requirementId: need?.requirementId ?? '', value: 'Bedarf' }, ida());
    expect(await unmetOf()).toMatchObject({ QUALIFIED: [] });
  });

  it('that moves the company is refused before the one door is asked', async () => {
    const { caseId } = await withTemplateCase(harness, 'QUALIFYING');
    const before = harness.stage.asked.length;
    const ida = harness.person('ida', 'inside_sales');
    await expect(harness.client.closeCase(closing(caseId, 'QUALIFIED'), ida())).rejects.toThrow(
      refusal('RULES_UNMET', { unmet: [including({ rule: 'need', fix: including({ action: 'FULFIL_REQUIREMENT' }) })] }),
    );
    expect(harness.stage.asked).toHaveLength(before);
    await harness.client.claimCase({ caseId }, ida());
    await expect(
      harness.client.closeCase(closing(caseId, 'DISQUALIFIED'), harness.person('ingo', 'inside_sales')()),
    ).rejects.toThrow(refusal('CASE_CLAIMED_BY', { by: 'ida' }));
  });
});
