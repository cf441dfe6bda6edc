import {
  ContactAdded,
  ContactErased,
  ContactRemoved,
  ContactUpdated,
  GuardOverridden,
  LogActivity,
  OrgCreated,
  OrgErased,
  OrgStageChanged,
  OrgUpdated,
  StageTransitionRefused,
} from '@tom/contracts/messages';
import type { ActivityFields } from '@tom/contracts/tom/activity/v1/activity';
import type { Address, Org as OrgMessage } from '@tom/contracts/tom/stage/v1/org';
import type { Contact as ContactMessage } from '@tom/contracts/tom/stage/v1/stage_service';
import type { UnmetRule } from '@tom/kernel';
import type { Draft } from '@tom/messaging';
import type { Contact } from '../domain/contact.ts';
import type { Org } from '../domain/org.ts';
import type { StageChange } from '../domain/stage.ts';

/** A company as the contract shows it. */
export function orgMessage(org: Org): OrgMessage {
  const address: Address = {
    street: org.street ?? undefined,
    postalCode: org.postalCode ?? undefined,
    city: org.city ?? undefined,
    country: org.country ?? undefined,
  };
  return {
    orgId: org.orgId,
    name: org.name ?? undefined,
    orgKind: org.orgKind,
    status: org.status,
    currentStage: org.currentStage,
    stageSince: org.stageSince.toISOString(),
    externalRef: org.externalRef ?? undefined,
    website: org.website ?? undefined,
    phone: org.phone ?? undefined,
    address: Object.values(address).some((part) => part !== undefined) ? address : undefined,
    industry: org.industry ?? undefined,
    accountOwner: org.accountOwner ?? undefined,
    version: org.version,
    createdAt: org.createdAt.toISOString(),
    createdBy: org.createdBy,
    updatedAt: org.updatedAt.toISOString(),
    updatedBy: org.updatedBy,
  };
}

/** A contact as the contract shows it. */
export function contactMessage(contact: Contact): ContactMessage {
  return {
    contactId: contact.contactId,
    orgId: contact.orgId,
    name: contact.name ?? '',
    title: contact.title ?? undefined,
    email: contact.email ?? undefined,
    phone: contact.phone ?? undefined,
    decides: contact.decides ?? undefined,
    version: contact.version,
    createdAt: contact.createdAt.toISOString(),
    createdBy: contact.createdBy,
    updatedAt: contact.updatedAt.toISOString(),
    updatedBy: contact.updatedBy,
  };
}

function ofOrg(org: Org) {
  return { aggregateId: org.orgId, revision: org.revision, orgId: org.orgId };
}

/** Its telephone and website are the company's own; no event carries a person's. */
export function orgCreated(org: Org): Draft<OrgCreated> {
  return { type: OrgCreated, ...ofOrg(org), data: { org: orgMessage(org) } };
}

export function orgUpdated(org: Org, changedFields: readonly string[]): Draft<OrgUpdated> {
  return { type: OrgUpdated, ...ofOrg(org), data: { org: orgMessage(org), changedFields: [...changedFields] } };
}

export function orgErased(org: Org): Draft<OrgErased> {
  return { type: OrgErased, ...ofOrg(org), data: { orgId: org.orgId } };
}

/** `org` as it is after the change. */
export function orgStageChanged(
  org: Org,
  change: StageChange,
  rest: {
    readonly fromStageSince?: Date;
    readonly activityId?: string | undefined;
    readonly outcomeNote?: string | undefined;
  } = {},
): Draft<OrgStageChanged> {
  return {
    type: OrgStageChanged,
    id: change.eventId,
    aggregateId: change.orgId,
    revision: change.revision,
    orgId: change.orgId,
    actor: change.actor,
    time: change.at,
    ...causeOf(change),
    data: {
      orgId: change.orgId,
      fromStage: change.fromStage ?? undefined,
      toStage: change.toStage,
      reasonCode: change.reasonCode ?? undefined,
      reasonNote: change.reasonNote ?? undefined,
      duplicateOfOrgId: change.duplicateOfOrgId ?? undefined,
      caseId: change.caseId ?? undefined,
      outcomeCode: change.outcomeCode ?? undefined,
      changedAt: change.at.toISOString(),
      org: orgMessage(org),
      stagesVersion: change.stagesVersion,
      activityId: rest.activityId,
      fromStageSince: rest.fromStageSince?.toISOString(),
      outcomeNote: rest.outcomeNote,
    },
  };
}

