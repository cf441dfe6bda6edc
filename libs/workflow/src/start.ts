import { ids } from '@tom/kernel';
import type { CaseItem } from './case.ts';
import { wantedTransition, type OpeningOrigin, type WantedTransition } from './opening.ts';
import type { OrgFacts } from './org.ts';
import type { CaseTemplate, StageTable } from './template.ts';

/** The command by which a case asks for a stage. */
const TRANSITION_STAGE = 'tom.stage.v1.TransitionStage';

/** Of whom, when and under which ids a template opens its case because of an event. */
export function startOrigin(eventId: string, template: Pick<CaseTemplate, 'key'>, now: Date): OpeningOrigin {
  const caseId = ids.case(eventId, template.key);
  return { caseId, commandId: openingCommand(eventId, caseId), openedBy: `template:${template.key}`, now };
}

function openingCommand(eventId: string, caseId: string): string {
  return ids.causedMessage(eventId, TRANSITION_STAGE, caseId, 0);
}

/**
 * The template joins the open case of its type; only the stage may still be wanted. Undefined also when the case that
 * it wanted to open is that very one, or was closed since: then this is a replay.
 */
export function joinOpenCase(
  stages: StageTable,
  template: CaseTemplate,
  eventId: string,
  org: OrgFacts,
  wanted: Pick<CaseItem, 'caseId' | 'caseType'>,
  openCases: readonly CaseItem[],
): { readonly joined: CaseItem; readonly transition: WantedTransition } | undefined {
  const joined = openCases.find((other) => other.orgId === org.orgId && other.caseType === wanted.caseType);
  if (!joined || joined.caseId === wanted.caseId) return undefined;
  const transition = wantedTransition(stages, template, org, openingCommand(eventId, joined.caseId));
  return transition && { joined, transition };
}
