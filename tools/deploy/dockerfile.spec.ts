import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** Instructions with their continued lines joined; comments and blank lines are gone. */
function instructionsOf(text: string): readonly Instruction[] {
  return text
    .split('\n')
    .filter((line) => !/^\s*(?:#|$)/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { name, text: rest };
    });
}

describe('deploy/Dockerfile', () => {
  const instructions = instructionsOf(read('deploy/Dockerfile'));
  const all = (name: string) => instructions.filter((one) => one.name === name).map(({ text }) => text);
  const begins = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  const last = instructions.slice(begins.at(-1));
  const inLast = (name: string) => last.filter((one) => one.name === name).map(({ text }) => text);

  it('consists of instructions that there are', () => {
    const known = ['ARG', 'FROM', 'WORKDIR', 'COPY', 'RUN', 'LABEL', 'ENV', 'USER', 'HEALTHCHECK', 'STOPSIGNAL', 'CMD'];
    expect(instructions.filter(({ name }) => !known.includes(name))).toEqual([]);
  });

  it('begins from one pinned image, which a digest can replace', () => {
    expect(all('FROM')).toEqual(['${NODE_IMAGE} AS build', '${NODE_IMAGE}']);
    expect(instructions[0]).toEqual({ name: 'ARG', text: expect.stringMatching(/^NODE_IMAGE=node:20\.\d+\.\d+-bookworm-slim$/) as string });
  });

  it('fetches nothing but by npm from the lockfile, and runs nobody else’s install scripts', () => {
    expect(all('ADD')).toEqual([]);
    expect(all('RUN').join('\n')).not.toMatch(/curl|wget|https?:/);
    expect(all('RUN').filter((text) => text.includes('npm ci'))).toEqual([expect.stringContaining('--ignore-scripts')]);
  });

  it('ends with the package alone, as a user without rights, with a health check', () => {
    expect(inLast('RUN')).toEqual([]);
    expect(inLast('COPY')).toEqual(['--from=build /package ./']);
    expect(inLast('USER')).toEqual(['1000:1000']);
    expect(last.findIndex(({ name }) => name === 'USER')).toBeGreaterThan(last.findIndex(({ name }) => name === 'COPY'));
    expect(inLast('HEALTHCHECK')[0]).toContain('CMD ["node", "healthcheck.js", "/livez"]');
    expect(inLast('CMD')).toEqual(['["node", "--enable-source-maps", "main.js"]']);
    expect(inLast('LABEL')[0]).toMatch(/opencontainers.*version=.*revision=/);
  });

  it('has no secret among its arguments and variables', () => {
    const names = [...all('ARG'), ...all('ENV')].join(' ');
    expect(names).not.toMatch(/PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL/);
  });

  it('gets by .dockerignore only what the build reads', () => {
    const lines = read('.dockerignore').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(allowed.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    for (const path of ['.env', 'secrets', 'dist', '.tom', '.git', 'deploy/kubernetes'])
      expect(allowed.filter((one) => path.startsWith(one))).toEqual([]);
  });
});
