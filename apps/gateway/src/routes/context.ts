import type { Catalog } from '@tom/catalog';
import type { Clock } from '@tom/kernel';
import type { Broker } from '@tom/messaging';
import type { Live } from '../live/live.ts';
import type { CodeSchemas } from '../edge/codes.ts';
import type { Services } from '../services.ts';
import type { ActivityInputs } from './activity-input.ts';

/** What routes work with. */
export interface RouteContext {
  readonly services: Services;
  readonly broker: Broker;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly live: Live;
  readonly codes: CodeSchemas;
  readonly activityInputs: ActivityInputs;
  /** Awaited before people are listed or named: then those are known whom work can be given to. */
  readonly peopleKnown: () => Promise<void>;
}
