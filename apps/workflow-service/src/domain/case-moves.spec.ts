import {
  advance,
  type CaseItem,
  type CasePlace as Place,
  fulfil,
  type HandOver,
  missingForOutcome,
  missingOutputs,
  type Output,
  type Return,
  returnTarget,
  type Transfer,
  untouched,
  withStatus,
} from '@tom/workflow';
import { describe, expect, it } from 'vitest';
import { demandOutputs, handOver } from './hand-over.ts';
import { returnCase } from './return-case.ts';

const now = new Date('2026-03-02T10:00:00.000Z');
const item: CaseItem = {
  caseId: 'case',
  number: 7,
  orgId: 'org',
  caseType: 'INBOUND_REQUEST',
  engine: 'a',
  phase: 'A-1',
  status: 'IN_PROGRESS',
  ownerRole: 'a',
  ownerQueue: 'A',
  owner: 'ann',
  ownedSince: now,
  priority: 'NORMAL',
  title: 'Anfrage',
  openedAt: now,
  openedBy: 'ann',
  returnCount: 0,
  escalated: false,
  outputsDemanded: false,
  version: 1,
  revision: 3,
  editedAt: now,
  editedBy: 'ann',
};
const ann = { id: 'ann', forOthers: false };
const bob = { id: 'bob', forOthers: false };
const mia = { id: 'mia', forOthers: true };

function output(key: string, phase: string, given: Partial<Output> = {}): Output {
  const texts = { descriptionDe: `${key} (de)`, descriptionEn: key };
  const place = { caseId: 'case', engine: 'a', phase, position: 0 };
  return { requirementId: `id-${key}`, key, outputType: 'information', mandatory: true, demanded: false, ...place, ...texts, ...given };
}

const done = { fulfilledValue: 'da', fulfilledBy: 'ann', fulfilledAt: now };
const keysOf = (outputs: readonly Output[]) => outputs.map(({ key }) => key);
const kindsOf = (decision: { readonly events: readonly { readonly kind: string }[] }) =>
  decision.events.map(({ kind }) => kind);

const place = (engine: string): Place => ({ engine, role: engine, queue: engine.toUpperCase(), phase: `${engine.toUpperCase()}-1` });
const origin = (actor = ann) => ({ id: 'link', noteId: 'note', actor, now });
const words = { goal: 'Ziel', context: 'Zusammenhang', openPoints: ['eins', 'zwei'], recommendation: 'so' };

describe('what a case owes', () => {
  it('given outputs of several phases and engines, it is the mandatory ones of its phase that are not there', () => {
    const outputs = [
      output('there', 'A-1', done),
      output('missing', 'A-1'),
      output('optional', 'A-1', { mandatory: false }),
      output('later', 'A-2'),
      output('elsewhere', 'A-1', { engine: 'b' }),
    ];
    expect(keysOf(missingOutputs(item, outputs))).toEqual(['missing']);
    expect(keysOf(missingOutputs(item, outputs, ['A-1', 'A-2']))).toEqual(['missing', 'later']);
  });

  it('given that a return named it, it is owed in every phase, even when it was optional', () => {
    const outputs = [output('named', 'A-2', { mandatory: false, demanded: true }), output('done', 'A-1', done)];
    expect(keysOf(missingOutputs(item, outputs))).toEqual(['named']);
  });

  it('for an outcome is what its template names and no engine brought; the leading one is to bring it', () => {
    const outputs = [output('x', 'B-1', { engine: 'b' }), output('x', 'A-1'), output('y', 'B-1', { engine: 'b', ...done }), output('y', 'A-1')];
    expect(missingForOutcome(item, outputs, ['x', 'y'])).toEqual([outputs[1]]);
    expect(missingForOutcome({ engine: 'c' }, outputs, ['x'])).toEqual([outputs[0]]);
  });
});

