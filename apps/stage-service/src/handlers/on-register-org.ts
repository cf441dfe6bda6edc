import type { OrgStatus } from '@tom/catalog';
import { OrgStageChanged, type RegisterOrg } from '@tom/contracts/messages';
import { ids, violationsInWords } from '@tom/kernel';
import { RefusedError, UndecodableError, type Envelope, type HandlerContext } from '@tom/messaging';
import { checkInput } from '../adapters/check-input.ts';
import { isErasedRef } from '../adapters/erasure.ts';
import { firstStage } from '../adapters/first-stage.ts';
import { orgCreated, orgStageChanged, orgUpdated } from '../adapters/messages.ts';
import { addressParts, checkOrgFields, orgFieldsOf } from '../adapters/org-input.ts';
import { insertOrg, lockOrg, lockOrgByRef, updateOrg } from '../adapters/orgs.ts';
import { insertStageChanges } from '../adapters/stage-history.ts';
import type { Deps } from '../deps.ts';
import { newOrg } from '../domain/new-org.ts';
import { changeOrg, type OrgFields } from '../domain/org.ts';

type Context = HandlerContext<RegisterOrg>;

/** The names of the fields that the message gives, as the API calls them. */
function givenNames({ address, ...plain }: RegisterOrg): ReadonlySet<string> {
  const given = (fields: object) => Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return new Set([...given(plain), ...given(address ?? {}).map((part) => `address.${part}`)]);
}

/** What the contract alone cannot refuse: the key, codes, empty texts. */
export const checkRegistration =
  ({ catalog }: Pick<Deps, 'catalog'>) => ({ key, data }: Envelope<RegisterOrg>): void => {
    const input = checkInput();
    if (data.externalRef !== key) input.refuse('externalRef', 'is not the key of the message', 'the same text as the key');
    checkOrgFields(input, catalog, data, givenNames(data));
    if (input.violations.length > 0) throw new UndecodableError(violationsInWords(input.violations));
  };

/**
 * Another system tells of a company under its own reference: known here it is updated as by a PATCH, else created. What
 * is absent stays; the status counts at the creation only, for later it follows the stage.
 */
export const onRegisterOrg = (deps: Deps) => async (context: Context): Promise<void> => {
  const { tx, now, envelope, emit } = context;
  const { actor, data } = envelope;
  const org = await lockOrgByRef(tx, data.externalRef);
  if (!org) return register(deps, context);
  const { next, changed } = changeOrg(org, changeIn(data), { id: actor, now });
  if (next === org) return;
  await updateOrg(tx, next);
  emit({ ...orgUpdated(next, changed), actor });
};

function changeIn(data: RegisterOrg): Partial<OrgFields> {
  const given = givenNames(data);
  const parts: ReadonlySet<string> = new Set(addressParts);
  const isGiven = (name: string) => given.has(parts.has(name) ? `address.${name}` : name);
  return Object.fromEntries(Object.entries(orgFieldsOf(data)).filter(([name]) => isGiven(name)));
}

async function register(deps: Deps, { tx, now, envelope, emit }: Context): Promise<void> {
  const { id, actor, data } = envelope;
  const { externalRef, name } = data;
  const orgId = ids.registeredOrg(externalRef);
  const former = await lockOrg(tx, orgId);
  // Erased is erased: a system that goes on telling of the company does not bring its data back. A person may.
  if ((former && former.erasedAt !== null) || (await isErasedRef(tx, externalRef))) return;
  if (former) throw new RefusedError('externalRef: the company registered under it has another external reference by now');
  if (name === undefined) throw new RefusedError('name: is missing, expected for a company that is not known yet');
  const { org, change } = newOrg({
    orgId,
    fields: { ...orgFieldsOf(data), name: name.trim(), orgKind: data.orgKind ?? 'customer' },
    stage: firstStage(deps.catalog.stages, (data.status ?? 'lead') as OrgStatus),
    createdBy: actor,
    actor,
    stageEventId: ids.causedMessage(id, OrgStageChanged.typeName, orgId, 0),
    now,
  });
  await insertOrg(tx, org);
  await insertStageChanges(tx, [change], deps.catalog.stages.initial('lead'));
  emit({ ...orgCreated({ ...org, revision: 1 }), actor }, orgStageChanged(org, change));
}
