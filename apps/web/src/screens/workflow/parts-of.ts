import type { DiffLine } from './line-diff.ts';
import type { TemplateNode } from './queries.ts';

/** A part with what belongs inside it. */
export interface Box {
  readonly part: TemplateNode;
  readonly within: readonly TemplateNode[];
}

/** What lies in one queue. */
export interface Lane {
  readonly queue: string;
  readonly tasks: readonly TemplateNode[];
}

/** A template in the order in which things happen. */
export interface Parts {
  readonly trigger: TemplateNode | undefined;
  /** The case with its move and what it has to bring; without a case, the move alone. */
  readonly opened: Box | undefined;
  readonly lanes: readonly Lane[];
  readonly rules: readonly Box[];
  readonly completions: readonly Box[];
}

export function partsOf(nodes: readonly TemplateNode[]): Parts {
  const of = (kind: TemplateNode['kind']) => nodes.filter((node) => node.kind === kind);
  const [opened, ...inside] = [...of('case'), ...of('transition'), ...of('output')];
  const tasks = of('task');
  const stages = of('stage');
  const queues = [...new Set(tasks.map(queueOf))];
  return {
    trigger: of('trigger')[0],
    opened: opened && { part: opened, within: inside },
    lanes: queues.map((queue) => ({ queue, tasks: tasks.filter((task) => queueOf(task) === queue) })),
    rules: of('rule').map((part) => ({ part, within: of('action').filter(({ id }) => id.startsWith(`${part.id}.`)) })),
    completions: of('completion').map((part) => ({ part, within: stages.filter(({ name }) => name === part.detail['stage']) })),
  };
}

/** The smallest part that a line lies in. */
export function partAt(nodes: readonly TemplateNode[], line: number): TemplateNode | undefined {
  const size = ({ range }: TemplateNode) => (range ? range.endLine - range.startLine : Infinity);
  return nodes
    .filter(({ range }) => range && range.startLine <= line && line <= range.endLine)
    .reduce<TemplateNode | undefined>((smallest, node) => (smallest && size(smallest) <= size(node) ? smallest : node), undefined);
}

/** Two columns of about the same height, in reading order from the left. */
export function inTwoColumns<T>(items: readonly T[], heightOf: (item: T) => number): readonly [readonly T[], readonly T[]] {
  const columns: [T[], T[]] = [[], []];
  const heights: [number, number] = [0, 0];
  for (const item of items) {
    const column = heights[0] <= heights[1] ? 0 : 1;
    columns[column].push(item);
    heights[column] += heightOf(item);
  }
  return columns;
}

function queueOf({ detail }: TemplateNode): string {
  return wordOf(detail['queue']);
}

/** A value of the template in words, as far as it is one. */
export function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export type PartMark = 'added' | 'changed';

/** Parts that are new as a whole, and those in which something is. */
export function marksOf(nodes: readonly TemplateNode[], lines: readonly DiffLine[]): ReadonlyMap<string, PartMark> {
  const changed = new Set(lines.flatMap(({ kind, line }, index) => (line !== undefined && (kind === 'added' || lines[index - 1]?.kind === 'removed') ? [line] : [])));
  const added = new Set(lines.flatMap(({ kind, line }) => (kind === 'added' && line !== undefined ? [line] : [])));
  return new Map(
    nodes.flatMap(({ id, range }): [string, PartMark][] => {
      if (!range) return [];
      const own = Array.from({ length: range.endLine - range.startLine + 1 }, (_, index) => range.startLine + index);
      if (own.every((line) => added.has(line))) return [[id, 'added']];
      return own.some((line) => changed.has(line)) ? [[id, 'changed']] : [];
    }),
  );
}
