import type { components, paths } from '@tom/contracts/edge';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../../api/index.ts';

export type TemplateNode = components['schemas']['TemplateNode'];
export type TemplateVersion = paths['/workflows/{key}/versions/{version}']['get']['responses'][200]['content']['application/json'];
export type Template = components['schemas']['WorkflowTemplate'];
export type TemplateChange = components['schemas']['TemplateChange'];

export const templateQuery = (key: string) =>
  queryOptions({ queryKey: ['workflows', key], queryFn: () => dataOf(api.GET('/workflows/{key}', { params: { path: { key } } })) });

export const versionQuery = (key: string, version: number) =>
  queryOptions({
    queryKey: ['workflows', key, version],
    queryFn: () => dataOf(api.GET('/workflows/{key}/versions/{version}', { params: { path: { key, version: String(version) } } })),
  });

export const changesQuery = (key: string, from: number, to: number) =>
  queryOptions({
    queryKey: ['workflows', key, 'changes', from, to],
    queryFn: () => dataOf(api.GET('/workflows/{key}/diff', { params: { path: { key }, query: { from, to } } })),
    staleTime: Infinity, // versions never change
  });

/** The parts of a draft, or what is wrong with it. */
export const draftGraphQuery = (source: string) =>
  queryOptions({
    queryKey: ['draft-graph', source],
    queryFn: ({ signal }) => dataOf(api.POST('/workflows/graph', { body: { source }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
  });
