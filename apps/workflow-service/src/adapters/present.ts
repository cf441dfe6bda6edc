/** A row without its nulls: what the database does not have is absent. */
export function present<T>(row: object): T {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) if (value !== null) result[name] = value;
  return result as T;
}
