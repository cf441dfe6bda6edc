import { join } from 'node:path';
import { buildBusiness, businessSchema, checkBusiness, type BusinessFile } from './business-file.ts';
import type { Catalog } from './catalog.ts';
import { CatalogError, type Problem } from './catalog-error.ts';
import { buildCodes, checkCodes, codesSchema, type CodesFile } from './codes-file.ts';
import { buildEngines, checkEngines, enginesSchema, type EnginesFile } from './engines-file.ts';
import { buildQueues, checkQueues, queuesSchema, type QueuesFile } from './queues-file.ts';
import { inOrder, readYaml, type YamlFile } from './read-yaml.ts';
import type { Names } from './references.ts';
import type { Stages } from './stages.ts';
import { buildRoles, checkRoles, rolesSchema, type RolesFile } from './roles-file.ts';
import { buildStages, checkStages, stagesSchema, type StagesFile } from './stages-file.ts';

/**
 * Reads and checks every shared file of the folder, alone and against each other. Throws CatalogError with every
 * problem of all of them; the templates are read by readTemplates.
 */
export function loadCatalog(configDir: string): Catalog {
  const problems: Problem[] = [];
  const read = <T>(name: string, schema: object): YamlFile<T> | undefined =>
    collect(problems, () => readYaml<T>(join(configDir, name), schema));

  const queues = read<QueuesFile>('queues.yaml', queuesSchema);
  const engines = read<EnginesFile>('engines.yaml', enginesSchema);
  const roles = read<RolesFile>('roles.yaml', rolesSchema);
  const codes = read<CodesFile>('codes.yaml', codesSchema);
  const stages = read<StagesFile>('stages.yaml', stagesSchema);
  const business = read<BusinessFile>('business.yaml', businessSchema);

  const queueNames = names(queues?.value.queues);
  const engineNames = names(engines?.value.engines);
  const roleNames = names(roles?.value.roles);
  problems.push(
    ...inOrder(queues ? checkQueues(queues, roleNames, engineNames) : []),
    ...inOrder(engines ? checkEngines(engines, roleNames, queueNames) : []),
    ...inOrder(roles ? checkRoles(roles) : []),
    ...inOrder(codes ? checkCodes(codes, engineNames) : []),
    ...inOrder(stages ? checkStages(stages, names(codes?.value.outcome_codes)) : []),
    ...inOrder(business ? checkBusiness(business) : []),
  );
  if (!queues || !engines || !roles || !codes || !stages || !business || problems.length > 0) {
    throw new CatalogError(problems);
  }
  return {
    queues: buildQueues(queues.value),
    roles: buildRoles(roles.value, queues.value, engines.value),
    codes: buildCodes(codes.value),
    stages: buildStages(stages.value),
    engines: buildEngines(engines.value),
    business: buildBusiness(business.value),
  };
}

/** Another table of stages for a catalog; throws CatalogError with every problem and its place. */
export function readStages(text: string, file: string, catalog: Catalog): Stages {
  const yaml = readYaml<StagesFile>({ path: file, text }, stagesSchema);
  const problems = checkStages(yaml, new Set(catalog.codes.outcomeCodes.keys()));
  if (problems.length > 0) throw new CatalogError(inOrder(problems));
  return buildStages(yaml.value);
}

function names(entries: Readonly<Record<string, unknown>> | undefined): Names {
  return entries && new Set(Object.keys(entries));
}

/** The result, or undefined when it cannot be had; then its problems join the others. */
export function collect<T>(problems: Problem[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
