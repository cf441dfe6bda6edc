import type { TemplateGraph } from '@tom/catalog';
import type { TemplateGraph as GraphMessage } from '@tom/contracts/tom/workflow/v1/workflow_service';

/** A template's graph as it is answered. */
export function graphMessage({ nodes, edges }: TemplateGraph): GraphMessage {
  return {
    nodes: nodes.map(({ range, label, detail, ...node }) => ({
      ...node,
      label: label && { ...label },
      detail: { ...detail },
      range: range && {
        startLine: range.start.line,
        startColumn: range.start.column,
        endLine: range.end.line,
        endColumn: range.end.column,
      },
    })),
    edges: edges.map((edge) => ({ ...edge })),
    problems: [],
  };
}
