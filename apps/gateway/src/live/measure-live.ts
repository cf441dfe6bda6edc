import type { Metrics } from '@tom/runtime';
import { Counter, Gauge } from 'prom-client';
import type { Live } from './live.ts';

/** Shows how many streams are open, what they were told, and how many clients were too slow. */
export function measureLive(metrics: Metrics, { figures }: Live): void {
  const registers = [metrics];
  new Gauge({
    name: 'tom_live_streams',
    help: 'Event streams that are open.',
    registers,
    collect() {
      this.set(figures.streams);
    },
  });
  const counted = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  counted('tom_live_events_total', 'Events read from the log for streams.', () => figures.events);
  counted('tom_live_cut_total', 'Event streams ended because their client was too slow.', () => figures.cut);
}
