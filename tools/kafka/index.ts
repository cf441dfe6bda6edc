export { startKafka, type KafkaOptions, type LocalKafka } from './start-kafka.ts';
export { startTemporaryKafka } from './temporary-kafka.ts';
export { toolchainProblem } from './java.ts';
export { KafkaError } from './kafka-error.ts';
