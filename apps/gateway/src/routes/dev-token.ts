import { DomainError } from '@tom/kernel';
import type { TokenSigner } from '@tom/runtime';
import { z } from 'zod';
import { ok, route, type Route } from '../edge/route.ts';
import { demoUsers } from '../identity/demo-users.ts';

const LIFETIME_SECONDS = 8 * 60 * 60;

/** Signs demo users in; mounted only while the gateway is its own issuer. */
export function devTokenRoutes(signer: TokenSigner): Route[] {
  return [
    route({
      method: 'post',
      path: '/dev/token',
      tag: 'Sign-in',
      summary: 'Sign in as a demo user.',
      open: true,
      body: z.strictObject({ user: z.string().min(1).max(64) }),
      answers: {
        200: z.object({
          accessToken: z.string(),
          expiresIn: z.number(),
          user: z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) }),
        }),
      },
      async handle({ body }) {
        const user = demoUsers.find(({ id }) => id === body.user);
        if (!user) {
          const expected = `one of ${demoUsers.map(({ id }) => id).join(', ')}`;
          throw DomainError.invalid([{ path: 'user', message: 'is not a demo user', expected }]);
        }
        const accessToken = await signer.sign({
          subject: user.id,
          name: user.name,
          roles: user.roles,
          lifetimeSeconds: LIFETIME_SECONDS,
        });
        return ok({ accessToken, expiresIn: LIFETIME_SECONDS, user });
      },
    }),
  ];
}
