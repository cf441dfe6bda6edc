import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, dataOf, overviewQuery } from '../../../api/index.ts';

interface OrgPickerProps {
  readonly label: string;
  /** The company that cannot be meant. */
  readonly not: string;
  readonly value: string;
  onChange(orgId: string): void;
}

/** Another company, found by its name. */
export function OrgPicker({ label, not, value, onChange }: OrgPickerProps) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed, 200);
  const found = useQuery({
    queryKey: ['orgs', 'pick', q],
    queryFn: () => dataOf(api.GET('/orgs', { params: { query: { q, pageSize: 10 } } })),
    enabled: q.trim().length > 1,
    placeholderData: keepPreviousData,
  });
  const chosen = useQuery({ ...overviewQuery(value), enabled: value !== '' }).data?.org;
  const options = [...(chosen ? [chosen] : []), ...(found.data?.items ?? [])]
    .filter(({ orgId }, index, all) => orgId !== not && all.findIndex((each) => each.orgId === orgId) === index)
    .map(({ orgId, name, address }) => ({ value: orgId, label: [name, address?.city].filter(Boolean).join(' · ') }));
  return <Select label={label} searchable clearable data={options} filter={({ options: all }) => all} value={value || null} searchValue={typed} onSearchChange={setTyped} onChange={(orgId) => onChange(orgId ?? '')} />;
}
