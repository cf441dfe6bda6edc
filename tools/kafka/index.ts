export { startKafka, type KafkaOptions, type LocalKafka } from './start-kafka.ts';
export { startTemporaryKafka } from './temporary-kafka.ts';
export { kafkaJars, kafkaProblem } from './jars.ts';
export { KafkaError } from './kafka-error.ts';
