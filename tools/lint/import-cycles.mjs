import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import { onEachSource } from './boundaries.mjs';

/** Files that a file imports by a relative path; kept for the whole run, for most files are asked for many times. */
const known = new Map();

function importsOf(file) {
  const found = known.get(file);
  if (found) return found;
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, false);
  const targets = importedFiles
    .map(({ fileName }) => targetOf(file, fileName))
    .filter((target) => target !== undefined);
  known.set(file, targets);
  return targets;
}

function targetOf(file, source) {
  if (!source.startsWith('.')) return undefined;
  const target = resolve(dirname(file), source);
  return existsSync(target) && target.endsWith('.ts') ? target : undefined;
}

/** The way from one file to another along imports; undefined when there is none. */
function wayTo(goal, start) {
  const cameFrom = new Map([[start, undefined]]);
  for (const file of cameFrom.keys()) {
    if (file === goal) return trace(cameFrom, file);
    for (const next of importsOf(file)) if (!cameFrom.has(next)) cameFrom.set(next, file);
  }
  return undefined;
}

function trace(cameFrom, goal) {
  const way = [];
  for (let file = goal; file !== undefined; file = cameFrom.get(file)) way.unshift(file);
  return way;
}

/** Packages cannot form a cycle (see boundaries), so only relative imports are followed; imports of types count. */
export const importCycles = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    known.delete(context.filename); // an editor lints the same file again after a change
    return onEachSource((node, source) => {
      const target = targetOf(context.filename, source);
      const way = target && wayTo(context.filename, target);
      if (!way) return;
      const names = way.map((file) => relative(dirname(context.filename), file));
      context.report({ node, message: `Import cycle: this file → ${names.join(' → ')}.` });
    });
  },
};
