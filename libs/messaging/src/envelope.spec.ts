import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHeaders, parseHeaders, parseValue, UndecodableError, type Envelope } from './envelope.ts';

const complete: Omit<Envelope, 'data'> = {
  id: '01890000-0000-7000-8000-000000000001',
  type: 'tom.task.v1.TaskCreated',
  source: '/tom/task-service',
  time: '2026-03-01T09:00:00.123Z',
  subject: '01890000-0000-7000-8000-000000000002',
  key: '01890000-0000-7000-8000-000000000002',
  topic: 'tom.task.events.v1',
  correlationId: '01890000-0000-7000-8000-000000000003',
  causationId: '01890000-0000-7000-8000-000000000004',
  depth: 3,
  aggregateId: '01890000-0000-7000-8000-000000000005',
  revision: 7,
  actor: 'user:ida',
  template: 'qualify_company',
  templateVersion: 2,
  rule: 'claimed',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};
const headers = formatHeaders(complete);
const parse = (changed: Record<string, string | undefined>) => {
  const entries = Object.entries({ ...headers, ...changed }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return parseHeaders({ topic: complete.topic, key: complete.key, headers: Object.fromEntries(entries) });
};

describe('the headers of an envelope', () => {
  it('are those of CloudEvents in binary mode', () => {
    expect(headers).toEqual({
      ce_specversion: '1.0',
      ce_id: complete.id,
      ce_source: '/tom/task-service',
      ce_type: 'tom.task.v1.TaskCreated',
      ce_time: '2026-03-01T09:00:00.123Z',
      ce_subject: complete.subject,
      ce_correlationid: complete.correlationId,
      ce_causationid: complete.causationId,
      ce_depth: '3',
      ce_aggregateid: complete.aggregateId,
      ce_revision: '7',
      ce_actor: 'user:ida',
      ce_template: 'qualify_company',
      ce_templateversion: '2',
      ce_rule: 'claimed',
      traceparent: complete.traceparent,
      'content-type': 'application/json',
    });
  });

  it('read back as they were written, with and without what is optional', () => {
    expect(parse({})).toEqual(complete);
    const { causationId: _c, template: _t, templateVersion: _v, rule: _r, traceparent: _p, ...least } = complete;
    const bare = parse({
      ce_causationid: undefined,
      ce_template: undefined,
      ce_templateversion: undefined,
      ce_rule: undefined,
      traceparent: undefined,
    });
    expect(bare).toEqual(least);
  });

  it.each([
    ['ce_specversion', '0.3'],
    ['ce_specversion', undefined],
    ['ce_id', 'x'],
    ['ce_id', undefined],
    ['ce_source', 'task-service'],
    ['ce_type', 'TaskCreated'],
    ['ce_type', undefined],
    ['ce_time', '2026-03-01'],
    ['ce_time', '2026-13-01T00:00:00Z'],
    ['ce_subject', ''],
    ['ce_subject', 'a\nb'],
    ['ce_correlationid', 'x'],
    ['ce_causationid', 'x'],
    ['ce_depth', '-1'],
    ['ce_depth', '1.5'],
    ['ce_depth', '01'],
    ['ce_revision', 'NaN'],
    ['ce_revision', '99999999999'],
    ['ce_aggregateid', undefined],
    ['ce_actor', 'x'.repeat(513)],
    ['ce_templateversion', 'two'],
    ['content-type', 'text/plain'],
    ['content-type', undefined],
  ])('are refused, naming the header, when %s is %j', (name, value) => {
    expect(() => parse({ [name]: value })).toThrow(UndecodableError);
    expect(() => parse({ [name]: value })).toThrow(name);
  });

  it('bring instants to UTC with milliseconds, and leave out a trace that is none', () => {
    expect(parse({ ce_time: '2026-03-01T10:00:00.5+01:00' }).time).toBe('2026-03-01T09:00:00.500Z');
    expect(parse({ traceparent: 'nonsense' })).not.toHaveProperty('traceparent');
  });

  it('never make the reader throw anything but what it should, whatever comes', () => {
    const anyHeaders = fc.dictionary(
      fc.oneof(fc.constantFrom(...Object.keys(headers), '__proto__', 'constructor'), fc.string()),
      fc.string(),
    );
    fc.assert(
      fc.property(anyHeaders, (some) => {
        try {
          parseHeaders({ topic: 't', key: 'k', headers: { ...headers, ...some } });
        } catch (error) {
          expect(error).toBeInstanceOf(UndecodableError);
        }
      }),
    );
  });
});

describe('the value of a message', () => {
  it('is JSON or refused', () => {
    expect(parseValue('{"a":1}')).toEqual({ a: 1 });
    expect(() => parseValue('{"a":')).toThrow(UndecodableError);
  });
});
