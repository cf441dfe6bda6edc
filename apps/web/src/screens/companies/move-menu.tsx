import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { KeyboardEvent } from 'react';
import { stageQuery, useMeta } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { PartFailed, Rows } from '../../parts/index.ts';
import { boardTexts } from './board.texts.ts';
import type { Company } from './queries.ts';
import { verdictOn } from './verdict.ts';
import { VerdictWords } from './verdict-words.tsx';
import classes from './board.module.css';

/** Where a company may go, and what is missing: the board without a mouse. What is open can be pressed, and explains itself. */
export function MoveMenu({ company, onClose, onMove }: { readonly company: Company; readonly onClose: () => void; readonly onMove: (to: string) => void }) {
  const say = useTexts(boardTexts);
  const text = useSystemText();
  const { stages } = useMeta();
  const found = useQuery({ ...stageQuery(company.orgId), staleTime: 0 });
  const ways = stages.flatMap(({ stage, label }) => {
    const transition = found.data?.transitions.find(({ to }) => to === stage);
    return transition ? [{ stage, label, verdict: verdictOn(transition) }] : [];
  });
  return (
    <Modal opened onClose={onClose} title={say('moveCompany', { name: company.name ?? '' })} size="sm" centered>
      {found.isPending && <Rows count={4} height={38} />}
      {found.isError && !found.data && <PartFailed part={say('stagePart')} error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && ways.length === 0 && <p className="dim">{say('impossible')}</p>}
      {ways.length > 0 && (
        <ul className={classes['ways']} onKeyDown={walk}>
          {ways.map(({ stage, label, verdict }, index) => (
            <li key={stage}>
              <button
                type="button"
                data-autofocus={index === 0 || undefined}
                ref={index === 0 ? focusFirst : undefined}
                onClick={() => {
                  onClose();
                  onMove(stage);
                }}
              >
                {text(label)}
                <VerdictWords verdict={verdict} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Modal>
  );
}

/** The ways come after the dialog has opened, so its focus waits for them here. */
function focusFirst(button: HTMLButtonElement | null): void {
  const dialog = button?.closest('[role="dialog"]');
  if (dialog && !dialog.querySelector('li button:focus')) button?.focus();
}

function walk(event: KeyboardEvent<HTMLUListElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[Math.max(0, Math.min(buttons.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
  event.preventDefault();
}
