import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { rememberList } from '../../app/came-from.ts';
import type { Company } from './queries.ts';

/** Remembers a list that companies are opened from: their page goes through it, and back to it. */
export function useRememberList(): (name: string, companies: readonly Company[]) => void {
  const href = useLocation({ select: (location) => location.href });
  return (name, companies) => rememberList({ name, href, orgIds: companies.map(({ orgId }) => orgId) });
}

/** The same for a list that is one: as soon as it is shown. */
export function useRememberedList(name: string, companies: readonly Company[]): void {
  const href = useLocation({ select: (location) => location.href });
  const orgIds = companies.map(({ orgId }) => orgId).join();
  useEffect(() => {
    rememberList({ name, href, orgIds: orgIds === '' ? [] : orgIds.split(',') });
  }, [name, href, orgIds]);
}
