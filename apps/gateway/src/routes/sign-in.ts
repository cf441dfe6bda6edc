import { z } from 'zod';
import { ok, route, type Route } from '../edge/route.ts';

export interface SignIn {
  /** Whether demo users sign in by POST /dev/token. */
  readonly demo: boolean;
  readonly oidcIssuer?: string | undefined;
  readonly oidcClientId?: string | undefined;
  readonly oidcScope: string;
}

/** How people sign in: all that a UI must know before anybody has. */
export function signInRoutes({ demo, oidcIssuer, oidcClientId, oidcScope }: SignIn): Route[] {
  const answer = oidcIssuer
    ? { kind: 'oidc', issuer: oidcIssuer, ...(oidcClientId ? { clientId: oidcClientId } : {}), scope: oidcScope }
    : { kind: demo ? 'demo' : 'none' };
  return [
    route({
      method: 'get',
      path: '/sign-in',
      tag: 'Sign-in',
      summary: 'How people sign in: as a demo user, or at an OIDC issuer with code and PKCE as this client.',
      open: true,
      answers: {
        200: z.object({
          kind: z.enum(['demo', 'oidc', 'none']),
          issuer: z.string().optional(),
          clientId: z.string().optional(),
          scope: z.string().optional(),
        }),
      },
      handle: async () => ok(answer),
    }),
  ];
}
