import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { overviewQuery, useMeta } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, GuardList, Unfold } from '../../parts/index.ts';
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
  const { company, to, rules } = refusal;
  const { orgId } = company;
  const cases = useQuery(overviewQuery(orgId)).data?.cases ?? [];
  const navigate = useNavigate();
  const openCompany = () => void navigate({ to: '/companies/$orgId', params: { orgId }, search: { path: to } });
  const openLog = (logAsked: LogAsked) => void navigate({ to: '/companies/$orgId', params: { orgId }, search: { log: 'new' }, state: { logAsked } });
  const [at] = useState(() => placeOf(orgId));
  const title = say('stays', { name: company.name ?? '', stage: text(stages.find(({ stage }) => stage === company.currentStage)?.label) });
  return (
    <Unfold
      opened
      onClose={onClose}
      label={title}
      width={392}
      position="right-start"
      target={<span className={classes['anchor']} style={at} />}
    >
      <div className={classes['told']}>
        <GuardList title={title} rules={rules} fixes={(rule) => <Fixes rule={rule} orgId={orgId} cases={cases} onLog={openLog} onNewTask={openCompany} />}>
          <div className={classes['foot']}>
            <Button small look="ghost" onClick={openCompany}>{say('toCompany')}</Button>
            <Button small onClick={onClose}>{say('close')}</Button>
          </div>
        </GuardList>
      </div>
    </Unfold>
  );
}

/** Where the card lies; the top of the window when it has left the board meanwhile. */
function placeOf(orgId: string): Readonly<Record<'left' | 'top' | 'width' | 'height', number>> {
  const { left, top, width, height } = document.querySelector(`[data-card="${orgId}"]`)?.getBoundingClientRect() ?? new DOMRect(globalThis.innerWidth / 4, 100);
  return { left, top, width, height };
}
