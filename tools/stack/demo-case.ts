import { ApiRefusal, type DemoClient } from './demo-client.ts';
import type { DemoCaseStep, DemoPerson } from './demo-company.ts';

interface Output {
  readonly requirementId: string;
  readonly key: string;
  readonly description: { readonly de: string };
}

interface CaseShown {
  readonly caseId: string;
  readonly phases: readonly { readonly outputs: readonly Output[] }[];
  /** Whereto a return would go. */
  readonly returnTarget?: { readonly outputs: readonly Output[] };
}

interface Place {
  readonly client: DemoClient;
  readonly orgId: string;
}

/** A case that the company's own steps open goes from hand to hand. */
export async function takeCaseStep(place: Place, step: DemoCaseStep, by: DemoPerson, key: string): Promise<void> {
  const { client, orgId } = place;
  if (step.kind === 'case') {
    const { type, engine, title, description, priority } = step;
    await client.post(by, '/cases', { orgId, caseType: type, engine, title, description, priority }, key);
    return;
  }
  const { items } = await client.get<{ items: CaseShown[] }>(by, `/cases?orgId=${orgId}`);
  const [item] = items;
  if (!item) throw new Error('The company has no case');
  const path = `/cases/${item.caseId}`;
  switch (step.kind) {
    case 'claimCase':
      await client.post(by, `${path}/claim`, {}, key);
      return;
    case 'fulfil':
      for (const [index, [name, value]] of Object.entries(step.outputs).entries()) {
        await client.post(by, `${path}/requirements/${outputOf(item, name)}/fulfil`, { value }, `${key}-${index}`);
      }
      return;
    case 'advance':
      await client.post(by, `${path}/advance`, { phase: step.phase }, key);
      return;
    case 'handover': {
      const { engine, role, queue, goal, context, openPoints, recommendation, refused } = step;
      const body = { engine, role, queue, goal, context, openPoints, recommendation };
      try {
        await client.post(by, `${path}/handover`, body, key);
      } catch (error) {
        if (!refused || !(error instanceof ApiRefusal) || error.code !== 'RULES_UNMET') throw error;
      }
      return;
    }
    case 'giveBack':
      await client.post(by, `${path}/return`, { reason: step.reason, missing: step.missing.map((one) => outputOf(item, one) ?? one) }, key);
      return;
    case 'note':
      await client.post(by, `${path}/notes`, { noteType: step.noteType, body: step.body }, key);
      return;
  }
}

/** The id of an output by its key, or by the words in which a return asked for it. */
function outputOf({ phases, returnTarget }: CaseShown, name: string): string | undefined {
  const outputs = [...phases, ...(returnTarget ? [returnTarget] : [])].flatMap((place) => place.outputs);
  return outputs.find(({ key, description }) => key === name || description.de === name)?.requirementId;
}
