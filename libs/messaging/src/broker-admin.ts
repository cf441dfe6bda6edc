import type { PartitionLag } from './broker.ts';

/** How far one group is behind on one partition. */
export interface GroupLag extends PartitionLag {
  readonly group: string;
}

/** From where a group reads again: the oldest message that the log holds, or the first appended at or after an instant. */
export interface RewindRequest {
  readonly group: string;
  readonly topic: string;
  readonly from: 'start' | Date;
  /** Only tells what would be done. */
  readonly dryRun?: boolean;
}

/** One partition of a rewound group: `messages = before - after` come again. */
export interface Rewound {
  readonly partition: number;
  readonly before: string;
  readonly after: string;
  readonly messages: number;
}

/** What operators do with the log, beside what services do. */
export interface BrokerAdmin {
  topics(): Promise<readonly string[]>;
  /** Every group's place on every partition that it ever held. */
  lags(): Promise<readonly GroupLag[]>;
  /**
   * Sets a group's offsets on a topic back, never forward: what it has not read must not be skipped. In the Postgres log
   * safe while members run: they lose the partitions by their epoch, take them again and read on from there; what a batch
   * under way does is absorbed by the inbox like everything else that comes again. On Kafka refused while members run.
   * Nothing for a group that never read the topic.
   */
  rewind(request: RewindRequest): Promise<readonly Rewound[]>;
  close(): Promise<void>;
}
