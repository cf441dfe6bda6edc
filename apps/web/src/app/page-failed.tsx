import { Link, useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTexts } from '../i18n/index.ts';
import { ApiProblem } from '../api/index.ts';
import { Button, Empty, PartFailed } from '../parts/index.ts';
import { shellTexts } from './shell.texts.ts';

/** A page that could not be drawn: because the server is away, then it tries again, or because of a fault of ours. */
export function PageFailed({ error }: { readonly error: unknown }) {
  const say = useTexts(shellTexts);
  const router = useRouter();
  const retry = useCallback(() => void router.invalidate(), [router]);
  if (error instanceof ApiProblem) return <PartFailed part={say('starting')} error={error} retry={retry} />;
  return (
    <Empty action={<Button onClick={() => globalThis.location.reload()}>{say('reload')}</Button>}>{say('failedTitle')}</Empty>
  );
}

export function NotFound() {
  const say = useTexts(shellTexts);
  return <Empty action={<Link to="/work">{say('toWork')}</Link>}>{say('notFound')}</Empty>;
}
