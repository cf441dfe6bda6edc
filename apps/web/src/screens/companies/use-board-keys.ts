import { useNavigate } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { useKeys } from '../../app/keys.ts';
import type { Company } from './queries.ts';

/** Arrows and j, k go through the cards of a column and from column to column; the card that has the focus is chosen. */
export function useBoardKeys(board: RefObject<HTMLElement | null>, chosen: Company | undefined, active: boolean): void {
  const navigate = useNavigate();
  const cards = (column: Element | undefined) => [...(column?.querySelectorAll<HTMLElement>('[data-card]') ?? [])];
  const focus = (card: HTMLElement | undefined) => {
    card?.querySelector('a')?.focus();
    card?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const step = (across: number, down: number) => {
    const columns = [...(board.current?.children ?? [])].filter((column) => cards(column).length > 0);
    const from = columns.findIndex((column) => cards(column).some(({ dataset }) => dataset['card'] === chosen?.orgId));
    if (from < 0) return focus(cards(columns[0])[0]);
    const row = cards(columns[from]).findIndex(({ dataset }) => dataset['card'] === chosen?.orgId);
    const column = cards(columns[Math.max(0, Math.min(columns.length - 1, from + across))]);
    return focus(column[Math.max(0, Math.min(column.length - 1, row + down))]);
  };
  useKeys(
    [
      { key: 'ArrowDown', run: () => step(0, 1) },
      { key: 'ArrowUp', run: () => step(0, -1) },
      { key: 'ArrowRight', run: () => step(1, 0) },
      { key: 'ArrowLeft', run: () => step(-1, 0) },
      { key: 'j', run: () => step(0, 1) },
      { key: 'k', run: () => step(0, -1) },
      { key: 'Enter', run: () => chosen && void navigate({ to: '/companies/$orgId', params: { orgId: chosen.orgId } }) },
    ],
    active,
  );
}
