import type { Clock } from '@tom/kernel';
import { serviceIssuer } from './signing-key.ts';
import { createTokenSigner } from './token-signer.ts';

const LIFETIME_SECONDS = 300;
const RENEW_BEFORE_SECONDS = 60;

/** This service's own identity towards the others. */
export interface ServiceTokens {
  readonly service: string;
  /** A token of role `service` that lasts for a call; rejects UNAVAILABLE while none can be had. */
  token(): Promise<string>;
  /** Another service did not take this token: it is not handed out again. */
  refused(token: string): void;
}

/** Tokens of five minutes, signed with this service's key and renewed a minute before they end. */
export function createServiceTokens(options: {
  readonly keyFile: string;
  readonly service: string;
  readonly clock: Clock;
}): ServiceTokens {
  const { service, clock } = options;
  const signer = createTokenSigner({ keyFile: options.keyFile, issuer: serviceIssuer, clock });
  let current: Promise<string> | undefined;
  let latest: string | undefined;
  let renewAt = 0;
  return {
    service,
    token() {
      const now = clock.now().getTime();
      // A clock that was set back must not leave a token in use that is not valid yet.
      const tooEarly = now < renewAt - LIFETIME_SECONDS * 1000;
      if (current === undefined || now >= renewAt || tooEarly) {
        renewAt = now + (LIFETIME_SECONDS - RENEW_BEFORE_SECONDS) * 1000;
        current = signer.sign({ subject: service, roles: ['service'], lifetimeSeconds: LIFETIME_SECONDS });
        current.then(
          (token) => (latest = token),
          () => (current = undefined),
        );
      }
      return current;
    },
    refused(token) {
      if (token === latest) current = undefined;
    },
  };
}
