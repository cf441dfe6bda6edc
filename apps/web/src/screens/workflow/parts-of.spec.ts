import { describe, expect, it } from 'vitest';
import { diffLines } from './line-diff.ts';
import { inTwoColumns, marksOf, partAt, partsOf } from './parts-of.ts';
import type { TemplateNode } from './queries.ts';

const node = (kind: TemplateNode['kind'], id: string, detail: Record<string, unknown> = {}, lines?: readonly [number, number]): TemplateNode => ({
  id,
  kind,
  name: id.split('.').at(-1) ?? id,
  detail,
  ...(lines && { range: { startLine: lines[0], startColumn: 1, endLine: lines[1], endColumn: 9 } }),
});

const nodes = [
  node('trigger', 'trigger', {}, [3, 4]),
  node('case', 'case', {}, [5, 7]),
  node('transition', 'transition', {}, [8, 8]),
  node('task', 'tasks.a', { queue: 'OPS' }, [10, 12]),
  node('task', 'tasks.b', { queue: 'SALES' }, [13, 15]),
  node('task', 'tasks.c', { queue: 'OPS' }, [16, 18]),
  node('rule', 'rules.r', {}, [20, 26]),
  node('action', 'rules.r.do.0', {}, [23, 26]),
  node('rule', 'rules.r2', {}, [27, 28]),
  node('completion', 'completion.WON', { stage: 'CUSTOMER' }, [30, 31]),
  node('stage', 'stage.CUSTOMER'),
];

describe('a template as it happens', () => {
  it('puts tasks into their queues and actions under their rules', () => {
    const { trigger, opened, lanes, rules, completions } = partsOf(nodes);
    expect(trigger?.id).toBe('trigger');
    expect([opened?.part.id, opened?.within.map(({ id }) => id)]).toEqual(['case', ['transition']]);
    expect(lanes.map(({ queue, tasks }) => [queue, tasks.map(({ name }) => name)])).toEqual([['OPS', ['a', 'c']], ['SALES', ['b']]]);
    expect(rules.map(({ part, within }) => [part.name, within.length])).toEqual([['r', 1], ['r2', 0]]);
    expect(completions[0]?.within.map(({ name }) => name)).toEqual(['CUSTOMER']);
  });

  it('does without a case', () => {
    expect(partsOf(nodes.filter(({ kind }) => kind !== 'case')).opened?.part.id).toBe('transition');
    expect(partsOf([]).opened).toBeUndefined();
  });

  it('finds the innermost part of a line', () => {
    expect(partAt(nodes, 24)?.id).toBe('rules.r.do.0');
    expect(partAt(nodes, 21)?.id).toBe('rules.r');
    expect(partAt(nodes, 1)).toBeUndefined();
  });
});

it('two columns are filled from the left, the lower one first', () => {
  expect(inTwoColumns([5, 1, 1, 1], (height) => height)).toEqual([[5], [1, 1, 1]]);
  expect(inTwoColumns([1, 5, 1], (height) => height)).toEqual([[1, 1], [5]]);
});

it('a part is new when all its lines are, changed when one is or one went', () => {
  const text = (lines: readonly string[]) => lines.join('\n');
  const parts = [node('task', 'tasks.a', {}, [1, 2]), node('task', 'tasks.b', {}, [3, 4]), node('task', 'tasks.c', {}, [5, 6]), node('task', 'tasks.d', {}, [7, 8])];
  const marks = marksOf(parts, diffLines(text(['a', 'a1', 'c', 'c0', 'c1', 'd', 'd1']), text(['a', 'a2', 'b', 'b1', 'c', 'c1', 'd', 'd1'])));
  expect([...marks]).toEqual([['tasks.a', 'changed'], ['tasks.b', 'added'], ['tasks.c', 'changed']]);
});
