import { useEffect, useState, type RefObject } from 'react';
import { partAt } from './parts-of.ts';
import type { TemplateNode } from './queries.ts';

const ENOUGH_PX = 76; // four lines

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

/** Brings what is chosen into sight within its own pane, with some of what follows it; the page stays where it is. */
export function useInSight(pane: RefObject<HTMLElement | null>, id: string | undefined): void {
  useEffect(() => {
    const shown = id === undefined ? null : document.getElementById(id);
    if (!pane.current || !shown) return;
    const [outer, inner] = [pane.current.getBoundingClientRect(), shown.getBoundingClientRect()];
    const isSeen = outer.top <= inner.top && inner.top + ENOUGH_PX <= outer.bottom;
    if (!isSeen) pane.current.scrollBy({ top: inner.top - outer.top - outer.height / 4 });
  }, [pane, id]);
}

export const lineId = (line: number) => `line-${line}`;
export const partId = (id: string) => `part-${id}`;
