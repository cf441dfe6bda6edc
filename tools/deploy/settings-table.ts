import type { ConfigEntry } from '@tom/runtime';
import { apps } from '../stack/system.ts';
import { settingsOf } from './settings-of.ts';

const begin = '<!-- settings: written by npm run settings -->';
const end = '<!-- /settings -->';

interface Row {
  readonly env: string;
  readonly meaning: string;
  /** Defaults, in the order of the readers. */
  readonly given: string[];
  readonly apps: string[];
}

/** Every setting of every process as a table, from their own declarations; one row for each meaning that a name has. */
export async function settingsTable(): Promise<string> {
  const rows: Row[] = [];
  for (const app of apps) {
    for (const entry of Object.values((await settingsOf(app)).entries)) {
      const { env, meaning } = entry;
      const given = givenWhenAbsent(entry);
      const same = rows.find((row) => row.env === env && row.meaning === meaning);
      if (!same) rows.push({ env, meaning, given: [given], apps: [app] });
      else {
        same.apps.push(app);
        if (!same.given.includes(given)) same.given.push(given);
      }
    }
  }
  const order = [...new Set(rows.map(({ env }) => env))];
  const lines = rows
    .sort((a, b) => order.indexOf(a.env) - order.indexOf(b.env))
    .map((row) => `| \`${row.env}\` | ${row.meaning} | ${row.given.join(', ')} | ${readersOf(row.apps)} |`);
  return ['| variable | meaning | default | read by |', '|---|---|---|---|', ...lines].join('\n');
}

/** The document with the table put between its marks. */
export function withTable(document: string, table: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The document has no place for the table: ${begin} … ${end}`);
  return `${document.slice(0, from + begin.length)}\n${table}\n${document.slice(to)}`;
}

function givenWhenAbsent({ default: value, optional, secret }: ConfigEntry): string {
  if (value !== undefined) return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
  return [...(optional ? [] : ['required']), ...(secret ? ['secret'] : [])].join('; ') || 'none';
}

function readersOf(readers: readonly string[]): string {
  if (readers.length === apps.length) return 'all';
  if (readers.length === apps.length - 1 && !readers.includes('gateway')) return 'services';
  return readers.map((app) => app.replace(/-service$/, '')).join(', ');
}
