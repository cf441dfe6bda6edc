import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka, type KafkaOptions, type LocalKafka } from './start-kafka.ts';

/** A Kafka for tests in a temp folder of its own, which goes with it, also when this process is killed. */
export async function startTemporaryKafka(options: Omit<KafkaOptions, 'dataDir' | 'removeWithParent'> = {}): Promise<LocalKafka> {
  const folder = mkdtempSync(join(tmpdir(), 'tom-kafka-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const kafka = await startKafka({ ...options, dataDir: join(folder, 'kafka'), removeWithParent: folder });
    const andRemove = (end: () => Promise<void>) => async () => {
      await end();
      remove();
    };
    return { ...kafka, stop: andRemove(kafka.stop), kill: andRemove(kafka.kill) };
  } catch (error) {
    remove();
    throw error;
  }
}
