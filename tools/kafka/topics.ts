import { resolve } from 'node:path';
import { brokerChecks, brokerConfig, brokerEntries, ensureTopics, readTopics, TopicsFileError } from '@tom/messaging';
import { ConfigError, defineConfig, loadConfig } from '@tom/runtime';

const root = resolve(import.meta.dirname, '../..');

/**
 * `npm run kafka:topics`: makes the topics of deploy/topics.yaml (or TOPICS_FILE) on the Kafka that KAFKA_* name, and
 * says in one line each what is not as declared; then the exit code is 1. With `-- --check` nothing is made.
 */
async function main(): Promise<number> {
  const config = loadConfig(defineConfig(brokerEntries, brokerChecks), process.env);
  const broker = brokerConfig(config);
  if (broker.kind !== 'kafka') {
    console.error('error: KAFKA_BROKERS is not set; the event log in Postgres makes its topics by itself.');
    return 1;
  }
  const topics = config.topics ?? readTopics(resolve(root, 'deploy/topics.yaml'));
  const make = !process.argv.includes('--check');
  const { nodes, created, missing, different } = await ensureTopics(broker, topics, { make });
  for (const topic of created) console.log(`created ${topic}`);
  for (const topic of missing) console.log(`missing ${topic}`);
  for (const { topic, setting, is, declared } of different) {
    console.log(`differs ${topic}: ${setting} is ${is}, declared is ${declared}`);
  }
  const most = Math.max(...topics.map(({ replication }) => replication));
  if (most > nodes) console.log(`note: replication ${most} is declared, the cluster has ${nodes} node${nodes === 1 ? '' : 's'}`);
  console.log(`${topics.length} topics declared, ${created.length} created, ${missing.length} missing, ${different.length} differences`);
  return missing.length + different.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof ConfigError || error instanceof TopicsFileError;
  console.error(known ? error.message : `error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
