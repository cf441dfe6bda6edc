import {
  ContactAdded,
  ContactErased,
  ContactRemoved,
  ContactUpdated,
  GuardOverridden,
  OrgCreated,
  OrgErased,
  OrgStageChanged,
  OrgUpdated,
  StageTransitionRefused,
} from '@tom/contracts/messages';
import type { Catalog } from '@tom/catalog';
import type { Text } from '@tom/kernel';
import { labelOf, teller, titled, type Teller, type Told } from './entry.ts';

/** The fields of a company whose change is worth a line. */
const TOLD_FIELDS = new Set([
  'name',
  'accountOwner',
  'orgKind',
  'address',
  'website',
  'phone',
  'externalRef',
  'industry',
]);

function ofOrg(orgId: string, title: Text): Told {
  return { kind: 'ORG', title, source: { type: 'org', id: orgId } };
}

const stageLabel = (catalog: Catalog, stage: string): Text => labelOf(catalog.stages.stages, stage);

/** Companies, contacts and stages. The creation is one entry: the change of stage that comes with it has none. */
export const orgTellers: readonly Teller[] = [
  teller(OrgCreated, ({ org }) => ofOrg(org.orgId, { de: 'Unternehmen angelegt', en: 'Company created' })),
  teller(
    OrgUpdated,
    ({ org, changedFields }) =>
      changedFields.some((field) => TOLD_FIELDS.has(field))
        ? ofOrg(org.orgId, { de: 'Stammdaten geändert', en: 'Master data changed' })
        : undefined,
  ),
  teller(OrgErased, ({ orgId }) => ofOrg(orgId, { de: 'Daten gelöscht', en: 'Data erased' })),
  teller(ContactAdded, ({ orgId }) => ofOrg(orgId, { de: 'Kontakt angelegt', en: 'Contact added' })),
  teller(ContactUpdated, ({ orgId }) => ofOrg(orgId, { de: 'Kontakt geändert', en: 'Contact changed' })),
  teller(ContactRemoved, ({ orgId }) => ofOrg(orgId, { de: 'Kontakt entfernt', en: 'Contact removed' })),
  teller(ContactErased, ({ orgId }) => ofOrg(orgId, { de: 'Kontaktdaten gelöscht', en: 'Contact data erased' })),
  teller(OrgStageChanged, (event, catalog) => {
    if (event.fromStage === undefined) return undefined;
    const { orgId, fromStage, toStage, reasonCode, reasonNote, caseId } = event;
    const from = stageLabel(catalog, fromStage);
    const to = stageLabel(catalog, toStage);
    const reason = reasonCode === undefined ? undefined : labelOf(catalog.stages.reasons, reasonCode);
    return {
      kind: 'STAGE',
      title: {
        de: `${from.de} → ${to.de}${reason ? ` · ${reason.de}` : ''}`,
        en: `${from.en} → ${to.en}${reason ? ` · ${reason.en}` : ''}`,
      },
      detail: reasonNote,
      source: { type: 'stage', id: orgId },
      caseId,
    };
  }),
  teller(StageTransitionRefused, ({ orgId, toStage, caseId }, catalog) => ({
    kind: 'STAGE',
    title: titled('Stufenwechsel abgelehnt', 'Stage change refused', stageLabel(catalog, toStage)),
    source: { type: 'stage', id: orgId },
    caseId,
  })),
  teller(GuardOverridden, ({ orgId, toStage, reason }, catalog) => ({
    kind: 'STAGE',
    title: titled('Regel übersteuert', 'Guard overridden', stageLabel(catalog, toStage)),
    detail: reason,
    source: { type: 'stage', id: orgId },
  })),
];
