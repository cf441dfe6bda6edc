import { createRequire } from 'node:module';
import type { Kafka, KafkaMessage } from 'kafkajs';

/**
 * kafkajs's own access to a cluster, beneath its consumer: the only way to read without a group. A group for each
 * reader would cost a join (10 to 330 ms) on every request that waits for its consequences.
 */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
  fetchTopicsOffset(
    topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
      readonly fromBeginning: boolean;
    }[],
  ): Promise<readonly { readonly topic: string; readonly partitions: readonly { partition: number; offset: string }[] }[]>;
  findBroker(node: { readonly nodeId: number }): Promise<{ fetch(request: FetchRequest): Promise<FetchResponse> }>;
}

export interface FetchRequest {
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string; readonly maxBytes: number }[];
  }[];
}

interface FetchResponse {
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly PartitionData[] }[];
}

interface PartitionData {
  readonly partition: number;
}

/** What a fetch brought of one partition, without what belongs to aborted transactions. */
export interface FetchedBatch {
  readonly messages: readonly KafkaMessage[];
  isEmptyIncludingFiltered(): boolean;
  lastOffset(): string;
}

type CreateCluster = (options: Readonly<Record<string, unknown>>) => Cluster;

export const READ_COMMITTED = 1;

const Batch = createRequire(import.meta.url)('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  data: PartitionData,
) => FetchedBatch;

/** The messages of a fetch's answer, as kafkajs's consumer would hand them over. */
export function fetchedBatch(topic: string, fetchedOffset: string, data: PartitionData): FetchedBatch {
  return new Batch(topic, fetchedOffset, data);
}

/** A cluster with the client's settings and connections of its own. Throws when kafkajs is not the one known here. */
export function createCluster(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find((one) => one.description === 'private:Kafka:createCluster');
  const create = symbol && (kafka as unknown as Record<symbol, CreateCluster>)[symbol];
  if (!create) throw new Error('this kafkajs has no cluster to read from without a group');
  return create({ metadataMaxAge: 300_000, allowAutoTopicCreation: false, isolationLevel: READ_COMMITTED });
}
