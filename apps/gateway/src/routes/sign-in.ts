import type { Catalog } from '@tom/catalog';
import { z } from 'zod';
import { ok, route, type Route } from '../edge/route.ts';
import { systemText } from '../edge/schemas.ts';
import { demoUsers } from '../identity/demo-users.ts';

export interface SignIn {
  /** Whether demo users sign in by POST /dev/token. */
  readonly demo: boolean;
  readonly oidcIssuer?: string | undefined;
  readonly oidcAudience?: string | undefined;
  readonly oidcClientId?: string | undefined;
  readonly oidcScope: string;
}

/** How people sign in: all that a UI must know before anybody has. */
export function signInRoutes(settings: SignIn, { roles }: Pick<Catalog, 'roles'>): Route[] {
  const answer = answerOf(settings, roles);
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
          audience: z.string().optional().describe('what the token must be for; some issuers want to be told it, or a scope or resource that stands for it'),
          users: z
            .array(z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()), label: systemText.optional() }))
            .optional()
            .describe('the demo users, who are invented, with the label of their first role'),
        }),
      },
      handle: async () => ok(answer),
    }),
  ];
}

function answerOf({ demo, oidcIssuer: issuer, oidcAudience: audience, oidcClientId: clientId, oidcScope: scope }: SignIn, roles: Catalog['roles']) {
  if (issuer) return { kind: 'oidc', issuer, ...(clientId ? { clientId } : {}), scope, ...(audience ? { audience } : {}) };
  if (!demo) return { kind: 'none' };
  return { kind: 'demo', users: demoUsers.map((user) => ({ ...user, label: roles.get(user.roles[0])?.label })) };
}
