import { describe, expect, it } from 'vitest';
import type { Contact, Org, Task } from '../../api/index.ts';
import { tasksInMyOrder, telOf, whomToCall } from './next-task.ts';

const now = new Date('2026-11-26T09:00:00.000Z');
const priorities = [{ code: 'NORMAL', label: { de: '', en: '' }, rank: 1 }];
const me = { id: 'ida', queues: ['INSIDE_SALES'] };
const task = (taskId: string, assignedQueue: string, dueAt: string, assignee?: string) => ({ taskId, assignedQueue, dueAt, assignee, priority: 'NORMAL' }) as Task;

describe('what comes next on a company', () => {
  it('is what I have claimed, then what is free for me, then what others do; each due first', () => {
    const tasks = [
      task('of ops, overdue', 'SALES_OPS', '2026-11-20T09:00:00.000Z'),
      task('ingo’s, today', 'INSIDE_SALES', '2026-11-26T10:00:00.000Z', 'ingo'),
      task('free, later', 'INSIDE_SALES', '2026-12-01T09:00:00.000Z'),
      task('free, today', 'INSIDE_SALES', '2026-11-26T10:00:00.000Z'),
      task('mine, later', 'INSIDE_SALES', '2026-12-02T09:00:00.000Z', 'ida'),
    ];
    expect(tasksInMyOrder(tasks, me, priorities, now).map(({ taskId }) => taskId)).toEqual(['mine, later', 'free, today', 'free, later', 'of ops, overdue', 'ingo’s, today']);
  });

  it('says whom to call: the contact of the task, else the first, else the company', () => {
    const contacts = [
      { contactId: 'a', name: 'Frau Sander', title: 'Einkauf', phone: '318' },
      { contactId: 'b', name: 'Herr Vogt' },
    ] as Contact[];
    const org = { phone: '000' } as Org;
    const about = (contactId?: string) => ({ contactId }) as Task;
    expect(whomToCall(about('b'), contacts, org)).toEqual({ name: 'Herr Vogt', title: undefined, phone: '000' });
    expect(whomToCall(about('gone'), contacts, org)).toMatchObject({ name: 'Frau Sander', phone: '318' });
    expect(whomToCall(undefined, [], org)).toEqual({ name: undefined, title: undefined, phone: '000' });
    expect(whomToCall(undefined, [], undefined).phone).toBeUndefined();
  });

  it.each([
    ['+49 221 4710-318', 'tel:+492214710318'],
    ['+49 (0)221 4710 318', 'tel:+492214710318'],
    ['0221 / 4710', 'tel:02214710'],
  ])('dials %s', (phone, expected) => {
    expect(telOf(phone)).toBe(expected);
  });
});
