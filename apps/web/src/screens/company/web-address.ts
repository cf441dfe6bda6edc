/** What somebody wrote as a website, as a link that leads there; nothing but the web is linked. */
export function webAddress(website: string | undefined): { readonly href: string; readonly host: string } | undefined {
  if (!website) return undefined;
  const text = /^https?:\/\//i.test(website) ? website : `https://${website}`;
  if (!URL.canParse(text)) return undefined;
  const { href, host } = new URL(text);
  return { href, host: host.replace(/^www\./, '') };
}
