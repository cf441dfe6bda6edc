/** Not built yet. */
export function WorkList() {
  return null;
}
