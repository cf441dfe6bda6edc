import { DomainError, ids, newId, type Clock } from '@tom/kernel';
import { sql, type Statement, type Tx } from '@tom/postgres';
import { formatHeaders, type Envelope } from './envelope.ts';
import type { MessageType } from './message-type.ts';
import type { Origin } from './origin.ts';

/**
 * A message before it has an envelope. `key` defaults to the org's id; `id` to one derived from the cause (or a fresh
 * one for a request); `revision` is the aggregate's, gapless; `time` defaults to now and is never before the cause's.
 */
export interface Draft<T = unknown> {
  readonly type: MessageType<T>;
  readonly aggregateId: string;
  readonly revision: number;
  readonly orgId: string;
  readonly key?: string;
  readonly data: NoInfer<T>;
  readonly id?: string;
  readonly actor?: string;
  readonly template?: string;
  readonly templateVersion?: number;
  readonly rule?: string;
  readonly time?: Date;
}

/** Drafts of several types, each with the data that its own type wants. */
export type Drafts<T extends readonly unknown[]> = { readonly [K in keyof T]: Draft<T[K]> };

/** A message ready for `Outbox.cte`; `item` is free for the statement around it (see there). */
export interface OutboxRow {
  readonly item?: number;
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
  readonly history: string | null;
  readonly org_id: string;
  readonly aggregate_id: string;
  readonly revision: number;
  readonly type: string;
  readonly occurred_at: string;
  /** Without `data`, which the statement takes from `value`. */
  readonly envelope: Omit<Envelope, 'data'>;
}

/** A chain of causes that is longer than allowed: most likely two rules that keep calling each other. */
export class DepthExceededError extends Error {
  override readonly name = 'DepthExceededError';
}

/** Where messages wait, in the transaction of what they tell, until the relay has published them. */
export interface Outbox {
  readonly source: string;
  /**
   * Appends messages and their history rows in one statement that goes out with the transaction's COMMIT; the relay of
   * this process is woken after it. Beyond `bound` waiting messages: UNAVAILABLE. Too deep a chain: DepthExceededError.
   */
  append<T extends readonly unknown[]>(tx: Tx, origin: Origin, drafts: Drafts<T>): Promise<Envelope[]>;
  /** The same as rows, for hot writers that insert everything in one statement of their own (with `cte`). */
  rows<T extends readonly unknown[]>(origin: Origin, drafts: Drafts<T>): OutboxRow[];
  /**
   * The CTE members (`outbox_row as (…), outbox_insert as (…), …`, no `with`, no comma at the end) that insert
   * `JSON.stringify(rows)` given as `parameter`, such as `$3`. `condition` filters the rows as alias `r`, such as
   * `r.item in (select item from fresh)`. The statement's caller wakes the relay after its commit.
   */
  cte(parameter: string, condition?: string): string;
  /** Tells the relay of this process that a commit left something here. */
  wake(): void;
  /** Registers what `wake` calls; answers how to take it back. */
  onWake(listener: () => void): () => void;
  /** The relay's count of waiting messages; decides whether `append` still accepts. */
  reportWaiting(count: number): void;
}

/**
 * `source` is the service's name (`ce_source` is `/tom/<source>`); `histories` maps the middle of a topic
 * `tom.<kind>.events.v1` to its history table. Defaults: `maxDepth` 50, `bound` 200,000 waiting messages.
 */
export interface OutboxOptions {
  readonly source: string;
  readonly clock: Clock;
  readonly histories?: Readonly<Record<string, string>>;
  readonly maxDepth?: number;
  readonly bound?: number;
}

interface Pending {
  readonly rows: OutboxRow[];
  readonly counts: Map<string, number>;
}

const RECORD = `r(item int, id uuid, topic text, key text, headers json, value text, history text, org_id uuid,
      aggregate_id uuid, revision int, type text, occurred_at timestamptz, envelope jsonb)`;

function cteText(tables: readonly string[], parameter: string, condition?: string): string {
  const where = condition === undefined ? '' : ` where ${condition}`;
  const members = [
    `outbox_row as materialized (select * from json_to_recordset(${parameter}::json) as ${RECORD}${where})`,
    `outbox_insert as (
      insert into outbox (topic, key, headers, value) select topic, key, headers, value from outbox_row)`,
    ...tables.map(
      (table) => `${table}_insert as (
      insert into ${table} (event_id, org_id, aggregate_id, revision, type, occurred_at, envelope)
      select id, org_id, aggregate_id, revision, type, occurred_at, envelope || jsonb_build_object('data', value::jsonb)
      from outbox_row where history = '${table}')`,
    ),
  ];
  return members.join(',\n    ');
}

