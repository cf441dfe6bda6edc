import { startTemporaryKafka } from './temporary-kafka.ts';

/** One Kafka for a whole test run; its address is in TEST_KAFKA_BROKERS. One that the variable already names is used. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_KAFKA_BROKERS) return undefined;
  const kafka = await startTemporaryKafka();
  process.env.TEST_KAFKA_BROKERS = kafka.brokers;
  return async () => {
    delete process.env.TEST_KAFKA_BROKERS;
    await kafka.stop();
  };
}
