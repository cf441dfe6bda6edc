import type { Clock } from '@tom/kernel';
import { isTransient, type Database } from '@tom/postgres';
import type { Metrics } from '@tom/runtime';
import { Gauge } from 'prom-client';
import { countWaiting } from './waiting-report-table.ts';

type Figures = Awaited<ReturnType<typeof countWaiting>>;

/** How many reports wait for their company, and for how long the first of them; nothing while the database is away. */
export function registerWaitingReports(
  metrics: Metrics,
  { database, clock }: { readonly database: Database; readonly clock: Clock },
): void {
  function show(name: string, help: string, read: (figures: Figures) => number): void {
    new Gauge({
      name,
      help,
      registers: [metrics],
      async collect() {
        try {
          this.set(read(await countWaiting(database)));
        } catch (error) {
          if (!isTransient(error)) throw error;
          this.remove();
        }
      },
    });
  }

  show('tom_waiting_reports', 'Reports of other systems that wait for their company.', ({ count }) => count);
  show('tom_waiting_reports_oldest_seconds', 'How long the first of them has waited.', ({ oldest }) =>
    oldest ? (clock.now().getTime() - oldest.getTime()) / 1_000 : 0,
  );
}
