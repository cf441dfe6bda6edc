import type { KafkaMessage } from 'kafkajs';
import type { IncomingMessage } from '../broker.ts';

/** A Kafka message as ours. Whoever wrote it may have written anything: texts become of it, and the envelope judges. */
export function incomingMessage(topic: string, partition: number, message: KafkaMessage): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const [name, held] of Object.entries(message.headers ?? {})) {
    const value = Array.isArray(held) ? held.at(-1) : held; // the last one counts, as for Java's lastHeader
    if (value !== undefined && value !== null) headers[name] = value.toString();
  }
  return {
    topic,
    partition,
    offset: message.offset,
    key: message.key?.toString() ?? '',
    headers,
    value: message.value?.toString() ?? '',
    appendedAt: new Date(Number(message.timestamp)),
  };
}
