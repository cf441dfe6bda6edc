import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { damaged, writePrivately } from './data-dir.ts';
import { demoAccounts } from './demo-accounts.ts';
import { createDemoClient } from './demo-client.ts';
import { demoDays } from './demo-days.ts';
import { demoLeads } from './demo-leads.ts';
import { demoStages } from './demo-stages.ts';
import { tellStory } from './demo-story.ts';

export interface DemoDataOptions {
  readonly url: string;
  token(user: string): Promise<string>;
  readonly dataDir: string;
  note(line: string): void;
  readonly signal?: AbortSignal;
}

/** By company: when its load began, and whether it is complete. */
type Progress = Record<string, { begunAt: string; done: boolean }>;

const AT_ONCE = 4;
// The place in this list is the company's reference: new ones come last.
const demoCompanies = [...demoLeads, ...demoAccounts, ...demoDays, ...demoStages];

/**
 * Loads the demo companies through the public API, each once per data folder. An interrupted load is taken up where it
 * stopped: every request carries a key of its own and says the same again, so nothing is entered twice. What fails is
 * told and left for the next start; the system runs without it.
 */
export async function loadDemoData({ url, token, dataDir, note, signal }: DemoDataOptions): Promise<void> {
  const file = join(dataDir, 'demo-data.json');
  const progress = readProgress(file, dataDir);
  const open = demoCompanies
    .map((company, index) => ({ company, ref: `DEMO-${String(index + 1).padStart(3, '0')}` }))
    .filter(({ ref }) => !progress[ref]?.done);
  if (open.length === 0) return;

  const client = createDemoClient(url, token);
  const problems: string[] = [];
  const work = async () => {
    for (let next = open.shift(); next && !signal?.aborted; next = open.shift()) {
      const { company, ref } = next;
      const entry = (progress[ref] ??= { begunAt: new Date().toISOString(), done: false });
      writePrivately(file, JSON.stringify(progress, null, 2));
      try {
        await tellStory(client, company, { ref, begunAt: new Date(entry.begunAt) });
        entry.done = true;
        writePrivately(file, JSON.stringify(progress, null, 2));
      } catch (error) {
        problems.push(`${company.name}: ${(error as Error).message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  const loaded = Object.values(progress).filter(({ done }) => done).length;
  note(`demo data: ${loaded} of ${demoCompanies.length} companies loaded (TOM_DEMO_DATA=off leaves them out)`);
  for (const problem of problems) note(`demo data: not complete, goes on at the next start: ${problem}`);
}

function readProgress(file: string, dataDir: string): Progress {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Progress;
  } catch (error) {
    throw damaged(dataDir, `${file} does not hold what it should (${(error as Error).message})`);
  }
}
