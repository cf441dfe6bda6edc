import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, dataOf, useMeta } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { PartFailed } from '../../parts/index.ts';
import { texts } from './draft.texts.ts';
import classes from './draft.module.css';

/** Finds the one company that a draft is tried with. */
export function CompanyPicker({ onChoose, onClose }: { onChoose(orgId: string): void; onClose(): void }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { stages } = useMeta();
  const [words, setWords] = useState('');
  const [asked] = useDebouncedValue(words.trim(), 150);
  const answer = useQuery({
    queryKey: ['search', asked],
    queryFn: ({ signal }) => dataOf(api.GET('/search', { params: { query: { q: asked } }, signal })),
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 0, // what was searched for is nobody's affair afterwards
  });
  const orgs = asked ? (answer.data?.orgs ?? []) : [];
  const [first] = orgs;
  return (
    <Modal opened onClose={onClose} title={say('tryWith')} size="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (first) onChoose(first.orgId);
        }}
      >
        <TextInput label={say('company')} description={say('companyHint')} classNames={{ description: classes['hint'] ?? '' }} type="search" autoComplete="off" value={words} onChange={({ currentTarget }) => setWords(currentTarget.value)} data-autofocus />
      </form>
      {answer.isError && <PartFailed part={say('companiesPart')} error={answer.error} retry={() => void answer.refetch()} />}
      <div aria-live="polite">{asked && answer.isSuccess && orgs.length === 0 && <p className="mid">{say('noCompany')}</p>}</div>
      {orgs.length > 0 && (
        <ul className={classes['found']}>
          {orgs.map(({ orgId, name, address, currentStage }) => (
            <li key={orgId}>
              <button type="button" onClick={() => onChoose(orgId)}>
                <span className="cut strong">{name}</span>
                <span className="mid">{[address?.city, text(stages.find(({ stage }) => stage === currentStage)?.label)].filter(Boolean).join(' · ')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Modal>
  );
}
