import { useState } from 'react';
import type { Company } from './queries.ts';

export interface Arrivals {
  /** What is shown. */
  readonly companies: readonly Company[];
  /** How many new ones wait above the chosen row. */
  readonly arrived: number;
  /** Lets them in. */
  admit(): void;
}

/** Keeps the chosen row where it is: what arrives above it waits until it is let in. */
export function useArrivals(all: readonly Company[], chosen: string | undefined): Arrivals {
  const ids = all.map(({ orgId }) => orgId);
  const [known, setKnown] = useState<ReadonlySet<string>>(new Set(ids));
  const at = ids.indexOf(chosen ?? '');
  const waiting = new Set(at < 0 ? [] : ids.slice(0, at).filter((id) => !known.has(id)));
  const unknown = ids.filter((id) => !waiting.has(id) && !known.has(id));
  if (unknown.length > 0) setKnown(new Set([...known, ...unknown]));
  return {
    companies: waiting.size === 0 ? all : all.filter(({ orgId }) => !waiting.has(orgId)),
    arrived: waiting.size,
    admit: () => setKnown(new Set([...known, ...ids])),
  };
}
