/** Why the local Kafka cannot run, in one line fit for the person at the terminal. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';
}