/** What of a draft says that a template did it. */
export function causeOf(cause: {
  readonly template?: string | null | undefined;
  readonly templateVersion?: number | null | undefined;
  readonly rule?: string | null | undefined;
}): Pick<Draft, 'template' | 'templateVersion' | 'rule'> {
  return {
    ...(cause.template ? { template: cause.template } : {}),
    ...(cause.templateVersion ? { templateVersion: cause.templateVersion } : {}),
    ...(cause.rule ? { rule: cause.rule } : {}),
  };
}

/** `org` with the revision of this very event. */
export function transitionRefused(
  org: Org,
  asked: { readonly fromStage: string; readonly toStage: string; readonly caseId?: string | undefined },
  code: 'STAGE_CHANGED' | 'RULES_UNMET',
  unmet: readonly UnmetRule[],
): Draft<StageTransitionRefused> {
  return {
    type: StageTransitionRefused,
    ...ofOrg(org),
    data: {
      orgId: org.orgId,
      fromStage: asked.fromStage,
      toStage: asked.toStage,
      currentStage: org.currentStage,
      caseId: asked.caseId,
      code,
      unmet: unmet.map(ruleMessage),
    },
  };
}

/** `org` with the revision of this very event, still in the stage that it leaves. */
export function guardOverridden(org: Org, toStage: string, reason: string, unmet: readonly UnmetRule[]): Draft<GuardOverridden> {
  const data = { orgId: org.orgId, fromStage: org.currentStage, toStage, reason, unmet: unmet.map(ruleMessage) };
  return { type: GuardOverridden, ...ofOrg(org), data };
}

/** A judged rule as the contract shows it. */
export function ruleMessage(rule: UnmetRule) {
  return {
    rule: rule.rule,
    met: rule.met,
    message: rule.message,
    value: rule.value,
    hint: rule.hint,
    fix: rule.fix && { action: rule.fix.action, params: { ...rule.fix.params } },
  };
}

/** The command to log the activity that came with a move; its id is given, so twice is once. */
export function logActivity(activity: {
  readonly activityId: string;
  readonly orgId: string;
  readonly fields: ActivityFields;
  readonly queue: string | undefined;
  readonly createdBy: string;
  readonly createdAt: Date;
}): Draft<LogActivity> {
  const { activityId, orgId, fields, queue, createdBy, createdAt } = activity;
  const data = { activityId, orgId, fields, queue, createdBy, createdAt: createdAt.toISOString() };
  return { type: LogActivity, aggregateId: orgId, revision: 0, orgId, data };
}

function ofContact(contact: Contact) {
  const { contactId, revision, orgId } = contact;
  return { aggregateId: contactId, revision, orgId };
}

export function contactAdded(contact: Contact): Draft<ContactAdded> {
  return { type: ContactAdded, ...ofContact(contact), data: { orgId: contact.orgId, contactId: contact.contactId } };
}

export function contactUpdated(contact: Contact, changedFields: readonly string[]): Draft<ContactUpdated> {
  const data = { orgId: contact.orgId, contactId: contact.contactId, changedFields: [...changedFields] };
  return { type: ContactUpdated, ...ofContact(contact), data };
}

export function contactRemoved(contact: Contact): Draft<ContactRemoved> {
  return { type: ContactRemoved, ...ofContact(contact), data: { orgId: contact.orgId, contactId: contact.contactId } };
}

export function contactErased(contact: Contact): Draft<ContactErased> {
  return { type: ContactErased, ...ofContact(contact), data: { orgId: contact.orgId, contactId: contact.contactId } };
}
