import type { Text } from '@tom/kernel';
import type { Problem } from './catalog-error.ts';
import type { EnginesFile } from './engines-file.ts';
import { entries, fields, listOf, lowerName, textSchema } from './file-schema.ts';
import type { QueuesFile } from './queues-file.ts';
import type { YamlFile } from './read-yaml.ts';
import { unknownName } from './references.ts';
import { rights, type Right, type Roles } from './roles.ts';

export interface RolesFile {
  readonly groups?: Readonly<Record<string, readonly Right[]>>;
  readonly roles: Readonly<
    Record<string, { label: Text; reach: 'own' | 'all'; groups?: readonly string[]; rights?: readonly Right[] }>
  >;
}

const rightsSchema = listOf({ enum: rights });

export const rolesSchema = fields(
  {
    groups: entries(lowerName, rightsSchema),
    roles: entries(
      lowerName,
      fields({ label: textSchema, reach: { enum: ['own', 'all'] }, groups: listOf(lowerName), rights: rightsSchema }, [
        'label',
        'reach',
      ]),
    ),
  },
  ['roles'],
);

export function checkRoles(yaml: YamlFile<RolesFile>): readonly Problem[] {
  const groups = new Set(Object.keys(yaml.value.groups ?? {}));
  return Object.entries(yaml.value.roles).flatMap(([name, role]) =>
    (role.groups ?? []).flatMap((group, index) =>
      unknownName(yaml, ['roles', name, 'groups', index], 'group', group, groups),
    ),
  );
}

export function buildRoles(file: RolesFile, queues: QueuesFile, engines: EnginesFile): Roles {
  const worked = (entries: Readonly<Record<string, { role: string }>>, role: string): ReadonlySet<string> =>
    new Set(Object.keys(entries).filter((name) => entries[name]?.role === role));
  return new Map(
    Object.entries(file.roles).map(([role, { label, reach, groups = [], rights: own = [] }]) => [
      role,
      {
        role,
        label,
        reach,
        rights: new Set([...groups.flatMap((group) => file.groups?.[group] ?? []), ...own]),
        queues: worked(queues.queues, role),
        engines: worked(engines.engines, role),
      },
    ]),
  );
}
