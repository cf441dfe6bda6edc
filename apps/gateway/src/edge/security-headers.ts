import type { RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

type Policy = Readonly<Record<string, readonly string[]>>;

/** Answers of the API are data: a browser that shows one as a page may load and run nothing for it. */
const api: Policy = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"], 'base-uri': ["'none'"], 'form-action': ["'none'"] };
const HSTS = `max-age=${365 * 24 * 3600}; includeSubDomains`;

/**
 * What every answer says to a browser. Whatever is not the API or its documentation is the UI's, which may style
 * elements by attribute and speak to the issuer. HSTS is sent on what came by TLS only: over plain HTTP it means
 * nothing, and on a development machine it would lock everything else on that host out.
 */
export function securityHeaders({ oidcIssuer }: { readonly oidcIssuer?: string | undefined }): RequestHandler {
  const issuer = oidcIssuer === undefined ? [] : [new URL(oidcIssuer).origin];
  const ui: Policy = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'manifest-src': ["'self'"],
    'connect-src': ["'self'", ...issuer],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
  };
  const [ofApi, ofUi] = [helmet(optionsOf(api)), helmet(optionsOf(ui))];
  return (request, response, next) => {
    if (request.secure) response.setHeader('Strict-Transport-Security', HSTS);
    (isData(request.path) ? ofApi : ofUi)(request, response, next);
  };
}

function isData(path: string): boolean {
  return path.startsWith('/api/') || path === '/metrics' || path === '/livez' || path === '/readyz';
}

function optionsOf(policy: Policy): HelmetOptions {
  const directives = Object.fromEntries(Object.entries(policy).map(([name, values]) => [name, [...values]]));
  return {
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  };
}
