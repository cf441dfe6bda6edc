import { DomainError } from '@tom/kernel';
import { sql, type Tx } from '@tom/postgres';
import type { Org } from '../domain/org.ts';
import { nameKey } from '../domain/same-company.ts';
import { domainOf } from './domain-of.ts';
import type { Reader } from './reader.ts';

/** The columns of org under the names of the domain; `o` is the alias of the table. */
export const orgColumns = `o.org_id as "orgId", o.name, o.org_kind as "orgKind", o.status, o.current_stage as "currentStage",
  o.stage_since as "stageSince", o.external_ref as "externalRef", o.website, o.phone, o.street,
  o.postal_code as "postalCode", o.city, o.country, o.industry, o.account_owner as "accountOwner",
  o.was_customer as "wasCustomer", o.version, o.revision, o.created_at as "createdAt", o.created_by as "createdBy",
  o.updated_at as "updatedAt", o.updated_by as "updatedBy", o.erased_at as "erasedAt"`;

const byId = sql('org.by_id', `select ${orgColumns} from org o where o.org_id = $1`);
const byIds = sql('org.by_ids', `select ${orgColumns} from org o where o.org_id = any ($1::uuid[])`);
// In the order of the ids, so that two sets cannot wait for each other.
const lockByIds = sql(
  'org.lock',
  `select ${orgColumns} from org o where o.org_id = any ($1::uuid[]) order by o.org_id for update`,
);

export async function findOrg(reader: Reader, orgId: string): Promise<Org | undefined> {
  const [org] = await reader.query<Org>(byId, [orgId]);
  return org;
}

export async function findOrgs(reader: Reader, orgIds: readonly string[]): Promise<ReadonlyMap<string, Org>> {
  const orgs = await reader.query<Org>(byIds, [orgIds]);
  return new Map(orgs.map((org) => [org.orgId, org]));
}

export async function lockOrgs(tx: Tx, orgIds: readonly string[]): Promise<Map<string, Org>> {
  const orgs = await tx.query<Org>(lockByIds, [[...new Set(orgIds)]]);
  return new Map(orgs.map((org) => [org.orgId, org]));
}

export async function lockOrg(tx: Tx, orgId: string): Promise<Org | undefined> {
  return (await lockOrgs(tx, [orgId])).get(orgId);
}

