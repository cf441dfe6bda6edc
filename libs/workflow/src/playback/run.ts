import type { Catalog, Template } from '@tom/catalog';
import { ids } from '@tom/kernel';
import type { CaseItem } from '../case.ts';
import type { Evaluation } from '../look.ts';
import { concerns } from '../rule-look.ts';
import type { Company, PlayedTask } from './company.ts';
import { commandTypes, fullNames, type ByTemplate, type Cause, type Message, type OwnMessage, type ToldEvent } from './messages.ts';

/** The templates in force, and the configuration that they are read against. */
export interface Rulebook {
  readonly templates: readonly Template[];
  readonly catalog: Pick<Catalog, 'engines' | 'stages' | 'business' | 'roles' | 'codes'>;
}

/** What a playback tells about what it did, and because of which event and rule. */
export type Entry = { readonly because: Because } & (
  | {
      readonly kind: 'looked';
      readonly evaluation: Evaluation;
      /** It fired, and waits before it acts. */
      readonly waits?: boolean;
    }
  | { readonly kind: 'case_opened'; readonly item: CaseItem }
  | { readonly kind: 'case_closed'; readonly item: CaseItem }
  | { readonly kind: 'task_created'; readonly task: PlayedTask }
  | { readonly kind: 'task_cancelled'; readonly task: PlayedTask }
  | { readonly kind: 'escalated'; readonly item: CaseItem; readonly reason: string }
  | { readonly kind: 'note_added'; readonly item: CaseItem; readonly body: string }
  | {
      readonly kind: 'transition';
      readonly from: string;
      readonly to: string;
      readonly reason: string | undefined;
      /** Codes of the rules that the company did not meet; empty: it moved. */
      readonly unmet: readonly string[];
    }
);

export interface Because {
  readonly eventId: string;
  readonly event: string;
  readonly at: Date;
  readonly by?: ByTemplate | undefined;
}

export interface PlaybackOptions {
  readonly record: (entry: Entry) => void;
  /** Hears of every message in its turn, before it is handled. */
  readonly handled?: (message: Message) => void;
  /** Take outputs for supplied: for a history that does not hold who supplied them. */
  readonly outputsAssumed?: boolean;
  /** Only template tasks become overdue by themselves: of the others the history tells. */
  readonly overdueTold?: boolean;
}

type Told = Entry extends infer E ? (E extends Entry ? Omit<E, 'because'> : never) : never;
type Body = ToldEvent | OwnMessage;
type Emitted = { readonly id?: string; readonly actor?: string; readonly by?: ByTemplate | undefined };

type Emitter = Cause & { readonly type?: string };
export type Recorded = Cause & { readonly type: string; readonly from?: Message['from'] };

/** One playback under way: the company, what is in force, and the messages that wait to be handled. */
export interface Run {
  readonly company: Company;
  readonly options: PlaybackOptions;
  readonly rules: Rules;
  /** Puts a message that another one causes behind those that wait; its id follows from its cause. */
  emit(cause: Emitter, body: Body, aggregateId: string, given?: Emitted): void;
  record(cause: Recorded, told: Told, by?: ByTemplate): void;
}

/** A rulebook, found by type of event. */
export interface Rules extends Rulebook {
  triggeredBy(type: string): readonly Template[];
  ofCompanies(type: string): readonly Template[];
  currentOf(key: string): Template | undefined;
}

const found = new WeakMap<Rulebook, Rules>();

/** Once for each rulebook: a simulation asks for every company. */
export function rulesOf(rulebook: Rulebook): Rules {
  const rules = found.get(rulebook) ?? indexed(rulebook);
  found.set(rulebook, rules);
  return rules;
}

function indexed(rulebook: Rulebook): Rules {
  const byType = <K>(find: (type: string) => K) => {
    const known = new Map<string, K>();
    return (type: string): K => {
      const found = known.get(type) ?? find(type);
      known.set(type, found);
      return found;
    };
  };
  const { templates } = rulebook;
  return {
    ...rulebook,
    triggeredBy: byType((type) => templates.filter((template) => template.trigger?.event === type)),
    ofCompanies: byType((type) => templates.filter((template) => !template.case && concerns(template, type))),
    currentOf: (key) => templates.find((template) => template.key === key),
  };
}

/** Messages in the order in which they were caused. */
export function createQueue() {
  const waiting: Message[] = [];
  const counts = new Map<string, number>();
  let countedFor = '';
  return {
    emit(cause: Emitter, body: Body, aggregateId: string, { id, actor, by }: Emitted = {}): void {
      // As the outbox counts: by cause, type and aggregate.
      if (countedFor !== cause.id) counts.clear();
      countedFor = cause.id;
      waiting.push({
        ...body,
        id: id ?? nextId(counts, cause.id, body.type, aggregateId),
        at: cause.at,
        depth: cause.depth + 1,
        actor: actor ?? cause.actor,
        by,
        ...(cause.type !== undefined && commandTypes.has(body.type) && { from: { id: cause.id, type: cause.type } }),
      });
    },
    next: () => waiting.shift(),
  };
}

function nextId(counts: Map<string, number>, causeId: string, type: Body['type'], aggregateId: string): string {
  const name = type in fullNames ? fullNames[type as keyof typeof fullNames] : type;
  const counted = `${name} ${aggregateId}`;
  const index = counts.get(counted) ?? 0;
  counts.set(counted, index + 1);
  return ids.causedMessage(causeId, name, aggregateId, index);
}
