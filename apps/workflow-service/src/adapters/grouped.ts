/** Values by key, in the order given. */
export function grouped<K extends string, T>(pairs: readonly (readonly [K, T])[]): ReadonlyMap<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
