import type { Catalog } from '@tom/catalog';
import type { Clock } from '@tom/kernel';
import type { Broker } from '@tom/messaging';
import type { Live } from '../live/live.ts';
import type { Services } from '../services.ts';

/** What routes work with. */
export interface RouteContext {
  readonly services: Services;
  readonly broker: Broker;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly live: Live;
}
