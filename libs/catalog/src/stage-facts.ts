import type { FactSchema } from '@tom/rules';

/** What the guards of stages.yaml may read: the union of what the owners of the facts answer. */
export const stageFactSchema = {
  org: {
    org_kind: 'string',
    status: 'string',
    current_stage: 'string',
    stage_since: 'timestamp',
    was_customer: 'bool',
  },
  request: { reason_code: 'string?', has_note: 'bool' },
  activities: {
    /** CALL, EMAIL, MEETING logged since the open qualification case was opened, or since QUALIFYING was entered. */
    contacts_since_case: 'int',
    /** Follow-ups in the future whose task does not exist yet; the request's own included. */
    pending_follow_ups: 'int',
  },
  tasks: {
    /** Open, of origin ACTIVITY or PERSON, due today or later. */
    next_steps_today: 'int',
    /** The same, due later than now. */
    next_steps_future: 'int',
  },
  cases: {
    open: 'int',
    open_types: 'list<string>',
    qualify_open: 'bool',
    work_lead_open: 'bool',
    /** Claimed by somebody of outside_sales. */
    work_lead_claimed: 'bool',
    /** Keys of outputs that the outcome of this move needs by its template and that its case does not have. */
    missing_outputs: 'list<string>',
  },
} as const satisfies FactSchema;

/** The facts as a value, for those who gather them. */
export interface StageFacts {
  readonly org: {
    readonly org_kind: string;
    readonly status: string;
    readonly current_stage: string;
    readonly stage_since: Date | string;
    readonly was_customer: boolean;
  };
  readonly request: { readonly reason_code?: string | undefined; readonly has_note: boolean };
  readonly activities: { readonly contacts_since_case: number; readonly pending_follow_ups: number };
  readonly tasks: { readonly next_steps_today: number; readonly next_steps_future: number };
  readonly cases: {
    readonly open: number;
    readonly open_types: readonly string[];
    readonly qualify_open: boolean;
    readonly work_lead_open: boolean;
    readonly work_lead_claimed: boolean;
    readonly missing_outputs: readonly string[];
  };
}
