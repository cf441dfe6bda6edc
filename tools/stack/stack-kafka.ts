import { join, resolve } from 'node:path';
import { ensureTopics, readTopics } from '@tom/messaging';
import { startKafka } from '../kafka/index.ts';
import type { DataDir } from './data-dir.ts';
import { keepRunning, type Kept } from './keep-running.ts';

export const topicsFile = resolve(import.meta.dirname, '../../deploy/topics.yaml');

/** A Kafka that is kept running, with its topics made. */
export interface StackKafka {
  readonly kept: Kept;
  /** As in KAFKA_BROKERS. */
  readonly brokers: string;
}

export interface StackKafkaOptions {
  readonly dataDir: DataDir;
  readonly ports: () => Promise<number>;
  readonly note: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly removeWithParent?: string;
}

/** Starts Kafka on the data folder, makes what is missing of its topics and says which are not as declared. */
export async function startStackKafka(options: StackKafkaOptions): Promise<StackKafka> {
  const { dataDir, note, signal, removeWithParent } = options;
  const port = await options.ports();
  const controllerPort = await options.ports();
  const launch = async () => {
    const server = await startKafka({
      dataDir: dataDir.kafka,
      port,
      controllerPort,
      logFile: join(dataDir.logs, 'kafka.log'),
      ...(removeWithParent ? { removeWithParent } : {}),
    });
    return {
      pid: server.pid,
      ready: Promise.resolve(),
      ended: server.ended.then(({ code, signal: how }) => how ?? `exit code ${code}`),
      stop: server.stop,
    };
  };
  const kept = await keepRunning({ name: 'kafka', launch, note, ...(signal ? { signal } : {}) });
  const brokers = `127.0.0.1:${port}`;
  try {
    const { different } = await ensureTopics({ brokers: [brokers] }, readTopics(topicsFile));
    for (const { topic, setting, is, declared } of different) {
      note(`kafka: ${setting} of ${topic} is ${is}, deploy/topics.yaml says ${declared}`);
    }
  } catch (error) {
    await kept.stop();
    throw error;
  }
  return { kept, brokers };
}
