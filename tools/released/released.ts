// Says whether what the gateway documents still keeps what was released (docs/api), or (--release) takes it as the next
// release. What it compares with is committed: a broken promise shows in the check, a kept one in the diff.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compareAsyncApi } from './compare-asyncapi.ts';
import { compareOpenApi } from './compare-openapi.ts';
import type { Document } from './compare-schema.ts';
import { servedDocuments } from './served-documents.ts';

const folder = resolve(import.meta.dirname, '../../docs/api');
const documents = [
  { name: 'openapi', compare: compareOpenApi },
  { name: 'asyncapi', compare: compareAsyncApi },
] as const;

const served = await servedDocuments();
for (const { name, compare } of documents) {
  const file = join(folder, `${name}.released.json`);
  if (process.argv.includes('--release')) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `${JSON.stringify(served[name], null, 1)}\n`);
    continue;
  }
  if (!existsSync(file)) throw new Error(`${file} is missing; "npm run contracts:release" makes it`);
  const broken = compare(JSON.parse(readFileSync(file, 'utf8')) as Document, served[name]);
  if (broken.length === 0) continue;
  console.error(`${name} breaks what was released (docs/api/${name}.released.json):\n  ${broken.join('\n  ')}`);
  console.error('Keep it, or put a new version beside it. "npm run contracts:release" takes what is there as the next release.');
  process.exitCode = 1;
}
