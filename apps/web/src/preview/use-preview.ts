import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { askPreview, type Preview, type PreviewRequest } from './preview.ts';

const SETTLED_MS = 250;

export interface PreviewOf {
  /** What is known; the last answer stays while the next one is fetched. */
  readonly preview: Preview | undefined;
  readonly failed: boolean;
}

/** What this would cause, asked for when it has been the same for a moment. Undefined asks nothing. */
export function usePreview(request: PreviewRequest | undefined): PreviewOf {
  const asked = JSON.stringify(request ?? null);
  const [settled] = useDebouncedValue(asked, SETTLED_MS);
  const body = JSON.parse(settled) as PreviewRequest | null;
  const { data, isError } = useQuery({
    queryKey: ['org', body?.orgId, 'preview', body],
    queryFn: ({ signal }) => (body ? askPreview(body, signal) : {}),
    enabled: body !== null,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    gcTime: 60_000,
    retry: false,
  });
  return { preview: body ? data : undefined, failed: isError };
}
