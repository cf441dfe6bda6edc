import type { EventTypeName } from '@tom/catalog';
import type { BatchItem, Envelope } from '@tom/messaging';
import type { Facts } from '@tom/rules';
import type { CaseItem } from '@tom/workflow';

/** An event as rules see it; without a case only templates of rules alone look at it. */
export interface Occasion {
  readonly type: EventTypeName;
  readonly envelope: Omit<Envelope, 'data'>;
  readonly emit: BatchItem<unknown>['emit'];
  readonly orgId: string;
  readonly caseId?: string | undefined;
  readonly fields: Facts;
  /** The same event was given for another case already: rules alone have looked at it. */
  readonly ofCaseOnly?: boolean;
  /** Whether what the event tells is still so; a rule acts on what is, not on what was. */
  readonly holds?: (item: CaseItem) => boolean;
}
