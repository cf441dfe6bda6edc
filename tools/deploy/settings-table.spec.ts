import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { settingsTable, withTable } from './settings-table.ts';

it('docs/operations.md has every setting as the processes declare it (else: npm run settings)', async () => {
  const text = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/operations.md'), 'utf8');
  const table = await settingsTable();
  expect(table).toContain('| `DATABASE_URL` | Postgres URL of task_db | required; secret | task |');
  expect(text).toBe(withTable(text, table));
});
