import { z } from 'zod';
import { Contact } from '@tom/contracts/tom/stage/v1/stage_service';
import type { CallContext } from '@tom/runtime';
import { maskOf, valuesOf } from '../edge/merge-patch.ts';
import { created, noContent, ok, route, type Route } from '../edge/route.ts';
import { showingCurrent, type Versioned } from '../edge/showing-current.ts';
import { id, optional, page, paging, text, time } from '../edge/schemas.ts';
import type { RouteContext } from './context.ts';

const email = text(300).refine((value) => /^[^\s@]+@[^\s@]+$/.test(value), {
  message: 'is not an e-mail address',
  params: { expected: 'an address as in name@example.com' },
});

const newContact = z.strictObject({
  name: text(300),
  title: optional(text(200)),
  email: optional(email),
  phone: optional(text(60)),
  decides: optional(text(500)),
});

const contactPatch = z.strictObject({
  name: text(300).optional(),
  title: text(200).nullish(),
  email: email.nullish(),
  phone: text(60).nullish(),
  decides: text(500).nullish(),
});

export const contactSchema = z
  .object({
    contactId: id,
    orgId: id,
    name: z.string(),
    title: z.string().optional(),
    email: z.string().optional(),
    phone: z.string().optional(),
    decides: z.string().optional(),
    version: z.number().int(),
    createdAt: time,
    createdBy: z.string(),
    updatedAt: time,
    updatedBy: z.string(),
  })
  .meta({ id: 'Contact' });

/** The people at a company. */
export function contactRoutes({ services: { stage } }: RouteContext): Route[] {
  const versioned = (contactId: string, call: CallContext): Versioned<Contact> => ({
    codec: Contact,
    read: () => stage.getContact({ contactId }, call),
    show: (contact) => contact,
  });
  return [
    route({
      method: 'get',
      path: '/orgs/{orgId}/contacts',
      tag: 'Contacts',
      summary: 'The contacts of a company, in the order in which they were added.',
      query: z.object(paging),
      answers: { 200: page(contactSchema) },
      async handle({ params, query, call }) {
        return ok(await stage.listContacts({ orgId: params['orgId'] ?? '', ...query }, call));
      },
    }),
    route({
      method: 'post',
      path: '/orgs/{orgId}/contacts',
      tag: 'Contacts',
      summary: 'Add a contact.',
      body: newContact,
      answers: { 201: contactSchema },
      async handle({ params, body, call }) {
        const contact = await stage.createContact({ orgId: params['orgId'] ?? '', ...body }, call);
        return created(contact, `/contacts/${contact.contactId}`, contact.version);
      },
    }),
    route({
      method: 'get',
      path: '/contacts/{contactId}',
      tag: 'Contacts',
      summary: 'A contact.',
      answers: { 200: contactSchema },
      async handle({ params, call }) {
        const contact = await stage.getContact({ contactId: params['contactId'] ?? '' }, call);
        return ok(contact, contact.version);
      },
    }),
    route({
      method: 'patch',
      path: '/contacts/{contactId}',
      tag: 'Contacts',
      summary: 'Change a contact (JSON merge patch).',
      needsVersion: true,
      body: contactPatch,
      answers: { 200: contactSchema },
      async handle({ params, body, call, version }) {
        const contactId = params['contactId'] ?? '';
        const request = { contactId, version, updateMask: maskOf(body), fields: valuesOf(body) };
        const contact = await showingCurrent(versioned(contactId, call), () => stage.updateContact(request, call));
        return ok(contact, contact.version);
      },
    }),
    route({
      method: 'delete',
      path: '/contacts/{contactId}',
      tag: 'Contacts',
      summary: 'Remove a contact.',
      needsVersion: true,
      answers: { 204: undefined },
      async handle({ params, call, version }) {
        const contactId = params['contactId'] ?? '';
        await showingCurrent(versioned(contactId, call), () => stage.deleteContact({ contactId, version }, call));
        return noContent;
      },
    }),
    route({
      method: 'post',
      path: '/contacts/{contactId}/erase',
      tag: 'Contacts',
      summary: "Clear a person's data for good (administrators).",
      body: z.strictObject({ reason: text(500) }),
      answers: { 204: undefined },
      async handle({ params, body, call }) {
        await stage.eraseContact({ contactId: params['contactId'] ?? '', reason: body.reason }, call);
        return noContent;
      },
    }),
  ];
}
