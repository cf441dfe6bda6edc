/** Not built yet. */
export function Workflows() {
  return null;
}
