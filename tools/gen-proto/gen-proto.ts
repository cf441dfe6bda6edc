// Generates libs/contracts/src/generated from proto/, or (--check) says whether what is committed is stale or breaks
// the released contract. Works offline.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderCatalogue, renderDescriptors } from './render-catalogue.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const committed = join(root, 'libs/contracts/src/generated');
const released = join(root, 'proto/released.binpb');

function buf(...args: string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules/@bufbuild/buf/bin/buf'), ...args], { cwd: root, stdio: 'inherit' });
}

function generateInto(folder: string): void {
  buf('lint', 'proto');
  buf('generate', '--template', 'proto/buf.gen.yaml', '-o', folder);
  const image = join(folder, 'image.binpb');
  buf('build', 'proto', '--exclude-source-info', '-o', image);
  const generated = join(folder, 'generated');
  rmSync(join(generated, 'google/protobuf/descriptor.ts'), { force: true });
  rmSync(join(generated, 'tom/options'), { recursive: true, force: true });
  const descriptors = readFileSync(image);
  // With comments: they are the words of the event catalogue. gRPC reflection does without.
  const commented = join(folder, 'commented.binpb');
  buf('build', 'proto', '-o', commented);
  writeFileSync(join(generated, 'catalogue.ts'), renderCatalogue(readFileSync(commented)));
  writeFileSync(join(generated, 'descriptors.ts'), renderDescriptors(descriptors));
}

function filesBelow(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path), readFileSync(path, 'utf8'));
  }
  return files;
}

function staleFiles(fresh: string): string[] {
  const now = filesBelow(fresh);
  const before = filesBelow(committed);
  return [...new Set([...now.keys(), ...before.keys()])].filter((path) => now.get(path) !== before.get(path));
}

const check = process.argv.includes('--check');
const folder = mkdtempSync(join(tmpdir(), 'tom-contracts-'));
try {
  generateInto(folder);
  const fresh = join(folder, 'generated');
  if (check) {
    const stale = staleFiles(fresh);
    if (stale.length > 0) {
      console.error(`libs/contracts is stale, run "npm run contracts" and commit it:\n  ${stale.join('\n  ')}`);
      process.exitCode = 1;
    }
    buf('breaking', 'proto', '--against', released);
  } else {
    rmSync(committed, { recursive: true, force: true });
    cpSync(fresh, committed, { recursive: true });
    if (process.argv.includes('--release')) buf('build', 'proto', '--exclude-source-info', '-o', released);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
