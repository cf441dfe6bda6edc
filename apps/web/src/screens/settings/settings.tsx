/** Not built yet. */
export function Settings() {
  return null;
}
