import { useNavigate, useSearch } from '@tanstack/react-router';
import { dayNumber } from '../../i18n/index.ts';
import { useNow } from '../../parts/index.ts';
import type { By, Span } from './queries.ts';

export const spans = ['7', '30', '90', '365'] as const;
export type Days = (typeof spans)[number];

const DAY_MS = 86_400_000;

/** What the address says is looked at: the last so many days up to today, and what the figures are told apart by. */
export function useSpan() {
  const { days, by } = useSearch({ from: '/shell/overview' });
  const navigate = useNavigate();
  const now = useNow();
  const chosen: Days = spans.find((each) => each === days) ?? '30';
  const dateOf = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);
  const today = dayNumber(now);
  const span: Span = { from: dateOf(today - Number(chosen) + 1), to: dateOf(today) };
  const grouping = (['industry', 'owner', 'city'] as const).find((each) => each === by) satisfies By | undefined;
  const change = (next: { readonly days?: string; readonly by?: string | undefined }) =>
    void navigate({ to: '/overview', search: (before) => ({ ...before, ...next }), replace: true });
  return { span, days: chosen, by: grouping, change };
}
