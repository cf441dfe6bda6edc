/** A topic that is not there. It is never made by accident: with a wrong number of partitions order would be lost. */
export class MissingTopicError extends Error {
  override readonly name = 'MissingTopicError';
  readonly topics: readonly string[];

  constructor(topics: readonly string[]) {
    const list = [...topics].sort().join(', ');
    const [be, them] = topics.length === 1 ? ['topic', 'does not exist; create it'] : ['topics', 'do not exist; create them'];
    super(`${be} ${list} ${them} with "npm run kafka:topics" (deploy/topics.yaml)`);
    this.topics = topics;
  }
}

/** Whether Kafka said that it does not know a topic, however deep kafkajs has wrapped it. */
export function saysUnknownTopic(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth += 1) {
    if ('type' in at && at.type === 'UNKNOWN_TOPIC_OR_PARTITION') return true;
  }
  return false;
}
