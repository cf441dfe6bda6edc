import type { Dependence, Known } from '@tom/rules';
import type { Catalog } from './catalog.ts';
import type { EventTypeName } from './event-types.ts';
import { factCodes } from './fact-codes.ts';
import type { Template } from './template.ts';

/** Who looks at an event: a template's trigger, a rule of its running case, or a rule of a template without a case. */
export type Looker = 'trigger' | 'case' | 'company';

/** Numbers that count something. */
const counts = ['event.calls_in_row', 'event.return_count', 'org.next_steps', 'cases.open', 'case.return_count'];

/** Why a case ends whatever its template says: the stage that its opening asked for was refused. */
const CANCELLED = 'CANCELLED';

/**
 * What is so of the facts at an event whoever is concerned: codes that exist and go together, and what the looker makes
 * certain, because the service does not let it act otherwise.
 */
export function knownAt(template: Template, looker: Looker, event: EventTypeName, catalog: Catalog): Known {
  const values: Record<string, readonly string[]> = { ...factCodes(catalog, event), 'event.type': [event] };
  const kinds = [...template.orgKinds];
  if (looker !== 'case') values['org.org_kind'] = kinds;
  if (looker === 'case' && template.case) {
    const { caseType } = template.case;
    values['case.case_type'] = [caseType];
    values['event.case_type'] = [caseType];
    values['event.template'] = [template.key];
    // Only rules on its closing look at a closed case, and they look at no other.
    const statuses = [...catalog.codes.caseStatuses.keys()];
    const isClosed = event === 'CaseClosed';
    values['case.status'] = statuses.filter((status) => (status === 'CLOSED') === isClosed);
    if (event === 'CaseStatusChanged') values['event.status'] = statuses.filter((status) => status !== 'CLOSED');
    if (isClosed) values['event.outcome_code'] = [...template.completion.map(({ outcome }) => outcome), CANCELLED];
  }
  return {
    values,
    least: Object.fromEntries(counts.map((path) => [path, 0])),
    // Judged on the company as the event found it: a trigger that comes too late does not start anything.
    ...(looker === 'trigger' &&
      event === 'OrgStageChanged' && { same: { 'org.current_stage': 'event.to_stage', 'event.org_kind': 'org.org_kind' } }),
    given: [...dependencesOf(catalog), ...(event === 'ActivityLogged' ? [outcomesByType(catalog)] : [])],
  };
}

/**
 * What is so beside that, unless somebody changed the kind of the company or a stage change came after a later one: no
 * proof, but reason enough to ask.
 */
export function likelyAt(template: Template, looker: Looker, event: EventTypeName, catalog: Catalog): Known {
  const known = knownAt(template, looker, event, catalog);
  if (looker !== 'case') return known;
  const closing = new Set(template.completion.map(({ stage }) => stage));
  const stages = [...catalog.stages.stages.keys()].filter((stage) => !closing.has(stage));
  const values = { ...known.values, 'org.org_kind': [...template.orgKinds] };
  return {
    ...known,
    values: event === 'OrgStageChanged' ? { ...values, 'event.to_stage': stages, 'event.org_kind': [...template.orgKinds] } : values,
  };
}

function outcomesByType({ codes }: Catalog): Dependence {
  return {
    path: 'event.outcome_code',
    by: 'event.activity_type',
    table: new Map([...codes.activityTypes.values()].map(({ code, outcomes }) => [code, [...outcomes.keys()]])),
  };
}

const dependences = new WeakMap<Catalog, readonly Dependence[]>();

function dependencesOf(catalog: Catalog): readonly Dependence[] {
  const known = dependences.get(catalog) ?? stageDependences(catalog);
  dependences.set(catalog, known);
  return known;
}

/** Which stage follows which, for which reasons, and the status that each has. */
function stageDependences({ stages, codes }: Catalog): readonly Dependence[] {
  const names = [...stages.stages.keys()];
  const statuses = [...codes.orgStatuses.keys()] as Parameters<typeof stages.initial>[0][];
  const initial = [...new Set(statuses.map((status) => stages.initial(status)))];
  const everyReason = [...stages.reasons.keys()];
  const reasonsFor = (stage: string): readonly string[] => {
    const rows = stages.transitions.filter(({ to }) => to === stage);
    const listed = rows.flatMap(({ reasons }) => (reasons.length > 0 ? reasons.map(({ code }) => code) : everyReason));
    return [...new Set(['GUARD_OVERRIDDEN', ...(initial.includes(stage) ? ['ORG_CREATED'] : []), ...listed])];
  };
  return [
    {
      path: 'event.to_stage',
      by: 'event.from_stage',
      table: new Map(names.map((stage) => [stage, stages.from(stage).map(({ to }) => to)])),
      whenMissing: initial,
    },
    { path: 'event.reason_code', by: 'event.to_stage', table: new Map(names.map((stage) => [stage, reasonsFor(stage)])) },
    {
      path: 'org.status',
      by: 'org.current_stage',
      table: new Map([...stages.stages.values()].map(({ stage, status }) => [stage, [status]])),
    },
  ];
}
