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
export { createConsumer, type Consumer, type ConsumerOptions, type RetryPolicy } from './consumer.ts';
export {
  buryKept,
  deadLetters,
  forgetDeadLetters,
  redrive,
  RefusedError,
  type DeadLetter,
  type DeadLetterReason,
  type KeptMessage,
  type RedriveRequest,
} from './dead-letters.ts';
export { idempotent, type IdempotentCall } from './idempotency.ts';
export type {
  BatchOutcome,
  Broker,
  IncomingMessage,
  OutgoingMessage,
  PartitionLag,
  PausedPartition,
  Position,
  Reader,
  ReaderOptions,
  SubscribeOptions,
} from './broker.ts';
export { createBroker, type BrokerConfig } from './create-broker.ts';
export { createPostgresBroker, type PostgresBrokerOptions } from './postgres-broker/postgres-broker.ts';
export { migrateEventLog } from './postgres-broker/schema.ts';
export { waitFor, type Watch, type WatchOptions } from './wait-for.ts';
export { partitionOf } from './murmur2.ts';
