import { describe, expect, it } from 'vitest';
import { whyNext } from './why-next.ts';

const NOW = new Date('2026-03-10T11:00:00.000Z');
type Bucket = 'overdue' | 'today' | 'week' | 'later';
const words = (bucket: Bucket) => ({
  codes: { priorities: new Map([['URGENT', { label: { de: 'Dringend', en: 'Urgent' } }]]) },
  queues: new Map([['SALES_OPS', { label: { de: 'Sales Ops', en: 'Sales ops' } }]]),
  business: { timeZone: 'Europe/Berlin', calendar: { bucketOf: () => bucket } },
});
const why = (bucket: Bucket, dueAt?: string) =>
  whyNext({ dueAt, priority: 'URGENT', assignedQueue: 'SALES_OPS' }, words(bucket), NOW);

describe('why a task is the next one', () => {
  it('names due date, priority and queue in the business time zone', () => {
    expect(why('overdue', '2026-03-09T23:30:00.000Z')?.de).toBe(
      'Überfällig seit 10.03.2026, 00:30, Priorität Dringend: die erste freie Aufgabe in „Sales Ops“.',
    );
    expect(why('today', '2026-03-10T17:00:00.000Z')?.en).toBe('Due today at 18:00, priority urgent: the first free task in “Sales ops”.');
    expect(why('later', '2026-04-01T17:00:00.000Z')?.de).toContain('Am 01.04.2026 fällig');
    expect(why('later')?.en).toContain('Without a due date');
  });

  it('has nothing to say without a task', () => {
    expect(whyNext(undefined, words('later'), NOW)).toBeUndefined();
  });
});