/** The outbox of one service. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { clock, maxDepth = 50, bound = 200_000 } = options;
  const source = `/tom/${options.source}`;
  const tables = [...new Set(Object.values(options.histories ?? {}))].sort();
  for (const table of tables) {
    if (!/^[a-z][a-z0-9_]*$/.test(table)) throw new Error(`${table} is not the name of a table`);
  }
  const historyOf = new Map(
    Object.entries(options.histories ?? {}).map(([kind, table]) => [`tom.${kind}.events.v1`, table]),
  );
  const insert: Statement = sql(`outbox.append:${tables.join(',')}`, `with ${cteText(tables, '$1')}\n    select 1`);
  const listeners = new Set<() => void>();
  const pendingOf = new WeakMap<Tx, Pending>();
  let waiting = 0;

  function envelopeOf(origin: Origin, draft: Draft, counts: Map<string, number>, now: string): Omit<Envelope, 'data'> {
    const time = draft.time?.toISOString() ?? now;
    return {
      id: draft.id ?? freshId(origin, draft, counts),
      type: draft.type.typeName,
      source,
      time: origin.causeTime !== undefined && time < origin.causeTime ? origin.causeTime : time,
      subject: draft.orgId,
      key: draft.key ?? draft.orgId,
      topic: draft.type.topic,
      correlationId: origin.correlationId,
      ...(origin.causationId === undefined ? {} : { causationId: origin.causationId }),
      depth: origin.depth,
      aggregateId: draft.aggregateId,
      revision: draft.revision,
      actor: draft.actor ?? origin.actor,
      ...(draft.template === undefined ? {} : { template: draft.template }),
      ...(draft.templateVersion === undefined ? {} : { templateVersion: draft.templateVersion }),
      ...(draft.rule === undefined ? {} : { rule: draft.rule }),
      ...(origin.traceparent === undefined ? {} : { traceparent: origin.traceparent }),
    };
  }

  /** Counted by (cause, type, aggregate), so that a replay finds the same ids whatever else the handler emits. */
  function freshId(origin: Origin, draft: Draft, counts: Map<string, number>): string {
    if (origin.causationId === undefined) return newId();
    const counted = `${origin.causationId} ${draft.type.typeName} ${draft.aggregateId}`;
    const index = counts.get(counted) ?? 0;
    counts.set(counted, index + 1);
    return ids.causedMessage(origin.causationId, draft.type.typeName, draft.aggregateId, index);
  }

  function rowsOf(origin: Origin, drafts: readonly Draft[], counts: Map<string, number>): OutboxRow[] {
    if (drafts.length === 0) return [];
    if (origin.depth > maxDepth) {
      throw new DepthExceededError(`The chain of causes is ${origin.depth} long; ${maxDepth} is the limit`);
    }
    if (waiting >= bound)
      throw new DomainError('UNAVAILABLE', 'Too many events wait to be published; try again later.');
    const now = clock.now().toISOString();
    return drafts.map((draft) => {
      const envelope = envelopeOf(origin, draft, counts, now);
      return {
        id: envelope.id,
        topic: envelope.topic,
        key: envelope.key,
        headers: formatHeaders(envelope),
        value: JSON.stringify(draft.type.encode(draft.data)),
        history: historyOf.get(envelope.topic) ?? null,
        org_id: envelope.subject,
        aggregate_id: envelope.aggregateId,
        revision: envelope.revision,
        type: envelope.type,
        occurred_at: envelope.time,
        envelope,
      };
    });
  }

  function wake(): void {
    for (const listener of listeners) listener();
  }

  /** All appends of one transaction leave in one statement, sent together with its COMMIT. */
  function pending(tx: Tx): Pending {
    let found = pendingOf.get(tx);
    if (!found) {
      const created: Pending = { rows: [], counts: new Map() };
      found = created;
      pendingOf.set(tx, created);
      tx.beforeCommit(() =>
        created.rows.length === 0 ? undefined : { statement: insert, values: [JSON.stringify(created.rows)] },
      );
      tx.afterCommit(() => {
        if (created.rows.length > 0) wake();
      });
    }
    return found;
  }

  return {
    source,
    append: async (tx, origin, drafts) => {
      const { rows, counts } = pending(tx);
      const added = rowsOf(origin, drafts as unknown as readonly Draft[], counts);
      rows.push(...added);
      return added.map((row, index) => ({ ...row.envelope, data: (drafts[index] as Draft).data }));
    },
    rows: (origin, drafts) => rowsOf(origin, drafts as unknown as readonly Draft[], new Map()),
    cte: (parameter, condition) => cteText(tables, parameter, condition),
    wake,
    onWake: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reportWaiting: (count) => {
      waiting = count;
    },
  };
}
