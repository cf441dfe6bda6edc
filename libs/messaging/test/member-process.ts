import { createBroker, type BrokerConfig } from '../src/index.ts';

/**
 * A member of a group in a process of its own, which the conformance suite kills and freezes. Writes one line of JSON
 * for each message that it was given, before the batch counts as done.
 */
const [config, group, topic] = process.argv.slice(2) as [string, string, string];
const broker = createBroker(JSON.parse(config) as BrokerConfig);
process.stdin.resume().on('end', () => process.exit(0)); // nobody is left who could end it

await broker.subscribe({
  group,
  topics: [topic],
  batchSize: 10,
  fromBeginning: true,
  onBatch: async (batch) => {
    for (const { key, partition, offset, value } of batch) {
      process.stdout.write(`${JSON.stringify({ key, partition, offset, value })}\n`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  },
});
