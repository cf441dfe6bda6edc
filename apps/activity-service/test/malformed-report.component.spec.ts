import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ids, newId } from '@tom/kernel';
import type { OutgoingMessage } from '@tom/messaging';
import { createReporter, type Reporter } from './reporter.ts';
import { startSystem, type System } from './system.ts';

let system: System;
let reporter: Reporter;
beforeAll(async () => {
  system = await startSystem();
  reporter = createReporter(system);
});
afterAll(() => system.stop());

const activity = (externalRef: string, reportedId: string) =>
  system.client.getActivity({ activityId: ids.reportedActivity(externalRef, reportedId) }, system.ida());
const call = (more: Record<string, unknown> = {}) => ({ fields: { activityType: 'CALL', ...more } });
const later = (ms: number) => new Date(system.clock.now().getTime() + ms).toISOString();

describe('a malformed report', () => {
  const cases: [string, (ref: string) => OutgoingMessage, RegExp][] = [
    ['no JSON', (ref) => ({ ...reporter.message(ref), value: '{' }), /value: expected JSON/],
    ['an unknown field', (ref) => reporter.message(ref, { colour: 'red' }), /colour: is unknown/],
    ['an unknown field inside', (ref) => reporter.message(ref, call({ outcome: 'X' })), /fields\.outcome: is unknown/],
    ['the fields beside each other', (ref) => reporter.message(ref, { fields: undefined, activityType: 'CALL' }), /fields: is missing/],
    ['a wrong type', (ref) => reporter.message(ref, call({ durationMinutes: '7' })), /fields\.durationMinutes: must be integer/],
    ['no activity type', (ref) => reporter.message(ref, { fields: {} }), /fields\.activityType: is missing/],
    ['an unknown activity type', (ref) => reporter.message(ref, call({ activityType: 'KNOCK' })), /fields\.activityType: is not a known type/],
    ['an outcome of another type', (ref) => reporter.message(ref, call({ outcomeCode: 'HELD' })), /fields\.outcomeCode: is not an outcome of CALL/],
    ['a direction that is none', (ref) => reporter.message(ref, call({ direction: 'UP' })), /fields\.direction: is not a direction/],
    ['a contact id that is none', (ref) => reporter.message(ref, call({ contactId: 'x' })), /fields\.contactId: is not an id/],
    ['a bad instant', (ref) => reporter.message(ref, call({ occurredAt: 'yesterday' })), /fields\.occurredAt: must match format/],
    ['a follow-up from before the activity', (ref) => reporter.message(ref, call({ followUpAt: later(-3_600_000) })), /fields\.followUpAt: lies before/],
    ['no reference', (ref) => reporter.message(ref, { externalRef: undefined }), /externalRef: is missing/],
    ['an empty reported id', (ref) => reporter.message(ref, { reportedId: '' }), /reportedId: must NOT have fewer/],
    ['a blank reported id', (ref) => reporter.message(ref, { reportedId: ' ' }), /reportedId: is not usable/],
    ['a key that is another reference', (ref) => reporter.message(ref, { externalRef: 'other' }), /externalRef: is not the key/],
    ['notes that are too long', (ref) => reporter.message(ref, call({ notes: 'x'.repeat(10_001) })), /fields\.notes: must NOT have more/],
    ['a value that is too long', (ref) => reporter.message(ref, call({ x: 'x'.repeat(270_000) })), /at most 262144 bytes/],
    ['no time', (ref) => reporter.message(ref, {}, { ce_time: undefined }), /header ce_time/],
  ];

  it.each(cases)('%s: lies among the dead letters with that reason, and others go on', async (_what, make, reason) => {
    const { externalRef: bad } = await reporter.company();
    const { externalRef: good } = await reporter.company();
    await reporter.send(make(bad), reporter.message(good, { reportedId: '1' }));
    const [letter, ...more] = await reporter.letters(bad);
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ reason: 'undecodable', attempts: 1, topic: 'tom.inbound.v1' });
    expect(letter?.error).toMatch(reason);
    expect(await activity(good, '1')).toMatchObject({ activityType: 'CALL' });
  });

  it('is told from one that this service cannot judge: another type on the topic is not its own', async () => {
    const { externalRef } = await reporter.company();
    await reporter.send(reporter.message(externalRef, {}, { ce_type: 'tom.inbound.v1.RegisterOrg' }));
    expect(await reporter.letters(externalRef)).toEqual([]);
  });
});

describe('a report that cannot be carried out', () => {
  const unknown = newId();
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a contact that does not exist', { contactId: unknown }, /fields\.contactId: is not a contact of this company/],
    ['a case that does not exist', { caseId: unknown }, /fields\.caseId: is not a case of this company/],
    ['a time to come', { occurredAt: '2199-01-01T00:00:00Z' }, /fields\.occurredAt: lies in the future/],
  ])('because it names %s, lies among the dead letters at once; later ones of its key wait behind it', async (_what, fields, reason) => {
    const { externalRef } = await reporter.company();
    await reporter.send(reporter.message(externalRef, call(fields)), reporter.message(externalRef, { reportedId: '2' }));
    const [letter, parked] = await reporter.letters(externalRef);
    expect(letter).toMatchObject({ reason: 'refused', attempts: 1 });
    expect(letter?.error).toMatch(reason);
    expect(parked).toMatchObject({ reason: 'parked' });
    await expect(activity(externalRef, '2')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('because it names a contact or case of another company, lies there too', async () => {
    const [{ externalRef }, other] = [await reporter.company(), await reporter.company()];
    const contactId = newId();
    await reporter.contact(other.orgId, contactId, 'there');
    const caseId = system.openCase(other.orgId);
    await reporter.send(reporter.message(externalRef, call({ contactId, caseId })));
    const [letter] = await reporter.letters(externalRef);
    expect(letter?.error).toMatch(/fields\.contactId: .*; fields\.caseId: /);
  });
});

describe('the sample in docs/samples', () => {
  it('is logged exactly as it stands there', async () => {
    const path = new URL('../../../docs/samples/report-activity.json', import.meta.url);
    const sample = JSON.parse(readFileSync(path, 'utf8')) as Omit<OutgoingMessage, 'value'> & { value: { reportedId: string; fields: object } };
    system.clock.set(sample.headers['ce_time'] ?? '');
    await reporter.company(sample.key);
    await reporter.send({ ...sample, value: JSON.stringify(sample.value) });
    expect(await activity(sample.key, sample.value.reportedId)).toMatchObject({
      ...sample.value.fields,
      createdBy: 'client:telephone-system',
    });
  });
});
