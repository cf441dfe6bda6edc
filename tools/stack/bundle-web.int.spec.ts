import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleWeb } from './bundle-web.ts';

interface Chunk {
  readonly file: string;
  readonly src?: string;
  readonly imports?: readonly string[];
  readonly isEntry?: boolean;
}

const MOST_BYTES = 250_000;
/** Its graph is loaded when it is looked at. */
const withGraph = /screens\/workflow\//;

let folder: string;
let manifest: Readonly<Record<string, Chunk>>;

/** The files that are loaded with a chunk: its own and those that it imports at once. */
function filesWith(name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) filesWith(imported, found);
  return found;
}

function gzipped(files: ReadonlySet<string>): number {
  return [...files].filter((file) => file.endsWith('.js')).reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
}

beforeAll(async () => {
  folder = await bundleWeb();
  manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as typeof manifest;
}, 60_000);

describe('the built UI', () => {
  it('loads at most 250 kB of script before a screen can be used, compressed', () => {
    const [entry = ''] = Object.keys(manifest).filter((name) => manifest[name]?.isEntry);
    const screens = Object.keys(manifest).filter((name) => /screens\/[\w-]+\/index\.ts$/.test(name) && !withGraph.test(name));
    expect(screens.length).toBeGreaterThan(8);
    const heavy = screens.map((screen) => [screen, gzipped(filesWith(screen, filesWith(entry)))] as const).filter(([, bytes]) => bytes > MOST_BYTES);
    expect(heavy).toEqual([]);
  });

  it('loads nothing from another host, and no script or style inside of its page', () => {
    const page = readFileSync(join(folder, 'index.html'), 'utf8');
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style/);
  });

  it('is left as it is while no source changes', async () => {
    const before = statSync(join(folder, 'index.html')).mtimeMs;
    expect(await bundleWeb()).toBe(folder);
    expect(statSync(join(folder, 'index.html')).mtimeMs).toBe(before);
  });
});
