/** Where a case is worked. */
export interface Place {
  readonly engine: string;
  readonly role: string;
  readonly queue: string;
  readonly phase?: string | undefined;
}

interface Link {
  readonly id: string;
  readonly caseId: string;
  /** The revision of the case with it: what orders the chain, for two may share an instant. */
  readonly revision: number;
  readonly from: Place;
  readonly to: Place;
  readonly at: Date;
  readonly by: string;
}

export interface HandOver extends Link, HandOverWords {
  readonly kind: 'handover';
}

export interface Return extends Link {
  readonly kind: 'return';
  readonly reason: string;
  /** Ids of outputs and other words, as they were sent. */
  readonly missing: readonly string[];
}

/** One link of the chain of hand-overs and returns. */
export type Transfer = HandOver | Return;

/** What the sender tells the receiver. */
export interface HandOverWords {
  readonly goal: string;
  readonly context: string;
  readonly openPoints: readonly string[];
  readonly recommendation: string;
}

/**
 * Where a return goes: the sender of the latest hand-over that was not returned yet. After A→B→C a return goes from C
 * to B, and the next one from B to A.
 */
export function returnTarget(chain: readonly Transfer[]): Place | undefined {
  const senders: Place[] = [];
  for (const link of chain) {
    if (link.kind === 'handover') senders.push(link.from);
    else senders.pop();
  }
  return senders.at(-1);
}
