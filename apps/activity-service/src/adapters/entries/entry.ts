import type { Catalog } from '@tom/catalog';
import { ids, type Text } from '@tom/kernel';
import type { Envelope, MessageType } from '@tom/messaging';

export const timelineKinds = ['ACTIVITY', 'NOTE', 'STAGE', 'TASK', 'CASE', 'HANDOVER', 'ORG'] as const;
export type TimelineKind = (typeof timelineKinds)[number];

/** A row of timeline_entry, ready for the statements that insert it. */
export interface Entry {
  readonly entry_id: string;
  readonly org_id: string;
  readonly kind: TimelineKind;
  readonly at: string;
  readonly actor: string;
  readonly title_de: string;
  readonly title_en: string;
  readonly name?: string | undefined;
  readonly detail?: string | undefined;
  readonly source_type: string;
  readonly source_id: string;
  readonly case_id?: string | undefined;
  readonly cause_event?: string | undefined;
  readonly cause_template?: string | undefined;
  readonly cause_version?: number | undefined;
  readonly cause_rule?: string | undefined;
  readonly group_id?: string | undefined;
}

/** What an event adds to the timeline. `name` is shown behind the title; it and `detail` are people's words. */
export interface Told {
  readonly kind: TimelineKind;
  readonly title: Text;
  readonly name?: string | undefined;
  readonly detail?: string | undefined;
  readonly source: { readonly type: 'org' | 'stage' | 'activity' | 'task' | 'case' | 'note'; readonly id: string };
  readonly caseId?: string | undefined;
}

/** How one type of event is told; undefined when this one adds nothing. */
export interface Teller {
  readonly typeName: string;
  tell(data: unknown, catalog: Catalog): Told | undefined;
}

/** Binds a type to how it is told. */
export function teller<T>(on: MessageType<T>, tell: (data: T, catalog: Catalog) => Told | undefined): Teller {
  return { typeName: on.typeName, tell: tell as Teller['tell'] };
}

type Meta = Omit<Envelope, 'data'>;

/** The entry of an event: a pure function of its envelope, so a rebuilt timeline has the same entries with the same ids. */
export function eventEntry(envelope: Meta, told: Told): Entry {
  return { entry_id: ids.timelineEntry('event', envelope.id), at: envelope.time, ...describe(envelope, told) };
}

/** Everything of an entry but its id and its time. */
export function describe(
  envelope: Pick<Meta, 'subject' | 'actor'> & Partial<Meta>,
  told: Told,
): Omit<Entry, 'entry_id' | 'at'> {
  // What a person did is nobody else's doing, even when it came with a transition.
  const automatic = envelope.causationId !== undefined && !envelope.actor.startsWith('user:');
  return {
    org_id: envelope.subject,
    kind: told.kind,
    actor: envelope.actor,
    title_de: told.title.de,
    title_en: told.title.en,
    name: told.name,
    detail: told.detail,
    source_type: told.source.type,
    source_id: told.source.id,
    case_id: told.caseId,
    ...(automatic && {
      cause_event: envelope.causationId,
      cause_template: envelope.template,
      cause_version: envelope.templateVersion,
      cause_rule: envelope.rule,
    }),
    // What followed from one request folds into one line, also what followed in the name of the person.
    ...((automatic || (envelope.causationId !== undefined && told.kind !== 'ACTIVITY')) && { group_id: envelope.correlationId }),
  };
}

/** A code in words; the code itself when the catalog has lost it, for the past does not change with the catalog. */
export function labelOf(codes: ReadonlyMap<string, { readonly label: Text }>, code: string): Text {
  return codes.get(code)?.label ?? { de: code, en: code };
}

/** `prefix: label`, in both languages. */
export function titled(de: string, en: string, label: Text): Text {
  return { de: `${de}: ${label.de}`, en: `${en}: ${label.en}` };
}
