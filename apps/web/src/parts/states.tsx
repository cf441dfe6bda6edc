import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useEffect, useRef, useState, type ComponentType, type ReactNode } from 'react';
import { ApiProblem } from '../api/index.ts';
import { useTexts } from '../i18n/index.ts';
import { Button } from './button.tsx';
import { icon } from './icon.ts';
import { stateTexts } from './states.texts.ts';
import classes from './states.module.css';

const RETRY_SECONDS = 10;

/** Nothing is there: what that means, and one action. */
export function Empty({ icon: Icon, children, action }: { readonly icon?: ComponentType<{ size?: number; stroke?: number }>; readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className={classes['empty']}>
      {Icon && <Icon size={24} stroke={1.5} />}
      <p>{children}</p>
      {action}
    </div>
  );
}

/** A part that could not be read says so in its place, in words, and tries again by itself; the rest works on. */
export function PartFailed({ part, error, retry }: { readonly part: string; readonly error?: unknown; readonly retry: () => void }) {
  const say = useTexts(stateTexts);
  const problem = error instanceof ApiProblem ? error : undefined;
  const passes = problem === undefined || problem.passes;
  const left = useCountdown(passes, problem?.retryAfter ?? RETRY_SECONDS, retry);
  const words = passes ? say('unreachable', { part }) : problem.status === 404 ? say('missing', { part }) : problem.status === 403 ? say('forbidden') : problem.body.detail;
  return (
    <div className={classes['failed']} role="alert">
      <IconAlertTriangle {...icon} />
      <span className="grow">{words}</span>
      {passes && (
        <Button small onClick={retry}>
          {say('retryIn', { count: left })}
        </Button>
      )}
    </div>
  );
}

/** Counts down and runs, again and again while `active`; answers the seconds that are left. */
function useCountdown(active: boolean, from: number, run: () => void): number {
  const [left, setLeft] = useState(from);
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!active) return undefined;
    let seconds = from;
    const timer = setInterval(() => {
      seconds = seconds > 1 ? seconds - 1 : RETRY_SECONDS;
      setLeft(seconds);
      if (seconds === RETRY_SECONDS) latest.current();
    }, 1_000);
    return () => clearInterval(timer);
  }, [active, from]);
  return left;
}

/** Rows that are on their way, in their final height; shown after a moment, so that what is quick does not flicker. */
export function Rows({ count = 8, height = 36 }: { readonly count?: number; readonly height?: number }) {
  const say = useTexts(stateTexts);
  return (
    <div className={classes['rows']} role="status" aria-label={say('loading')}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} style={{ height }} className={classes['row']}>
          <span style={{ width: `${22 + ((index * 37) % 40)}%` }} />
          <span style={{ width: `${12 + ((index * 23) % 25)}%` }} />
        </div>
      ))}
    </div>
  );
}
