// Generates the types of the edge from the OpenAPI document that the gateway serves, or (--check) says whether what is
// committed is stale. They are all that apps/web knows of the system.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { servedDocuments } from '../released/served-documents.ts';

const committed = join(resolve(import.meta.dirname, '../..'), 'libs/contracts/src/edge/generated/openapi.ts');

const { openapi } = await servedDocuments();
const types = astToString(await openapiTypescript(openapi as unknown as OpenAPI3));
if (!process.argv.includes('--check')) writeFileSync(committed, types);
else if (readFileSync(committed, 'utf8') !== types) {
  console.error('libs/contracts/src/edge is stale, run "npm run contracts" and commit it.');
  process.exitCode = 1;
}
