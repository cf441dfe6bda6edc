/** Not built yet. */
export function KeysHelp(_props: { readonly onClose: () => void }) {
  return null;
}
