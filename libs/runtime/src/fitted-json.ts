/**
 * The JSON of details in at most `maxBytes`. When they are too large the largest member is cut again and again: a list
 * to its first half, anything else away; `truncated` then names the members that are not whole.
 */
export function fittedJson(details: Readonly<Record<string, unknown>>, maxBytes: number): string {
  const json = JSON.stringify(details);
  if (Buffer.byteLength(json) <= maxBytes) return json;
  const sizes = new Map<string, number>();
  const kept: Record<string, unknown> = { ...details };
  for (const [name, value] of Object.entries(kept)) sizes.set(name, sizeOf(value));
  const truncated = new Set<string>();
  for (;;) {
    const cut = JSON.stringify({ ...kept, truncated: [...truncated] });
    const [largest] = [...sizes].sort(([, a], [, b]) => b - a)[0] ?? [];
    if (Buffer.byteLength(cut) <= maxBytes || largest === undefined) return cut;
    truncated.add(largest);
    const value = kept[largest];
    if (Array.isArray(value) && value.length > 1) {
      const half = value.slice(0, Math.ceil(value.length / 2)) as unknown[];
      kept[largest] = half;
      sizes.set(largest, sizeOf(half));
    } else {
      delete kept[largest];
      sizes.delete(largest);
    }
  }
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
