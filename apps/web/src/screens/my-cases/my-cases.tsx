/** Not built yet. */
export function MyCases() {
  return null;
}
