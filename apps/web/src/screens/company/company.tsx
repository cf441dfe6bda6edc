/** Not built yet. */
export function Company() {
  return null;
}
