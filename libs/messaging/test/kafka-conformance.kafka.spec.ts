import { brokerConformance } from './conformance.ts';
import { connectTestKafka, SESSION_MS, testBrokers } from './kafka-harness.ts';

brokerConformance('Apache Kafka', async () => {
  const kafka = await connectTestKafka();
  return {
    config: { kind: 'kafka', brokers: testBrokers(), sessionMs: SESSION_MS },
    connect: async () => kafka.connect(),
    createTopic: kafka.createTopic,
    cleanup: kafka.cleanup,
  };
});
