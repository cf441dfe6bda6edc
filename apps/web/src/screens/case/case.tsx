/** Not built yet. */
export function Case() {
  return null;
}
