/** Not built yet. */
export function Workflow() {
  return null;
}
