import IconCheck from '@tabler/icons-react/icons/IconCheck';
import type { ReactNode } from 'react';
import { smallIcon } from './icon.ts';
import classes from './stage-path.module.css';

export interface PathStep {
  readonly key: string;
  readonly label: string;
  /** done: it was there; now; open: reachable, but something is missing; ready: reachable; ahead: not from here. */
  readonly state: 'done' | 'now' | 'open' | 'ready' | 'ahead';
  /** Beside the label: the time spent, or what is open. */
  readonly note?: string | undefined;
}

interface StagePathProps {
  readonly label: string;
  readonly steps: readonly PathStep[];
  readonly small?: boolean;
  /** With it, each step is a button that opens what it takes. */
  readonly opened?: string | undefined;
  readonly onOpen?: ((key: string) => void) | undefined;
  /** Stands around the button of a step, as a popover does. */
  readonly around?: ((step: PathStep, button: ReactNode) => ReactNode) | undefined;
}

/** The way through stages or phases as one band of chevrons. */
export function StagePath({ label, steps, small, opened, onOpen, around = (_step, button) => button }: StagePathProps) {
  return (
    <ol className={`${classes['path'] ?? ''} ${small ? classes['small'] : ''}`} aria-label={label}>
      {steps.map((step) => {
        const content = (
          <>
            {step.state === 'done' && <IconCheck {...smallIcon} />}
            <span className="cut">{step.label}</span>
            {step.note && <span className={classes['note']}>{step.note}</span>}
          </>
        );
        const current = step.state === 'now' ? 'step' : undefined;
        return (
          <li key={step.key} className={classes[step.state]}>
            {onOpen ? (
              around(
                step,
                <button type="button" className={classes['step']} aria-current={current} aria-haspopup="dialog" aria-expanded={opened === step.key} title={step.label} onClick={() => onOpen(step.key)}>
                  {content}
                </button>,
              )
            ) : (
              <span className={classes['step']} aria-current={current}>{content}</span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** The same where there is no room for words. */
export function PathBars({ label, steps }: { readonly label: string; readonly steps: readonly PathStep[] }) {
  return (
    <ol className={classes['bars']} aria-label={label}>
      {steps.map(({ key, label: name, state }) => (
        <li key={key} className={classes[state]} aria-current={state === 'now' ? 'step' : undefined}>
          <span className="sr">{name}</span>
        </li>
      ))}
    </ol>
  );
}
