import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { settingsTable, withTable } from './settings-table.ts';

const file = join(resolve(import.meta.dirname, '../..'), 'docs/operations.md');
writeFileSync(file, withTable(readFileSync(file, 'utf8'), await settingsTable()));
console.log('docs/operations.md has the settings as they are declared');
