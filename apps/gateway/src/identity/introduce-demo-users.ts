import { newId } from '@tom/kernel';
import type { TokenSigner } from '@tom/runtime';
import type { Services } from '../services.ts';
import { demoUsers } from './demo-users.ts';

const LIFETIME_SECONDS = 60;

/**
 * Makes the demo users people whom work can be given to before they have signed in: they are shown to task-service, which
 * knows people by verified tokens. Once per process, when somebody first asks for people or names one; a failure (the
 * service is away) is that call's and is tried again with the next.
 */
export function introduceDemoUsers(signer: TokenSigner, task: Services['task']): () => Promise<void> {
  let introduced: Promise<void> | undefined;
  const introduce = async () => {
    const shown = demoUsers.map(async ({ id, name, roles }) => {
      const token = await signer.sign({ subject: id, name, roles, lifetimeSeconds: LIFETIME_SECONDS });
      await task.getMe({}, { token, correlationId: newId() });
    });
    await Promise.all(shown);
  };
  return () => {
    introduced ??= introduce().catch((error: unknown) => {
      introduced = undefined;
      throw error;
    });
    return introduced;
  };
}
