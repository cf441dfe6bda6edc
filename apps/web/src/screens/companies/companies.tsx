/** Not built yet. */
export function Companies() {
  return null;
}
