import { require as requireRight } from '@tom/catalog';
import {
  Contact as ContactCodec,
  DeleteContactResponse,
  EraseContactResponse,
  type ContactFields as ContactFieldsMessage,
  type StageServiceService,
} from '@tom/contracts/tom/stage/v1/stage_service';
import { decodePageToken, DomainError, encodePageToken } from '@tom/kernel';
import { requestOrigin } from '@tom/messaging';
import type { Handlers } from '@tom/runtime';
import { checkInput, lengths, type Input } from '../adapters/check-input.ts';
import { findContact, listContacts } from '../adapters/contacts.ts';
import { contactMessage } from '../adapters/messages.ts';
import { findOrg } from '../adapters/orgs.ts';
import type { Deps } from '../deps.ts';
import { contactFieldNames, type ContactFields } from '../domain/contact.ts';
import { createContact } from '../use-cases/create-contact.ts';
import { deleteContact } from '../use-cases/delete-contact.ts';
import { eraseContact } from '../use-cases/erase-contact.ts';
import { updateContact } from '../use-cases/update-contact.ts';
import { maskOf, pageSizeOf, pathId } from './input.ts';
import { writeOnce } from './write.ts';

type ContactHandlers = Pick<
  Handlers<typeof StageServiceService>,
  'createContact' | 'getContact' | 'listContacts' | 'updateContact' | 'deleteContact' | 'eraseContact'
>;

const CONTACT = 'This contact';
const COMPANY = 'This company';
const writable: ReadonlySet<string> = new Set(contactFieldNames);
/** Below every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';

/** The people at a company. */
export function contactHandlers(deps: Deps): ContactHandlers {
  const { catalog, database } = deps;
  return {
    async createContact(request, call) {
      const input = checkInput();
      checkFields(input, request, writable);
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'edit_contacts');
      const command = { ...fieldsOf(request), orgId: pathId(request.orgId, COMPANY), by: call.caller.id };
      return writeOnce(deps, call, request, ContactCodec, async (tx) =>
        contactMessage(await createContact(deps, tx, command, requestOrigin(call))),
      );
    },

    async getContact({ contactId }, call) {
      requireRight(catalog.roles, call.caller.roles, 'read');
      const contact = await findContact(database, pathId(contactId, CONTACT));
      if (contact === undefined) throw DomainError.notFound(CONTACT);
      return contactMessage(contact);
    },

    async listContacts(request, call) {
      const input = checkInput();
      const pageSize = pageSizeOf(input, request.pageSize);
      input.done();
      const scope = { list: 'contacts', orgId: request.orgId };
      const after = decodePageToken(scope, request.pageToken);
      requireRight(catalog.roles, call.caller.roles, 'read');
      const orgId = pathId(request.orgId, COMPANY);
      const rows = await listContacts(database, orgId, after === undefined ? FIRST : String(after[0]), pageSize + 1);
      if (rows.length === 0 && (await findOrg(database, orgId)) === undefined) throw DomainError.notFound(COMPANY);
      const page = rows.slice(0, pageSize);
      const last = rows.length > pageSize ? page.at(-1) : undefined;
      return { items: page.map(contactMessage), nextPageToken: last && encodePageToken(scope, [last.contactId]) };
    },

    async updateContact(request, call) {
      const input = checkInput();
      const mask = maskOf(input, request.updateMask, writable);
      checkFields(input, request.fields ?? {}, mask);
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'edit_contacts');
      const fields = Object.entries(fieldsOf(request.fields ?? {})).filter(([name]) => mask.has(name));
      const command = {
        contactId: pathId(request.contactId, CONTACT),
        version: request.version,
        change: Object.fromEntries(fields) as Partial<ContactFields>,
        by: call.caller.id,
      };
      return writeOnce(deps, call, request, ContactCodec, async (tx) =>
        contactMessage(await updateContact(deps, tx, command, requestOrigin(call))),
      );
    },

    async deleteContact(request, call) {
      requireRight(catalog.roles, call.caller.roles, 'edit_contacts');
      const command = { contactId: pathId(request.contactId, CONTACT), version: request.version, by: call.caller.id };
      return writeOnce(deps, call, request, DeleteContactResponse, async (tx) => {
        await deleteContact(deps, tx, command, requestOrigin(call));
        return {};
      });
    },

    async eraseContact(request, call) {
      const input = checkInput();
      input.text('reason', request.reason, { max: lengths.other, required: true });
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'erase');
      const command = { contactId: pathId(request.contactId, CONTACT), by: call.caller.id };
      return writeOnce(deps, call, request, EraseContactResponse, async (tx) => {
        await eraseContact(deps, tx, command, requestOrigin(call));
        return {};
      });
    },
  };
}

/** `written`: what the request writes. A name cannot be cleared. */
function checkFields(input: Input, fields: ContactFieldsMessage, written: ReadonlySet<string>): void {
  if (written.has('name')) input.text('name', fields.name, { max: lengths.name, required: true });
  for (const name of ['title', 'email', 'phone', 'decides'] as const) {
    if (written.has(name)) input.text(name, fields[name], { max: lengths.other });
  }
  if (written.has('email') && fields.email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(fields.email)) {
    input.refuse('email', 'is no e-mail address', 'an address as in name@example.com');
  }
}

function fieldsOf(fields: ContactFieldsMessage): ContactFields {
  return {
    name: fields.name?.trim() ?? null,
    title: fields.title ?? null,
    email: fields.email ?? null,
    phone: fields.phone ?? null,
    decides: fields.decides ?? null,
  };
}
