/** A message to be published; `value` is JSON text, messages of one key keep their order. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A message as the log holds it; `offset` is a decimal text, dense within its partition. */
export interface IncomingMessage extends OutgoingMessage {
  readonly partition: number;
  readonly offset: string;
  readonly appendedAt: Date;
}

/** A partition that goes on later: everything from `offset` on was left undone and comes again after `retryInMs`. */
export interface PausedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly retryInMs: number;
}

/** What became of a batch; nothing said means that all of it is done. */
export interface BatchOutcome {
  readonly paused: readonly PausedPartition[];
}

/**
 * A member of a consumer group. `onBatch` gets messages of the partitions it holds, in order within each, and one
 * call at a time; what it resolves for is committed afterwards, perhaps later. `signal` is aborted when the member
 * stops. `paceMs` is the least time from the start of one batch to the next while the log can be emptied at that pace:
 * what comes in between goes together. A message that comes after that time waits for nobody.
 */
export interface SubscribeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly batchSize: number;
  readonly paceMs?: number;
  readonly fromBeginning: true;
  onBatch(batch: readonly IncomingMessage[], signal: AbortSignal): Promise<BatchOutcome | void>;
}

/** The next offset to read, by topic and partition. */
export type Position = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where a reader without a group begins: `end` is fixed before `reader` resolves. */
export interface ReaderOptions {
  readonly topics: readonly string[];
  readonly from: 'start' | 'end' | Position;
}

/** Reads without a group and without committing anything. */
export interface Reader {
  /**
   * What is there, at most `max` (default 500), in order within each partition; waits up to `waitMs` for a first one.
   */
  next(options: { max?: number; waitMs: number; signal?: AbortSignal }): Promise<readonly IncomingMessage[]>;
  position(): Position;
  close(): Promise<void>;
}

/** How far a group is behind on one partition: `lag = end - offset`. */
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly end: string;
  readonly lag: number;
}

/** How a member of this process fares: `failingForMs` is 0 while it takes part in its group, `problem` says why not. */
export interface MemberHealth {
  readonly group: string;
  readonly failingForMs: number;
  readonly problem?: string;
}

/** The log of events: the one seam behind which Postgres or Kafka stands. */
export interface Broker {
  /** Resolves when every message is durable; order per key as given. */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  /** Joins a group; resolves at once also while the log is away, and goes on by itself when it is back. */
  subscribe(options: SubscribeOptions): Promise<{ stop(): Promise<void> }>;
  reader(options: ReaderOptions): Promise<Reader>;
  lag(group: string): Promise<readonly PartitionLag[]>;
  /** Of every member that this broker subscribed and that was not stopped; asks nobody. */
  health(): readonly MemberHealth[];
  ping(): Promise<void>;
  close(): Promise<void>;
}
