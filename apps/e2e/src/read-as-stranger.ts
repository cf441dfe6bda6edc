import { type CloudEvent, Kafka as Binding } from 'cloudevents';
import { Kafka, logLevel } from 'kafkajs';

/** Every event of a topic, read with nothing of ours: a group of its own and the CloudEvents SDK. */
export async function readAsStranger(brokers: string, topic: string): Promise<CloudEvent<unknown>[]> {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  const expected = ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  await admin.disconnect();

  const consumer = kafka.consumer({ groupId: `stranger-${topic}`, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const events: CloudEvent<unknown>[] = [];
  let seen = 0;
  await new Promise<void>((resolve, reject) => {
    if (expected === 0) return resolve();
    const eachMessage = async ({ message }: { message: { key: Buffer | null; value: Buffer | null; headers?: object } }) => {
      try {
        // kafkajs gives Buffers; the SDK wants texts
        const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]));
        const value = message.value?.toString() ?? '';
        const given = { headers, key: message.key?.toString() ?? '', value, body: value };
        const event = Binding.toEvent(given);
        events.push(...((Array.isArray(event) ? event : [event]) as CloudEvent<unknown>[]));
        if ((seen += 1) >= expected) resolve();
      } catch (error) {
        reject(error as Error);
      }
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return events;
}
