import { require as requireRight, type OrgStatus } from '@tom/catalog';
import { Org as OrgCodec } from '@tom/contracts/tom/stage/v1/org';
import type { Org as OrgMessage } from '@tom/contracts/tom/stage/v1/org';
import type { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { DomainError, isUuid } from '@tom/kernel';
import { requestOrigin } from '@tom/messaging';
import type { Handlers } from '@tom/runtime';
import { checkInput, lengths } from '../adapters/check-input.ts';
import { domainOf } from '../adapters/domain-of.ts';
import { orgMessage } from '../adapters/messages.ts';
import { addressParts, checkOrgFields, orgFieldsOf } from '../adapters/org-input.ts';
import { orgValues, valueNames, type ValueName } from '../adapters/org-values.ts';
import { searchOrgs } from '../adapters/org-search.ts';
import { findAlike, findOrg, findOrgByRef, findOrgs } from '../adapters/orgs.ts';
import type { Deps } from '../deps.ts';
import type { OrgFields } from '../domain/org.ts';
import { likeness, nameKey } from '../domain/same-company.ts';
import { createOrg } from '../use-cases/create-org.ts';
import { eraseOrg } from '../use-cases/erase-org.ts';
import { updateOrg } from '../use-cases/update-org.ts';
import { maskOf, pathId } from './input.ts';
import { listOrgsHandler } from './list-orgs.ts';
import { writeOnce } from './write.ts';

type OrgHandlers = Pick<
  Handlers<typeof StageServiceService>,
  'createOrg' | 'getOrg' | 'batchGetOrgs' | 'listOrgs' | 'searchOrgs' | 'listOrgValues' | 'updateOrg' | 'findDuplicateOrgs' | 'eraseOrg'
>;

const MAX_BATCH = 500;
const MAX_DUPLICATES = 20;
const MAX_FOUND = 50;
const COMPANY = 'This company';

const plainFields = ['name', 'orgKind', 'externalRef', 'website', 'phone', 'industry', 'accountOwner'] as const;
const writable: ReadonlySet<string> = new Set([...plainFields, 'address', ...addressParts.map((part) => `address.${part}`)]);

/** Companies: what is written, read and searched. */
export function orgHandlers(deps: Deps): OrgHandlers {
  const { catalog, database } = deps;
  return {
    async createOrg(request, call) {
      const input = checkInput();
      checkOrgFields(input, catalog, request, 'create');
      input.choice('status', request.status, catalog.codes.orgStatuses.keys());
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'edit_orgs');
      const command = {
        ...orgFieldsOf(request),
        name: request.name.trim(),
        orgKind: request.orgKind ?? 'customer',
        status: (request.status ?? 'lead') as OrgStatus,
        createdBy: call.caller.id,
      };
      return writeOnce(deps, call, request, OrgCodec, async (tx) =>
        orgMessage(await createOrg(deps, tx, command, requestOrigin(call))),
      );
    },

    async getOrg({ orgId }, call) {
      requireRight(catalog.roles, call.caller.roles, 'read');
      const org = await findOrg(database, pathId(orgId, COMPANY));
      if (org === undefined) throw DomainError.notFound(COMPANY);
      return orgMessage(org);
    },

    async batchGetOrgs({ orgIds, externalRef }, call) {
      const input = checkInput();
      input.text('externalRef', externalRef, { max: lengths.other });
      if (orgIds.length > MAX_BATCH) input.refuse('orgIds', `has ${orgIds.length} entries`, `at most ${MAX_BATCH}`);
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'read');
      const found = await findOrgs(database, orgIds.filter(isUuid));
      const referred = externalRef === undefined ? undefined : await findOrgByRef(database, externalRef);
      const orgs = referred === undefined || found.has(referred.orgId) ? [...found.values()] : [...found.values(), referred];
      return { orgs: orgs.map(orgMessage) };
    },

    listOrgs: listOrgsHandler(deps),

    async searchOrgs({ q, limit }, call) {
      const input = checkInput();
      input.text('q', q, { max: lengths.name, required: true });
      if (limit < 1 || limit > MAX_FOUND) input.refuse('limit', `is ${limit}`, `a number from 1 to ${MAX_FOUND}`);
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'read');
      const { orgs, total } = await searchOrgs(database, q, limit);
      return { items: orgs.map(orgMessage), total };
    },

    async listOrgValues({ of, q }, call) {
      const input = checkInput();
      input.choice('of', of, valueNames, { required: true });
      input.text('q', q, { max: lengths.name });
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'read');
      return { items: await orgValues(database, of as ValueName, q) };
    },

    async updateOrg(request, call) {
      const input = checkInput();
      const mask = maskOf(input, request.updateMask, writable);
      const fields = request.fields ?? {};
      checkOrgFields(input, catalog, fields, mask);
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'edit_orgs');
      const command = {
        orgId: pathId(request.orgId, COMPANY),
        version: request.version,
        change: masked(mask, orgFieldsOf(fields)),
        by: call.caller.id,
      };
      return writeOnce<OrgMessage>(deps, call, request, OrgCodec, async (tx) =>
        orgMessage(await updateOrg(deps, tx, command, requestOrigin(call))),
      );
    },

    async findDuplicateOrgs({ name, website }, call) {
      const input = checkInput();
      if (name === undefined && website === undefined) input.refuse('name', 'is missing', 'a name, a website, or both');
      input.text('name', name, { max: lengths.name });
      input.text('website', website, { max: lengths.other });
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'read');
      const wanted = {
        nameKey: name === undefined ? undefined : nameKey(name),
        domain: website === undefined ? undefined : domainOf(website),
      };
      const found = (await findAlike(database, wanted)).flatMap((org) => {
        const alike = likeness(wanted, org);
        return alike === undefined ? [] : [{ org, ...alike }];
      });
      found.sort((a, b) => b.score - a.score || (a.org.orgId < b.org.orgId ? -1 : 1));
      return {
        items: found.slice(0, MAX_DUPLICATES).map(({ org, because }) => ({ org: orgMessage(org), because: [...because] })),
      };
    },

    async eraseOrg(request, call) {
      const input = checkInput();
      input.text('reason', request.reason, { max: lengths.other, required: true });
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'erase');
      const command = { orgId: pathId(request.orgId, COMPANY), by: call.caller.id };
      return writeOnce(deps, call, request, OrgCodec, async (tx) =>
        orgMessage(await eraseOrg(deps, tx, command, requestOrigin(call))),
      );
    },
  };
}

/** Only what the mask names; `address` as a whole names its parts. */
function masked(mask: ReadonlySet<string>, fields: Partial<OrgFields>): Partial<OrgFields> {
  const parts: ReadonlySet<string> = new Set(addressParts);
  const named = Object.entries(fields).filter(([name]) =>
    parts.has(name) ? mask.has('address') || mask.has(`address.${name}`) : mask.has(name),
  );
  return Object.fromEntries(named);
}
