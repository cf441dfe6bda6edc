import { domainToUnicode } from 'node:url';

/** The domain of a website as people write it (`https://www.Acme.de/start` → `acme.de`); undefined when it is none. */
export function domainOf(website: string): string | undefined {
  const text = website.trim().toLowerCase();
  const url = /^[a-z][a-z0-9+.-]*:\/\//.test(text) ? text : `http://${text}`;
  if (text === '' || !URL.canParse(url)) return undefined;
  const host = domainToUnicode(new URL(url).hostname).replace(/^www\d?\./, '').replace(/\.$/, '');
  return host.includes('.') ? host : undefined;
}
