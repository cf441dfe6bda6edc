/**
 * The update mask of a JSON merge patch: proto field paths of every member that it has, null included; members of an
 * object inside are named one by one (`address.postal_code`).
 */
export function maskOf(patch: object): string[] {
  return Object.entries(patch as Record<string, unknown>).flatMap(([name, value]): string[] => {
    const path = snakeCase(name);
    if (value === undefined) return [];
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return [path];
    return maskOf(value).map((inner) => `${path}.${inner}`);
  });
}

/** The values of a merge patch without its nulls: what is in the mask and not here is cleared. */
export function valuesOf<T extends object>(patch: T): Values<T> {
  const entries = Object.entries(patch as Record<string, unknown>)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]): [string, unknown] => [name, typeof value === 'object' && !Array.isArray(value) ? valuesOf(value as object) : value]);
  return Object.fromEntries(entries) as Values<T>;
}

type Values<T> = { [K in keyof T]: NonNullable<T[K]> extends object ? Values<NonNullable<T[K]>> : NonNullable<T[K]> };

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
