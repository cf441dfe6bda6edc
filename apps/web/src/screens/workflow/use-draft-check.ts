import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '../../api/index.ts';
import { validateDraft, type DraftProblem } from './draft-calls.ts';
import { draftGraphQuery, type TemplateNode } from './queries.ts';

const PAUSE_MS = 350;

export interface DraftCheck {
  readonly problems: readonly DraftProblem[];
  readonly valid: boolean;
  /** Whether what is said is about an earlier text. */
  readonly checking: boolean;
  readonly error: Error | null;
  /** The parts of the last text that had any. */
  readonly nodes: readonly TemplateNode[];
  /** Whether those are of an earlier text. */
  readonly old: boolean;
  retry(): void;
}

/** What is wrong with the draft, asked a moment after typing. */
export function useDraftCheck(source: string): DraftCheck {
  const [settled] = useDebouncedValue(source, PAUSE_MS);
  const validates = useMe().rights.includes('validate_templates');
  const graph = useQuery(draftGraphQuery(settled));
  const validation = useQuery({
    queryKey: ['draft-validation', settled],
    queryFn: ({ signal }) => validateDraft(settled, signal),
    enabled: validates,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  const [nodes, setNodes] = useState<readonly TemplateNode[]>([]);
  const found = graph.data?.nodes ?? [];
  if (found.length > 0 && found !== nodes) setNodes(found);
  const problems: readonly DraftProblem[] = validation.data?.problems ?? graph.data?.problems ?? [];
  return {
    problems,
    valid: graph.data !== undefined && !problems.some(({ severity }) => severity !== 'warning'),
    checking: source !== settled || graph.isFetching || validation.isFetching,
    error: graph.error,
    nodes,
    old: graph.data !== undefined && found.length === 0,
    retry: () => void graph.refetch(),
  };
}
