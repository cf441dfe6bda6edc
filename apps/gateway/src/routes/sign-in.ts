import type { Catalog } from '@tom/catalog';
import { z } from 'zod';
import { ok, route, type Route } from '../edge/route.ts';
import { systemText } from '../edge/schemas.ts';
import { demoUsers } from '../identity/demo-users.ts';

export interface SignIn {
  /** Whether demo users sign in by POST /dev/token. */
  readonly demo: boolean;
  readonly oidcIssuer?: string | undefined;
  readonly oidcClientId?: string | undefined;
  readonly oidcScope: string;
}

/** How people sign in: all that a UI must know before anybody has. */
export function signInRoutes({ demo, oidcIssuer, oidcClientId, oidcScope }: SignIn, { roles }: Pick<Catalog, 'roles'>): Route[] {
  const users = demoUsers.map(({ id, name, roles: held }) => ({
    id,
    name,
    roles: held.flatMap((role) => {
      const known = roles.get(role);
      return known ? [{ role, label: known.label }] : [];
    }),
  }));
  const answer = oidcIssuer
    ? { kind: 'oidc', issuer: oidcIssuer, ...(oidcClientId ? { clientId: oidcClientId } : {}), scope: oidcScope }
    : demo
      ? { kind: 'demo', users }
      : { kind: 'none' };
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
          users: z
            .array(z.object({ id: z.string(), name: z.string(), roles: z.array(z.object({ role: z.string(), label: systemText })) }))
            .optional(),
        }),
      },
      handle: async () => ok(answer),
    }),
  ];
}
