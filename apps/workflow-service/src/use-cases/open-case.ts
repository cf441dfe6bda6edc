import { require } from '@tom/catalog';
import { DomainError, newId } from '@tom/kernel';
import { requestOrigin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import {
  type CaseItem,
  isErased,
  openByPerson,
  openByTemplate,
  openingRules,
  type OpeningWishes,
  type OrgFacts,
  wasErased,
} from '@tom/workflow';
import { openingDrafts } from '../adapters/case-messages.ts';
import { openCaseOfType } from '../adapters/case-table.ts';
import { rememberOrg } from '../adapters/org-projection.ts';
import { storeOpenings } from '../adapters/store-openings.ts';
import type { Deps } from '../deps.ts';
import { mustBeOfKind } from '../domain/kind-rule.ts';
import { askOrg, knowOrg } from './know-org.ts';

export interface OpenCase extends OpeningWishes {
  readonly orgId: string;
  readonly caseType: string;
  readonly engine: string;
  readonly title: string;
}

/** Whether the caller may, and the company that it is about; before the transaction. */
export async function gatherForOpening(deps: Deps, call: CallContext, command: OpenCase): Promise<OrgFacts> {
  require(deps.catalog.roles, call.caller.roles, 'open_cases', { engine: command.engine });
  // A template asks for a stage, so it has to know the present one; for anything else what is known here will do.
  return deps.templates.openingOf(command.caseType)
    ? askOrg(deps, call, command.orgId)
    : knowOrg(deps, call, command.orgId);
}

/** Opens a case; a type that a template opens is opened by that template, with its tasks and stage. */
export async function openCase(
  deps: Deps,
  tx: Tx,
  call: CallContext,
  command: OpenCase,
  org: OrgFacts,
): Promise<CaseItem> {
  const { catalog, templates, clock, outbox } = deps;
  const template = templates.openingOf(command.caseType);
  const origin = { caseId: newId(), commandId: newId(), openedBy: call.caller.id, now: clock.now() };
  if (isErased(org)) throw wasErased();
  if (template) mustBeOfKind(template, org);
  const rules = openingRules(catalog, origin.now);
  const engine = catalog.engines.get(command.engine);
  const opening =
    (template && openByTemplate(rules, template, org, origin, command)) ??
    (engine && openByPerson(engine, command.caseType, org.orgId, origin, command));
  if (!opening) throw new Error(`There is no engine ${command.engine}`);
  await rememberOrg(tx, org);
  const opened = (await storeOpenings(tx, [opening])).get(origin.caseId);
  if (!opened) await refuseSecond(tx, org.orgId, command.caseType);
  const stored = opened ?? opening;
  const by = template ? { template: template.key, templateVersion: template.version } : {};
  await outbox.append(tx, requestOrigin(call), openingDrafts(stored, by, template));
  return stored.item;
}

async function refuseSecond(tx: Tx, orgId: string, caseType: string): Promise<never> {
  const open = await openCaseOfType(tx, orgId, caseType);
  // Closed between the two statements: the caller may simply ask again.
  if (!open) throw new DomainError('UNAVAILABLE', 'The open case was closed at this moment; try again.');
  throw new DomainError('CASE_OPEN_EXISTS', 'A case of this type is open already.', { caseId: open.caseId });
}
