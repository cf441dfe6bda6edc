export type { MessageType } from './message-type.ts';
export { formatHeaders, parseHeaders, parseValue, UndecodableError, type Envelope } from './envelope.ts';
export { foreignHeaders } from './foreign.ts';
export { causedBy, requestOrigin, type Origin } from './origin.ts';
export {
  createOutbox,
  DepthExceededError,
  type Draft,
  type Drafts,
  type Outbox,
  type OutboxOptions,
  type OutboxRow,
} from './outbox.ts';
export { createHistoryReader, type HistoryPage, type HistoryRequest } from './history.ts';
export { historyTable, messagingMigrations } from './migrations.ts';
export { createRelay, type Relay, type RelayOptions } from './relay.ts';
export {
  subscription,
  type BatchContext,
  type BatchItem,
  type Foreign,
  type HandlerContext,
  type Subscription,
  type SubscriptionOptions,
} from './subscription.ts';
export {
  createConsumer,
  type Consumer,
  type ConsumerOptions,
  type ConsumerStats,
  type RetryPolicy,
} from './consumer.ts';
export type { ParkedLimits } from './parked-limits.ts';
export {
  allDeadLetters,
  buryKept,
  deadLetter,
  deadLetters,
  forgetDeadLetters,
  parkedKeys,
  redrive,
  RefusedError,
  type DeadLetter,
  type DeadLetterReason,
  type KeptMessage,
  type ParkedKey,
  type RedriveRequest,
} from './dead-letters.ts';
export { rehearsalOutbox, rehearse, type Rehearsal, type Rehearsed } from './rehearse.ts';
export { drop, drops, type Drop } from './drop.ts';
export { idempotent, type IdempotentCall } from './idempotency.ts';
export type {
  BatchOutcome,
  Broker,
  IncomingMessage,
  MemberHealth,
  OutgoingMessage,
  PartitionLag,
  PausedPartition,
  Position,
  Reader,
  ReaderOptions,
  SubscribeOptions,
} from './broker.ts';
export { brokerChecks, brokerConfig, brokerEntries, type BrokerSettings } from './broker-settings.ts';
export { parseTopics, readTopics, TopicsFileError, type TopicDeclaration } from './topics-file.ts';
export { ensureTopics, type TopicDifference, type TopicReport } from './kafka-broker/topic-setup.ts';
export { createKafkaBroker, type KafkaBrokerOptions } from './kafka-broker/kafka-broker.ts';
export type { BrokerAdmin, GroupLag, Rewound, RewindRequest } from './broker-admin.ts';
export { createBroker, createBrokerAdmin, prepareBroker, type BrokerConfig } from './create-broker.ts';
export { registerMessagingMetrics, type MeasuredParts } from './register-metrics.ts';
export { outboxState, type OutboxState } from './outbox-state.ts';
export { createPostgresBroker, type PostgresBrokerOptions } from './postgres-broker/postgres-broker.ts';
export { migrateEventLog } from './postgres-broker/schema.ts';
export { waitFor, type Watch, type WatchOptions } from './wait-for.ts';
export { partitionOf } from './murmur2.ts';
