import type { Catalog } from '@tom/catalog';
import type { ActivityServiceService } from '@tom/contracts/tom/activity/v1/activity_service';
import type { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import type { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import type { Clock } from '@tom/kernel';
import type { Outbox, Subscription } from '@tom/messaging';
import type { Database } from '@tom/postgres';
import type { Client } from '@tom/runtime';
import type { OrgWatch } from './adapters/org-watch.ts';
import type { Templates } from './adapters/template-store.ts';

/** What use-cases and queries work with. */
export interface Deps {
  readonly database: Database;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly catalog: Catalog;
  readonly templates: Templates;
  readonly watch: OrgWatch;
  readonly stage: Client<typeof StageServiceService>;
  /** What this service listens to: a rehearsal lets the same handlers say what they would do. */
  readonly subscriptions: readonly Subscription[];
  readonly activity: Client<typeof ActivityServiceService>;
  readonly task: Client<typeof TaskServiceService>;
}
