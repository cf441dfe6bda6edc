import { DomainError, isDomainError } from '@tom/kernel';

/** A resource with a version: how its message is read from JSON, asked of its owner, and shown. */
export interface Versioned<M> {
  readonly codec: { fromJSON(json: unknown): M };
  read(): Promise<M>;
  show(message: M): unknown;
}

/**
 * A stale version is answered with the resource as it is now, shown as the API shows it. The refusal brings it along,
 * unless it is too large for a gRPC status (some 24 KiB): then its owner is asked once more, rather than raising what
 * every connection must take in headers.
 */
export async function showingCurrent<M, T>({ codec, read, show }: Versioned<M>, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'STALE_VERSION') throw error;
    const { current, truncated: _cut, ...details } = error.details;
    const message = current === undefined ? await read() : codec.fromJSON(current);
    throw new DomainError(error.code, error.message, { ...details, current: show(message) });
  }
}
