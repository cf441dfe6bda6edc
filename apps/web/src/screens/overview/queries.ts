import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { components, paths } from '@tom/contracts/edge';
import { api, dataOf } from '../../api/index.ts';

export type Figure = components['schemas']['Figure'];
export type By = 'industry' | 'owner' | 'city';

type Answer<P extends keyof paths> = paths[P] extends { get: { responses: { 200: { content: { 'application/json': infer B } } } } } ? B : never;
export type Funnel = Answer<'/reports/funnel'>;
export type TimeInStage = Answer<'/reports/time-in-stage'>;
export type QueueLoad = Answer<'/reports/queues'>;
export type Activities = Answer<'/reports/activities'>;

export interface Span {
  readonly from: string;
  readonly to: string;
}

const AGAIN_MS = 60_000;
const shown = { placeholderData: keepPreviousData, refetchInterval: AGAIN_MS } as const;

export const funnelQuery = (span: Span, by: By | undefined) =>
  queryOptions({ queryKey: ['reports', 'funnel', span, by], queryFn: () => dataOf(api.GET('/reports/funnel', { params: { query: { ...span, ...(by ? { by } : {}) } } })), ...shown });
export const timeQuery = (span: Span, by: By | undefined) =>
  queryOptions({ queryKey: ['reports', 'time', span, by], queryFn: () => dataOf(api.GET('/reports/time-in-stage', { params: { query: { ...span, ...(by ? { by } : {}) } } })), ...shown });
export const queueLoadQuery = (span: Span) =>
  queryOptions({ queryKey: ['reports', 'queues', span], queryFn: () => dataOf(api.GET('/reports/queues', { params: { query: span } })), ...shown });
export const activitiesQuery = (span: Span) =>
  queryOptions({ queryKey: ['reports', 'activities', span], queryFn: () => dataOf(api.GET('/reports/activities', { params: { query: span } })), ...shown });
