import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/index.ts';
import { Button } from './button.tsx';
import { tellTexts } from './tell.texts.ts';

const SHOWN_MS = 6_000;

export interface TellOptions {
  readonly tone?: 'good' | 'bad' | undefined;
  readonly undo?: (() => void) | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

/** A line at the edge that says what has happened, and how to take it back. */
export function tell(words: ReactNode, { tone = 'good', undo, action }: TellOptions = {}): void {
  const offered = undo ? { label: i18next.t('undo', { ns: tellTexts.namespace }), run: undo } : action;
  const id = notifications.show({
    message: (
      <span className="row">
        <span className="grow">{words}</span>
        {offered && (
          <Button
            small
            onClick={() => {
              notifications.hide(id);
              offered.run();
            }}
          >
            {offered.label}
          </Button>
        )}
      </span>
    ),
    color: tone === 'bad' ? 'var(--tf-red-solid)' : 'var(--tf-green-solid)',
    autoClose: SHOWN_MS,
    closeButtonProps: { 'aria-label': i18next.t('close', { ns: tellTexts.namespace }) },
    role: tone === 'bad' ? 'alert' : 'status',
  });
}

/** Says a refusal or failure in the words of the house. `label` turns a stage's code into its name. */
export function tellProblem(error: unknown, label: (stage: string) => string = (stage) => stage): void {
  tell(problemInWords(error, label), { tone: 'bad' });
}

export function problemInWords(error: unknown, label: (stage: string) => string = (stage) => stage): string {
  const say = (key: string, values: Record<string, string> = {}) => i18next.t(key, { ns: tellTexts.namespace, ...values });
  if (!(error instanceof ApiProblem)) return String(error);
  const { body, code } = error;
  const by = wordOf(body['by']);
  if (error.status === 0) return say('unreachable');
  if (error.status === 429 || error.status === 503) return say('busy', { seconds: String(error.retryAfter ?? 1) });
  if (code === 'TASK_CLAIMED_BY') return say('claimedBy', { by });
  if (code === 'CASE_CLAIMED_BY') return say('caseClaimedBy', { by });
  if (code === 'STAGE_CHANGED') return say('stageChanged', { by, stage: label(wordOf(body['currentStage'])) });
  if (error.status === 412) return say('stale');
  const [violation] = body.violations ?? [];
  return violation ? `${violation.path}: ${violation.message} (${violation.expected})` : body.detail;
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
