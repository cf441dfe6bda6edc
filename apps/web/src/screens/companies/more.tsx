import { useEffect, useRef } from 'react';
import { useTexts } from '../../i18n/index.ts';
import { Button } from '../../parts/index.ts';
import type { Companies } from './queries.ts';
import { texts } from './texts.ts';
import classes from './companies.module.css';

/** The next page: it comes by itself when the end of the list comes into sight, or by pressing. */
export function More({ of: { hasMore, loadingMore, loadMore } }: { readonly of: Companies }) {
  const say = useTexts(texts);
  const mark = useRef<HTMLParagraphElement>(null);
  const load = useRef(loadMore);
  useEffect(() => {
    load.current = loadMore;
  });
  const wanting = hasMore && !loadingMore;
  useEffect(() => {
    const end = mark.current;
    if (!wanting || !end) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) load.current();
    });
    observer.observe(end);
    return () => observer.disconnect();
  }, [wanting]);
  if (!hasMore) return null;
  return (
    <p className={classes['more']} ref={mark}>
      <Button small busy={loadingMore} onClick={loadMore}>{say('more')}</Button>
    </p>
  );
}
