import { hash } from 'node:crypto';
import { parse, v7, validate } from 'uuid';

/** The namespace of every id that is derived; it must never change, or replays would do things twice. */
export const NAMESPACE = '6f1d5c0a-0d0b-5c6e-9a55-7d0a0f1e2b3c';
const NAMESPACE_BYTES = parse(NAMESPACE);

/** A fresh UUIDv7, for what people create. */
export function newId(): string {
  return v7();
}

/** A UUIDv5 of its parts, for what events cause: the same cause always gives the same id. */
export function deriveId(kind: string, ...parts: readonly (string | number)[]): string {
  return version5(JSON.stringify([kind, ...parts]));
}

/** RFC 9562 §5.5, as uuid's `v5` does it in five times the time: half a dozen of these stand behind every activity. */
function version5(name: string): string {
  const hex = hash('sha1', Buffer.concat([NAMESPACE_BYTES, Buffer.from(name)]), 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Whether a text is a UUID in its usual writing. */
export function isUuid(text: string): boolean {
  return validate(text);
}

/** The id formulas of domain.md §9, all in one place. None depends on a template's version. */
export const ids = {
  /** The CALL_BACK of an activity; the generation rises when a closed one is replaced. */
  callBack: (activityId: string, generation: number) => deriveId('call_back', activityId, generation),
  /** The case that a template opens because of an event. */
  case: (eventId: string, templateKey: string) => deriveId('case', eventId, templateKey),
  /** A template's task within its case (for a template without a case: the org stands in its place). */
  templateTask: (caseId: string, taskKey: string) => deriveId('template_task', caseId, taskKey),
  /** What the n-th action of a rule makes. */
  ruleAction: (eventId: string, caseId: string, rule: string, index: number) =>
    deriveId('rule_action', eventId, caseId, rule, index),
  /** A further step of one request, e.g. the activity that comes with a transition. */
  requestStep: (actor: string, method: string, route: string, key: string, step: string) =>
    deriveId('request_step', actor, method, route, key, step),
  /** An event or command that another one caused. */
  causedMessage: (causeId: string, type: string, aggregateId: string, index: number) =>
    deriveId('message', causeId, type, aggregateId, index),
  /** The company that another system registered under its own reference. */
  registeredOrg: (externalRef: string) => deriveId('registered_org', externalRef),
  /** The activity that another system reported under its own id, about the company with that reference. */
  reportedActivity: (externalRef: string, reportedId: string) => deriveId('reported_activity', externalRef, reportedId),
  /** The timeline entry of a source: one per activity, else one per event. */
  timelineEntry: (sourceKind: string, sourceId: string) => deriveId('timeline', sourceKind, sourceId),
} as const;
