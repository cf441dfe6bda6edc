import { useEffect, useState } from 'react';
import { partAt } from './parts-of.ts';
import type { TemplateNode } from './queries.ts';

/** The one place that is looked at, in the YAML and in the flow. */
export interface Chosen {
  readonly line: number | undefined;
  readonly part: TemplateNode | undefined;
  chooseLine(line: number): void;
  choosePart(part: TemplateNode): void;
}

/** Choosing a line chooses the part that it lies in; choosing a part, where it begins. */
export function useChosen(nodes: readonly TemplateNode[]): Chosen {
  const [chosen, setChosen] = useState<{ readonly line: number; readonly id?: string }>();
  const named = chosen?.id === undefined ? undefined : nodes.find(({ id }) => id === chosen.id);
  const part = chosen && (named ?? partAt(nodes, chosen.line));
  return {
    line: chosen?.line,
    part,
    chooseLine: (line) => setChosen({ line }),
    choosePart: ({ id, range }) => range && setChosen({ line: range.startLine, id }),
  };
}

/** Brings what is chosen into sight, as little as needed. */
export function useInSight(id: string | undefined): void {
  useEffect(() => {
    if (id !== undefined) document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
  }, [id]);
}

export const lineId = (line: number) => `line-${line}`;
export const partId = (id: string) => `part-${id}`;
