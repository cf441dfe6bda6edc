import { require, type Template } from '@tom/catalog';
import { DomainError, newId } from '@tom/kernel';
import { requestOrigin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { isErased, openByTemplate, openingRules, type OrgFacts, wasErased } from '@tom/workflow';
import { openingDrafts } from '../adapters/case-messages.ts';
import { openCaseOfType } from '../adapters/case-table.ts';
import { rememberOrg } from '../adapters/org-projection.ts';
import { storeOpenings } from '../adapters/store-openings.ts';
import type { Deps } from '../deps.ts';
import { mustBeOfKind } from '../domain/kind-rule.ts';
import { askOrg } from './know-org.ts';

/** Whether the caller may, the template, and the company as it is now; before the transaction. */
export async function gatherForStart(
  deps: Deps,
  call: CallContext,
  command: { readonly key: string; readonly orgId: string },
): Promise<{ template: Template; org: OrgFacts }> {
  require(deps.catalog.roles, call.caller.roles, 'start_templates');
  const template = deps.templates.currentOf(command.key);
  if (!template) throw DomainError.notFound('The template');
  require(deps.catalog.roles, call.caller.roles, 'start_templates', {
    engine: template.case?.engine,
    role: template.case?.role,
  });
  return { template, org: await askOrg(deps, call, command.orgId) };
}

/**
 * Opens the template's case for the company, whatever its trigger says; joins the one that is open, writing nothing.
 */
export async function startTemplate(
  { catalog, clock, outbox }: Deps,
  tx: Tx,
  call: CallContext,
  { template, org }: { readonly template: Template; readonly org: OrgFacts },
): Promise<{ caseId: string; joined: boolean }> {
  if (isErased(org)) throw wasErased();
  mustBeOfKind(template, org);
  const origin = { caseId: newId(), commandId: newId(), openedBy: call.caller.id, now: clock.now() };
  const rules = openingRules(catalog, origin.now);
  const opening = openByTemplate(rules, template, org, origin);
  if (!opening) throw DomainError.stateRefused('The template has rules only; there is nothing to start.', 'RULES_ONLY');
  await rememberOrg(tx, org);
  const opened = (await storeOpenings(tx, [opening])).get(origin.caseId);
  if (!opened) {
    const open = await openCaseOfType(tx, org.orgId, opening.item.caseType);
    if (!open) throw new DomainError('UNAVAILABLE', 'The open case was closed at this moment; try again.');
    return { caseId: open.caseId, joined: true };
  }
  const by = { template: template.key, templateVersion: template.version };
  await outbox.append(tx, requestOrigin(call), openingDrafts(opened, by, template));
  return { caseId: opened.item.caseId, joined: false };
}
