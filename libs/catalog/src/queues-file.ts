import type { Text } from '@tom/kernel';
import type { Queue } from './catalog.ts';
import type { Problem } from './catalog-error.ts';
import { codeName, entries, fields, lowerName, textSchema } from './file-schema.ts';
import type { YamlFile } from './read-yaml.ts';
import { unknownName, type Names } from './references.ts';

export interface QueuesFile {
  readonly queues: Readonly<Record<string, { label: Text; role: string; engine: string }>>;
}

export const queuesSchema = fields(
  {
    queues: entries(
      codeName,
      fields({ label: textSchema, role: lowerName, engine: lowerName }, ['label', 'role', 'engine']),
    ),
  },
  ['queues'],
);

export function checkQueues(yaml: YamlFile<QueuesFile>, roles: Names, engines: Names): readonly Problem[] {
  return Object.entries(yaml.value.queues).flatMap(([name, queue]) => [
    ...unknownName(yaml, ['queues', name, 'role'], 'role', queue.role, roles),
    ...unknownName(yaml, ['queues', name, 'engine'], 'engine', queue.engine, engines),
  ]);
}

export function buildQueues(file: QueuesFile): ReadonlyMap<string, Queue> {
  return new Map(Object.entries(file.queues).map(([queue, entry]) => [queue, { queue, ...entry }]));
}
