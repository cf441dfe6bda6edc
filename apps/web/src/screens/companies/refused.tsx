import { Drawer, Popover } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { overviewQuery, useMeta } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, GuardList } from '../../parts/index.ts';
import { Fixes } from '../company/moves/fixes.tsx';
import type { LogAsked } from '../company/nav.ts';
import { boardTexts } from './board.texts.ts';
import type { Refusal } from './use-move.ts';
import classes from './board.module.css';

/** Why a card went back, beside the card, with the way out; on a phone as a sheet. */
export function Refused({ refusal, onClose }: { readonly refusal: Refusal; readonly onClose: () => void }) {
  const say = useTexts(boardTexts);
  const text = useSystemText();
  const { stages } = useMeta();
  const narrow = useMediaQuery('(max-width: 48em)', globalThis.matchMedia('(max-width: 48em)').matches);
  const { company, to, rules } = refusal;
  const { orgId } = company;
  const cases = useQuery(overviewQuery(orgId)).data?.cases ?? [];
  const navigate = useNavigate();
  const openCompany = () => void navigate({ to: '/companies/$orgId', params: { orgId }, search: { path: to } });
  const openLog = (logAsked: LogAsked) => void navigate({ to: '/companies/$orgId', params: { orgId }, search: { log: 'new' }, state: { logAsked } });
  const [at] = useState(() => document.querySelector(`[data-card="${orgId}"]`)?.getBoundingClientRect());
  const title = say('stays', { name: company.name ?? '', stage: text(stages.find(({ stage }) => stage === company.currentStage)?.label) });
  const content = (
    <div role="alertdialog" aria-label={title} className={classes['told']}>
      <GuardList title={title} rules={rules} fixes={(rule) => <Fixes rule={rule} orgId={orgId} cases={cases} onLog={openLog} onNewTask={openCompany} />}>
        <div className={classes['foot']}>
          <Button small look="ghost" onClick={openCompany}>{say('toCompany')}</Button>
          <Button small onClick={onClose}>{say('close')}</Button>
        </div>
      </GuardList>
    </div>
  );
  if (narrow || !at) {
    return <Drawer opened onClose={onClose} position="bottom" size="auto" title={say('move')}>{content}</Drawer>;
  }
  return (
    <Popover opened onChange={(opened) => !opened && onClose()} position="right-start" withArrow trapFocus returnFocus withRoles={false} width={392} withinPortal>
      <Popover.Target>
        <span className={classes['anchor']} style={{ left: at.left, top: at.top, width: at.width, height: at.height }} />
      </Popover.Target>
      <Popover.Dropdown p="md">{content}</Popover.Dropdown>
    </Popover>
  );
}
