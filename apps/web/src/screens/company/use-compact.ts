import { useCallback, useState } from 'react';

const COMPACT_PX = 700;

/** Whether what the ref is on is so narrow that the page has one column; the same bound as in its styles. */
export function useCompact(): readonly [boolean, (element: HTMLElement | null) => (() => void) | undefined] {
  const [compact, setCompact] = useState(false);
  const watch = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const measure = () => setCompact(element.clientWidth <= COMPACT_PX);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [compact, watch];
}
