import { Drawer, Popover } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { api, newIntention, useMe, useMeta, type RuleResult } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, GuardList, tell, tellProblem } from '../../parts/index.ts';
import { boardTexts } from './board.texts.ts';
import type { Refusal } from './use-move.ts';
import classes from './board.module.css';

/** Why a card went back, beside the card, with the way out; on a phone as a sheet. */
export function Refused({ refusal, onClose }: { readonly refusal: Refusal; readonly onClose: () => void }) {
  const say = useTexts(boardTexts);
  const text = useSystemText();
  const { stages } = useMeta();
  const narrow = useMediaQuery('(max-width: 48em)', globalThis.matchMedia('(max-width: 48em)').matches);
  const { company, rules } = refusal;
  const [at] = useState(() => document.querySelector(`[data-card="${company.orgId}"]`)?.getBoundingClientRect());
  const title = say('stays', { name: company.name ?? '', stage: text(stages.find(({ stage }) => stage === company.currentStage)?.label) });
  const content = (
    <div role="alertdialog" aria-label={title} className={classes['told']}>
      <GuardList title={title} rules={rules} fixes={(rule) => <Fix rule={rule} refusal={refusal} onDone={onClose} />}>
        <Foot refusal={refusal} onClose={onClose} />
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

function Foot({ refusal: { company, to }, onClose }: { readonly refusal: Refusal; readonly onClose: () => void }) {
  const say = useTexts(boardTexts);
  const navigate = useNavigate();
  return (
    <div className={classes['foot']}>
      <Button small look="ghost" onClick={() => void navigate({ to: '/companies/$orgId', params: { orgId: company.orgId }, search: { path: to } })}>{say('toCompany')}</Button>
      <Button small onClick={onClose}>{say('close')}</Button>
    </div>
  );
}

/** The button that leads to where an open rule is met. */
function Fix({ rule: { fix }, refusal: { company }, onDone }: { readonly rule: RuleResult; readonly refusal: Refusal; readonly onDone: () => void }): ReactNode {
  const say = useTexts(boardTexts);
  const navigate = useNavigate();
  const client = useQueryClient();
  const { rights } = useMe();
  const [busy, setBusy] = useState(false);
  const { orgId, name } = company;
  if (fix?.action === 'LOG_ACTIVITY' && rights.includes('log_activities')) {
    const label = fix.params?.['field'] === 'followUpAt' ? say('fixFollowUp') : say('fixLog');
    return <Button small onClick={() => void navigate({ to: '/companies/$orgId', params: { orgId }, search: { log: 'new' } })}>{label}</Button>;
  }
  const key = fix?.params?.['template'];
  if (fix?.action !== 'START_TEMPLATE' || typeof key !== 'string' || !rights.includes('start_templates')) return null;
  const start = async () => {
    setBusy(true);
    try {
      await api.POST('/workflows/{key}/start', { params: { path: { key }, header: { 'Idempotency-Key': newIntention() } }, body: { orgId } });
      tell(say('started', { name: name ?? '' }));
      void client.invalidateQueries({ queryKey: ['orgs'] });
      onDone();
    } catch (error) {
      tellProblem(error);
      setBusy(false);
    }
  };
  return <Button small busy={busy} onClick={() => void start()}>{say('fixStart')}</Button>;
}
