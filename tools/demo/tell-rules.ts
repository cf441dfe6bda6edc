import type { Client } from './client.ts';
import { expect, say, scene, until } from './story.ts';

interface Text {
  readonly de: string;
}
interface Task {
  readonly taskId: string;
  readonly title: string;
  readonly source: { readonly template?: string; readonly version?: number; readonly rule?: string };
}
interface Look {
  readonly template: string;
  readonly rule: string;
  readonly parts: readonly { readonly source: string; readonly values: Readonly<Record<string, unknown>>; readonly result?: boolean }[];
}
interface Totals {
  readonly before: number;
  readonly after: number;
}
interface Simulated {
  readonly events: number;
  readonly orgs: number;
  readonly changedOrgs: number;
  readonly totals: { readonly cases: Totals; readonly tasks: Totals; readonly transitions: Totals };
  readonly differences: readonly { readonly name?: string; readonly because: { readonly text: Text } }[];
}

const THIRD = 'event.calls_in_row == 3';
const values = (named: Readonly<Record<string, unknown>>) => Object.entries(named).map(([name, value]) => `${name} = ${String(value)}`).join(', ');

/** Nobody answers Ida three times: a rule makes a task and says why; of the second call, why it did nothing. */
export async function tellRules(ida: Client): Promise<void> {
  scene('12 · At another company nobody answers, three times: a rule of the template looks for another way');
  const { orgId, name } = await ida.post<{ orgId: string; name: string }>('/orgs', { name: `Stille Nacht Alarmtechnik ${new Date().toISOString().slice(11, 19)}` });
  await until('the case', async () => (await ida.get<{ items: unknown[] }>(`/cases?orgId=${orgId}&open=true`)).items[0]);
  for (let call = 1; call <= 3; call += 1) {
    await ida.post(`/orgs/${orgId}/activities`, { activityType: 'CALL', direction: 'OUTBOUND', outcomeCode: 'NO_ANSWER' });
    say(`Call ${call} at ${name}: no answer.`);
  }
  const task = await until('the task of the rule', async () => {
    const { items } = await ida.get<{ items: Task[] }>(`/tasks?orgId=${orgId}&pageSize=200`);
    return items.find(({ source }) => source.rule === 'third_no_answer');
  });
  say(`There is a task now: "${task.title}". Why?`);
  const { steps } = await until('its why', async () => {
    const found = await ida.get<{ steps: { text: Text; look?: Look }[] }>(`/tasks/${task.taskId}/why`);
    return found.steps.some(({ look }) => look) ? found : undefined;
  });
  for (const { text } of steps) say(`  ${text.de}`);
  for (const part of steps.find(({ look }) => look)?.look?.parts ?? []) say(`    ${part.result === false ? '✗' : '✓'} ${part.source}   (${values(part.values)})`);

  scene('13 · And why did nothing come of the second call?');
  const looked = await until('what looked and did nothing', async () => {
    const { items } = await ida.get<{ items: { event: { type: string }; looks: Look[] }[] }>(`/orgs/${orgId}/why-not`);
    const looks = items.flatMap((item) => item.looks).filter(({ rule, parts }) => rule === 'third_no_answer' && parts.some(({ source, values: seen }) => source === THIRD && seen['event.calls_in_row'] === 2));
    return looks[0];
  });
  for (const part of looked.parts.filter(({ result }) => result === false)) say(`  ✗ ${part.source}   (${values(part.values)})`);
}

/** What would have been, had the rule waited for a fourth call. */
export async function tellSimulation(root: Client): Promise<void> {
  scene('14 · What if the rule had waited for a fourth call? Simulated over what really happened');
  const { currentVersion } = await root.get<{ currentVersion: number }>('/workflows/qualify_company');
  const { source } = await root.get<{ source: string }>(`/workflows/qualify_company/versions/${currentVersion}`);
  const template = source.replace(/^version: \d+$/m, `version: ${currentVersion + 1}`).replace(THIRD, 'event.calls_in_row == 4');
  expect(template.includes('calls_in_row == 4'), 'a rule to change');
  const { events, orgs, changedOrgs, totals, differences } = await root.post<Simulated>('/workflows/simulate', { template });
  say(`${events} events of ${orgs} companies: ${changedOrgs} would be different.`);
  say(`  cases ${totals.cases.before} → ${totals.cases.after}, tasks ${totals.tasks.before} → ${totals.tasks.after}, moves ${totals.transitions.before} → ${totals.transitions.after}; nothing was written.`);
  for (const { name, because } of differences.slice(0, 3)) say(`  ${name ?? 'a company'}: ${because.text.de}`);
  expect(changedOrgs > 0, 'the company with three calls to be different');
}