describe('fulfilling', () => {
  it('given an output, then it has value, person and time, and is demanded no more', () => {
    const decision = fulfil(item, output('x', 'A-1', { demanded: true }), 'ja', ann, now);
    expect(decision.outputs).toMatchObject([{ fulfilledValue: 'ja', fulfilledBy: 'ann', fulfilledAt: now, demanded: false }]);
    expect(decision).toMatchObject({ next: { revision: 4, version: 1 }, events: [{ kind: 'fulfilled' }] });
  });

  it('given that the same person said the same, then nothing happens; another value or person replaces it', () => {
    const known = output('x', 'A-1', done);
    expect(fulfil(item, known, 'da', ann, now)).toEqual({ next: item, events: [], outputs: [] });
    expect(fulfil(item, known, 'dort', ann, now).outputs).toMatchObject([{ fulfilledValue: 'dort' }]);
    expect(fulfil(item, known, 'da', mia, now).outputs).toMatchObject([{ fulfilledBy: 'mia' }]);
  });

  it('given a case that is closed, somebody else has, or another engine leads, then it is refused', () => {
    const known = output('x', 'A-1');
    expect(() => fulfil({ ...item, closedAt: now }, known, 'x', ann, now)).toThrow('The case is closed.');
    expect(() => fulfil(item, known, 'x', bob, now)).toThrow('ann has this case.');
    expect(() => fulfil({ ...item, engine: 'b' }, known, 'x', ann, now)).toThrow('does not lead');
  });
});

describe('advancing', () => {
  const engine = { phases: ['A-1', 'A-2', 'A-3'].map((phase) => ({ phase, outputs: [] })) };

  it('given complete outputs, then it goes on; to where it is, nothing happens', () => {
    const outputs = [output('x', 'A-1', done)];
    const decision = advance(item, 'A-2', engine, outputs, ann);
    expect(decision).toMatchObject({ next: { phase: 'A-2' }, events: [{ kind: 'phase_changed', previousPhase: 'A-1' }] });
    expect(advance(decision.next, 'A-2', engine, outputs, ann).events).toEqual([]);
  });

  it('given that a phase would be skipped, then its outputs are wanted too; backwards is refused', () => {
    const outputs = [output('x', 'A-1', done), output('y', 'A-2')];
    expect(() => advance(item, 'A-3', engine, outputs, ann)).toThrow('Mandatory outputs are missing.');
    expect(() => advance({ ...item, phase: 'A-2' }, 'A-1', engine, outputs, ann)).toThrow('later phase');
  });
});

describe('handing over', () => {
  it('given complete outputs, then another engine leads and nobody owns it; what was said is a note', () => {
    const decision = handOver(item, [output('x', 'A-1', done)], place('b'), words, origin());
    expect(decision.next).toMatchObject({ engine: 'b', phase: 'B-1', ownerRole: 'b', ownerQueue: 'B', version: 1 });
    expect(decision.next.owner).toBeUndefined();
    expect(decision.handOver).toMatchObject({ from: place('a'), to: place('b'), by: 'ann', revision: 4 });
    expect(decision.note.body).toBe('Ziel\n\nZusammenhang\n\n– eins\n– zwei\n\n→ so');
    expect(kindsOf(decision)).toEqual(['handed_over', 'note_added']);
  });

  it('given missing outputs, then it is refused, and the attempt blocks the case until they are there', () => {
    expect(() => handOver(item, [output('x', 'A-1')], place('b'), words, origin())).toThrow('Mandatory outputs');
    const missing = { ...untouched, outputsMissing: true };
    const blocked = withStatus({ next: demandOutputs(item), events: [] }, missing, now);
    expect(blocked.next).toMatchObject({ status: 'BLOCKED', outputsDemanded: true });
    const free = withStatus({ next: blocked.next, events: [] }, untouched, now);
    expect(free.next).toMatchObject({ status: 'IN_PROGRESS', outputsDemanded: false });
    // Outputs that are missing later are no block by themselves.
    expect(withStatus({ next: free.next, events: [] }, missing, now).events).toEqual([]);
  });
});

