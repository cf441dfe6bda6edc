import type { Condition } from '@tom/rules';
import type { Catalog } from './catalog.ts';
import type { Problem } from './catalog-error.ts';
import type { EventTypeName } from './event-types.ts';
import type { YamlFile, YamlPath } from './read-yaml.ts';

/** The codes that the facts of templateFactSchema can have; facts that are free are not named here. */
function factCodes(catalog: Catalog, event: EventTypeName): Readonly<Record<string, readonly string[]>> {
  const { codes, stages, engines, queues, roles } = catalog;
  const outcomes = [...codes.activityTypes.values()].flatMap((type) => names(type.outcomes));
  const phases = [...engines.values()].flatMap((engine) => engine.phases.map(({ phase }) => phase));
  return {
    'event.from_stage': names(stages.stages),
    'event.to_stage': names(stages.stages),
    'event.reason_code': names(stages.reasons),
    'event.outcome_code': event === 'ActivityLogged' ? outcomes : names(codes.outcomeCodes),
    'event.org_kind': names(codes.orgKinds),
    'event.activity_type': names(codes.activityTypes),
    'event.direction': names(codes.directions),
    'event.task_type': names(codes.taskTypes),
    'event.queue': names(queues),
    'event.role': names(roles),
    'event.origin': names(codes.taskOrigins),
    'event.priority': names(codes.priorities),
    'event.status': names(codes.caseStatuses),
    'event.previous_status': names(codes.caseStatuses),
    'event.case_type': names(codes.caseTypes),
    'event.engine': names(engines),
    'event.phase': phases,
    'event.previous_phase': phases,
    'event.from_engine': names(engines),
    'event.from_phase': phases,
    'event.from_role': names(roles),
    'event.from_queue': names(queues),
    'event.claimed_by_role': names(roles),
    'event.claimed_by_roles': names(roles),
    'org.org_kind': names(codes.orgKinds),
    'org.status': names(codes.orgStatuses),
    'org.current_stage': names(stages.stages),
    'cases.open_types': names(codes.caseTypes),
    'case.case_type': names(codes.caseTypes),
    'case.engine': names(engines),
    'case.phase': phases,
    'case.status': names(codes.caseStatuses),
    'case.owner_role': names(roles),
    'case.owner_queue': names(queues),
    'case.priority': names(codes.priorities),
  };
}

function names(list: ReadonlyMap<string, unknown>): readonly string[] {
  return [...list.keys()];
}

/** A condition that asks for a code that does not exist would never be true, and nobody would be told. */
export function unknownCodes(
  yaml: YamlFile<unknown>,
  at: YamlPath,
  condition: Condition,
  catalog: Catalog,
  event: EventTypeName,
): readonly Problem[] {
  const codes = factCodes(catalog, event);
  return condition.comparisons.flatMap(({ path, text, offset }) => {
    const known = codes[path];
    if (!known || known.includes(text)) return [];
    return [yaml.problem(at, `${path} is never '${text}'.`, `one of ${known.join(', ')}`, { offset })];
  });
}
