import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import type { Caller } from './caller.ts';

/** What an issuer's tokens are checked against, and whom they name. */
export interface Trust {
  readonly audience: string;
  /** Longest time, in ms, for which a verified token is believed without asking the issuer's keys again. */
  readonly believedForMs: number;
  /** By how much, in seconds, the issuer's clock may differ from ours. */
  readonly clockToleranceSeconds: number;
  /** Rejects with a jose error when no key fits. */
  readonly key: JWTVerifyGetKey;
  caller(payload: JWTPayload, keyId: string | undefined, token: string): Caller;
}