describe('the way back', () => {
  const link = { id: 'x', caseId: 'case', revision: 1, at: now, by: 'ann' };
  const given = (from: string, to: string): HandOver => ({ ...link, ...words, kind: 'handover', from: place(from), to: place(to) });
  const back = (from: string, to: string): Return => ({ ...link, kind: 'return', reason: 'r', missing: ['m'], from: place(from), to: place(to) });
  const target = (...chain: Transfer[]) => returnTarget(chain)?.engine;

  it('given A→B→C, then it leads to B and then to A, and from there nowhere', () => {
    expect(target()).toBeUndefined();
    expect(target(given('a', 'b'), given('b', 'c'))).toBe('b');
    expect(target(given('a', 'b'), given('b', 'c'), back('c', 'b'))).toBe('a');
    expect(target(given('a', 'b'), given('b', 'c'), back('c', 'b'), back('b', 'a'))).toBeUndefined();
  });

  it('given a return and another hand-over, then it leads to who sent it last', () => {
    expect(target(given('a', 'b'), back('b', 'a'), given('a', 'c'))).toBe('a');
    expect(target(given('a', 'b'), given('b', 'c'), back('c', 'b'), given('b', 'a'))).toBe('b');
  });

  const sent: CaseItem = { ...item, engine: 'b', phase: 'B-2', ownerRole: 'b', ownerQueue: 'B', owner: 'bob' };
  const send = (missing: readonly string[], outputs: readonly Output[], from = sent) => {
    let count = 0;
    const newIds = () => `new-${(count += 1)}`;
    return returnCase(from, [given('a', 'b')], outputs, { reason: 'Unklar', missing, newIds }, origin(bob));
  };

  it('given outputs named and other words, then both are wanted there: unfulfilled, or new and mandatory', () => {
    const decision = send(['id-x', 'Preis', 'Preis'], [output('x', 'A-1', { position: 4, ...done })]);
    expect(decision.outputs).toMatchObject([
      { key: 'x', demanded: true, fulfilledAt: undefined, fulfilledValue: undefined },
      { requirementId: 'new-1', engine: 'a', phase: 'A-1', key: 'returned_1', position: 5, descriptionDe: 'Preis', mandatory: true, demanded: true, outputType: 'information' },
    ]);
    expect(decision.outputs).toHaveLength(2);
    expect(decision.next).toMatchObject({ engine: 'a', phase: 'A-1', ownerRole: 'a', ownerQueue: 'A', returnCount: 1, outputsDemanded: true });
    expect(decision.next.owner).toBeUndefined();
    expect(decision.note.body).toBe('Unklar\n\n– x (de)\n– Preis');
    expect(kindsOf(decision)).toEqual(['returned', 'note_added']);
  });

  it('given that an earlier return said the same words, then it is the same output once more', () => {
    const earlier = output('returned_1', 'A-1', { requirementId: 'earlier', descriptionDe: 'Preis', ...done });
    const decision = send(['Preis', 'Menge'], [earlier]);
    expect(decision.outputs.map(({ requirementId, key }) => [requirementId, key])).toEqual([
      ['earlier', 'returned_1'],
      ['new-1', 'returned_2'],
    ]);
  });

  it('given that it is one return too many, then this is told, once', () => {
    expect(kindsOf(send(['x'], [], { ...sent, returnCount: 1 }))).not.toContain('escalated');
    const third = send(['x'], [], { ...sent, returnCount: 2 });
    expect(third.events.at(-1)).toMatchObject({ kind: 'escalated', reason: 'RETURNED_TOO_OFTEN' });
    expect(kindsOf(send(['x'], [], { ...sent, returnCount: 3 }))).not.toContain('escalated');
    const supplied = withStatus({ next: third.next, events: [] }, untouched, now);
    expect([supplied.next.status, kindsOf(supplied)]).toEqual(['ESCALATED', ['status_changed']]);
  });

  it('given no hand-over, a closed case or somebody else who has it, then it is refused', () => {
    const command = { reason: 'r', missing: ['x'], newIds: () => 'new' };
    expect(() => returnCase(item, [], [], command, origin())).toThrow('not handed over');
    expect(() => send(['x'], [], { ...sent, closedAt: now })).toThrow('closed');
    expect(() => send(['x'], [], { ...sent, owner: 'ben' })).toThrow('ben has this case.');
  });
});
