import { z } from 'zod';
import { ok, route, type Route } from '../edge/route.ts';
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
export function signInRoutes(settings: SignIn): Route[] {
  const answer = answerOf(settings);
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
            .array(z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) }))
            .optional()
            .describe('the demo users, who are invented'),
        }),
      },
      handle: async () => ok(answer),
    }),
  ];
}

function answerOf({ demo, oidcIssuer: issuer, oidcAudience: audience, oidcClientId: clientId, oidcScope: scope }: SignIn) {
  if (issuer) return { kind: 'oidc', issuer, ...(clientId ? { clientId } : {}), scope, ...(audience ? { audience } : {}) };
  return demo ? { kind: 'demo', users: demoUsers } : { kind: 'none' };
}