const insert = sql(
  'org.insert',
  `with outlook as (insert into org_outlook (org_id) values ($1))
   insert into org (org_id, name, org_kind, status, current_stage, stage_since, external_ref, website, phone, street,
     postal_code, city, country, industry, account_owner, was_customer, name_key, domain, version, revision, created_at,
     created_by, updated_at, updated_by)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
);

export async function insertOrg(tx: Tx, org: Org): Promise<void> {
  await tx.query(insert, [
    org.orgId,
    org.name,
    org.orgKind,
    org.status,
    org.currentStage,
    org.stageSince,
    org.externalRef,
    org.website,
    org.phone,
    org.street,
    org.postalCode,
    org.city,
    org.country,
    org.industry,
    org.accountOwner,
    org.wasCustomer,
    org.name === null ? null : nameKey(org.name),
    org.website === null ? null : domainOf(org.website),
    org.version,
    org.revision,
    org.createdAt,
    org.createdBy,
    org.updatedAt,
    org.updatedBy,
  ]);
}

const update = sql(
  'org.update',
  `update org set name = $2, org_kind = $3, external_ref = $4, website = $5, phone = $6, street = $7, postal_code = $8,
     city = $9, country = $10, industry = $11, account_owner = $12, name_key = $13, domain = $14, version = $15,
     revision = $16, updated_at = $17, updated_by = $18, erased_at = $19
   where org_id = $1`,
);

/** Writes what people may write. */
export async function updateOrg(tx: Tx, org: Org): Promise<void> {
  await tx.query(update, [
    org.orgId,
    org.name,
    org.orgKind,
    org.externalRef,
    org.website,
    org.phone,
    org.street,
    org.postalCode,
    org.city,
    org.country,
    org.industry,
    org.accountOwner,
    org.name === null ? null : nameKey(org.name),
    org.website === null ? null : domainOf(org.website),
    org.version,
    org.revision,
    org.updatedAt,
    org.updatedBy,
    org.erasedAt,
  ]);
}

const move = sql(
  'org.move',
  `update org o set current_stage = m.current_stage, status = m.status, stage_since = m.stage_since,
     was_customer = m.was_customer, revision = m.revision
   from json_to_recordset($1::json) as m(org_id uuid, current_stage text, status text, stage_since timestamptz,
     was_customer boolean, revision integer)
   where o.org_id = m.org_id`,
);

/** Writes stage and revision of companies that were moved (or whose revision alone went on). */
export async function moveOrgs(tx: Tx, orgs: readonly Org[]): Promise<void> {
  if (orgs.length === 0) return;
  const rows = orgs.map((org) => ({
    org_id: org.orgId,
    current_stage: org.currentStage,
    status: org.status,
    stage_since: org.stageSince,
    was_customer: org.wasCustomer,
    revision: org.revision,
  }));
  await tx.query(move, [JSON.stringify(rows)]);
}

const lockRef = sql('org.lock_ref', 'select pg_advisory_xact_lock(hashtextextended($1, 7101))');
const byRef = sql('org.by_ref', `select ${orgColumns} from org o where o.external_ref = $1`);
const lockByRef = sql('org.lock_by_ref', `select ${orgColumns} from org o where o.external_ref = $1 for update`);

export async function findOrgByRef(reader: Reader, externalRef: string): Promise<Org | undefined> {
  const [org] = await reader.query<Org>(byRef, [externalRef]);
  return org;
}

/**
 * The company with this external reference, locked; undefined: there is none, nor will be until the transaction ends.
 * The row comes before the reference here, as for whoever edits a company: with the row held nobody else gets its
 * reference.
 */
export async function lockOrgByRef(tx: Tx, externalRef: string): Promise<Org | undefined> {
  const [org] = await tx.query<Org>(lockByRef, [externalRef]);
  if (org) return org;
  await tx.query(lockRef, [externalRef]);
  const [latest] = await tx.query<Org>(lockByRef, [externalRef]);
  return latest;
}

/**
 * Makes sure that no other company has this external reference, until the transaction ends; EXTERNAL_REF_TAKEN names the
 * other one. The unique index alone could not say which it is. Whoever waits here holds no other company's row.
 */
export async function claimExternalRef(tx: Tx, externalRef: string, orgId: string): Promise<void> {
  await tx.query(lockRef, [externalRef]);
  const owner = await findOrgByRef(tx, externalRef);
  if (owner === undefined || owner.orgId === orgId) return;
  throw new DomainError('EXTERNAL_REF_TAKEN', 'Another company has this external reference.', { orgId: owner.orgId });
}

const hasTrigrams = sql('org.has_trigrams', `select 1 from pg_extension where extname = 'pg_trgm'`);
const alikeByTrigram = sql(
  'org.alike_by_trigram',
  `(select ${orgColumns}, o.name_key as "nameKey", o.domain from org o where o.name_key = $1 limit 50)
   union (select ${orgColumns}, o.name_key as "nameKey", o.domain from org o where o.domain = $2 limit 50)
   union (select ${orgColumns}, o.name_key as "nameKey", o.domain from org o where o.name_key % $1 limit 200)`,
);
const alikeByPrefix = sql(
  'org.alike_by_prefix',
  `(select ${orgColumns}, o.name_key as "nameKey", o.domain from org o where o.name_key = $1 limit 50)
   union (select ${orgColumns}, o.name_key as "nameKey", o.domain from org o where o.domain = $2 limit 50)
   union (select ${orgColumns}, o.name_key as "nameKey", o.domain from org o where o.name_key ^@ left($1, 4) limit 200)`,
);

export type AlikeOrg = Org & { readonly nameKey: string | null; readonly domain: string | null };

/** Companies worth comparing with a name key and a domain; which are alike is not decided here. */
export async function findAlike(
  reader: Reader,
  wanted: { readonly nameKey: string | undefined; readonly domain: string | undefined },
): Promise<readonly AlikeOrg[]> {
  const trigrams = (await reader.query(hasTrigrams)).length > 0;
  return reader.query<AlikeOrg>(trigrams ? alikeByTrigram : alikeByPrefix, [wanted.nameKey ?? null, wanted.domain ?? null]);
}
