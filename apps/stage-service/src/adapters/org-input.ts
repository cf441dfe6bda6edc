import type { Catalog } from '@tom/catalog';
import type { Address } from '@tom/contracts/tom/stage/v1/org';
import type { OrgFields as OrgFieldsMessage } from '@tom/contracts/tom/stage/v1/stage_service';
import type { OrgFields } from '../domain/org.ts';
import { lengths, type Input } from './check-input.ts';

export const addressParts = ['street', 'postalCode', 'city', 'country'] as const;

/** Master data as requests and messages carry it. */
export type GivenOrgFields = Omit<OrgFieldsMessage, 'name'> & { readonly name?: string | undefined };

/** `written`: what the request writes. A name and a kind cannot be cleared. */
export function checkOrgFields(
  input: Input,
  catalog: Catalog,
  fields: GivenOrgFields,
  written: 'create' | ReadonlySet<string>,
): void {
  const writes = (name: string) => written === 'create' || written.has(name);
  const { other } = lengths;
  if (writes('name')) input.text('name', fields.name, { max: lengths.name, required: true });
  if (writes('orgKind')) {
    input.choice('orgKind', fields.orgKind, catalog.codes.orgKinds.keys(), { required: written !== 'create' });
  }
  for (const name of ['externalRef', 'website', 'phone', 'industry', 'accountOwner'] as const) {
    if (writes(name)) input.text(name, fields[name], { max: other });
  }
  for (const part of addressParts) {
    const path = `address.${part}`;
    if (writes('address') || writes(path)) input.text(path, fields.address?.[part], { max: other });
  }
}

/** The fields as they are stored; what is absent is null, but for the kind, whose default only a creation knows. */
export function orgFieldsOf(fields: GivenOrgFields): Omit<OrgFields, 'orgKind'> & { orgKind?: string } {
  const address: Address = fields.address ?? {};
  return {
    name: fields.name?.trim() ?? null,
    ...(fields.orgKind === undefined ? {} : { orgKind: fields.orgKind }),
    externalRef: fields.externalRef ?? null,
    website: fields.website ?? null,
    phone: fields.phone ?? null,
    street: address.street ?? null,
    postalCode: address.postalCode ?? null,
    city: address.city ?? null,
    country: address.country ?? null,
    industry: fields.industry ?? null,
    accountOwner: fields.accountOwner ?? null,
  };
}
