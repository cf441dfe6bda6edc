import { useLocation } from '@tanstack/react-router';
import { rememberList } from '../../app/came-from.ts';
import type { Company } from './queries.ts';

/** Remembers a list that companies are opened from: their page goes through it, and back to it. */
export function useOpenedFrom(): (name: string, companies: readonly Company[]) => void {
  const href = useLocation({ select: (location) => location.href });
  return (name, companies) => rememberList({ name, href, orgIds: companies.map(({ orgId }) => orgId) });
}
