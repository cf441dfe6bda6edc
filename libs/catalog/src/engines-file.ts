import type { Text } from '@tom/kernel';
import type { Engine, OutputType } from './catalog.ts';
import type { Problem } from './catalog-error.ts';
import { codeName, entries, fields, listOf, lowerName, phaseName, textSchema } from './file-schema.ts';
import type { YamlFile } from './read-yaml.ts';
import { doubles, unknownName, type Names } from './references.ts';

interface RawOutput {
  readonly key: string;
  readonly type: OutputType;
  readonly description: Text;
  readonly mandatory?: boolean;
}

export interface EnginesFile {
  readonly engines: Readonly<
    Record<
      string,
      {
        label: Text;
        role: string;
        queue: string;
        phases: readonly { phase: string; label: Text; outputs: readonly RawOutput[] }[];
      }
    >
  >;
}

export const outputFields = {
  key: lowerName,
  type: { enum: ['document', 'information', 'decision', 'approval'] },
  description: textSchema,
  mandatory: { type: 'boolean' },
} as const;

const phaseSchema = fields(
  { phase: phaseName, label: textSchema, outputs: listOf(fields(outputFields, ['key', 'type', 'description']), 50) },
  ['phase', 'label', 'outputs'],
);

export const enginesSchema = fields(
  {
    engines: entries(
      lowerName,
      fields(
        { label: textSchema, role: lowerName, queue: codeName, phases: { ...listOf(phaseSchema, 20), minItems: 1 } },
        ['label', 'role', 'queue', 'phases'],
      ),
    ),
  },
  ['engines'],
);

export function checkEngines(yaml: YamlFile<EnginesFile>, roles: Names, queues: Names): readonly Problem[] {
  const engines = Object.entries(yaml.value.engines);
  const phases = engines.flatMap(([name, engine]) =>
    engine.phases.map(({ phase }, index) => [phase, ['engines', name, 'phases', index, 'phase']] as const),
  );
  return [
    ...doubles(yaml, phases, 'phase', (phase) => phase),
    ...engines.flatMap(([name, engine]) => [
      ...unknownName(yaml, ['engines', name, 'role'], 'role', engine.role, roles),
      ...unknownName(yaml, ['engines', name, 'queue'], 'queue', engine.queue, queues),
      ...engine.phases.flatMap(({ outputs }, phase) =>
        doubles(yaml, outputs, 'output', ({ key }, index) => [
          key,
          ['engines', name, 'phases', phase, 'outputs', index, 'key'],
        ]),
      ),
    ]),
  ];
}

export function buildEngines(file: EnginesFile): ReadonlyMap<string, Engine> {
  return new Map(
    Object.entries(file.engines).map(([engine, { phases, ...entry }]) => [
      engine,
      {
        engine,
        ...entry,
        phases: phases.map(({ outputs, ...phase }) => ({
          ...phase,
          outputs: outputs.map((output) => ({ ...output, mandatory: output.mandatory ?? true })),
        })),
      },
    ]),
  );
}
