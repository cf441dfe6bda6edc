import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** An object of Kubernetes as it stands in a manifest. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/**
 * The objects as kustomize would make them with the components in these folders: strategic merge patches, of which ours
 * use what is here: maps are merged, named things in lists are found again, other lists are replaced.
 */
export function withComponents<T extends Manifest>(objects: readonly T[], folders: readonly string[]): readonly T[] {
  const patches = folders.flatMap((folder) => {
    const component = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as Component;
    return component.patches.map(({ patch }) => parse(patch) as Manifest);
  });
  for (const { kind, metadata } of patches) {
    if (!objects.some((object) => isSame(object, { kind, metadata }))) throw new Error(`There is no ${kind} ${metadata.name} to patch.`);
  }
  return objects.map((object) => {
    const own = patches.filter((patch) => isSame(object, patch));
    return own.reduce<T>((done, patch) => merged(done, patch) as T, object);
  });
}

interface Component {
  readonly patches: readonly { readonly patch: string }[];
}
type Named = Readonly<Record<string, unknown>>;

const isSame = (one: Manifest, other: Manifest) => one.kind === other.kind && one.metadata.name === other.metadata.name;
const isMap = (value: unknown): value is Named => typeof value === 'object' && value !== null && !Array.isArray(value);
/** By what Kubernetes finds an element of a list again; what has neither is replaced with its list. */
const keyOf = (element: unknown) => (isMap(element) ? (element['mountPath'] ?? element['name']) : undefined);

function merged(base: unknown, patch: unknown): unknown {
  if (isMap(base) && isMap(patch)) {
    const names = Object.keys(patch).filter((name) => name !== '$patch');
    return { ...base, ...Object.fromEntries(names.map((name) => [name, merged(base[name], patch[name])])) };
  }
  if (!Array.isArray(base) || !Array.isArray(patch) || keyOf(patch[0]) === undefined) return patch;
  const kept = (base as readonly unknown[]).flatMap((element) => {
    const own = (patch as readonly Named[]).find((candidate) => keyOf(candidate) === keyOf(element));
    if (own?.['$patch'] === 'delete') return [];
    return [own === undefined ? element : merged(element, own)];
  });
  const known = new Set((base as readonly unknown[]).map(keyOf));
  return [...kept, ...(patch as readonly Named[]).filter((element) => !known.has(keyOf(element)))];
}
