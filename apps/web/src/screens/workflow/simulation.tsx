import { formatNumber, useTexts } from '../../i18n/index.ts';
import { Button, problemInWords, useNow } from '../../parts/index.ts';
import type { SimulationProgress, SimulationResult } from './draft-calls.ts';
import { texts } from './draft.texts.ts';
import { SimulationTable } from './simulation-table.tsx';
import type { Simulation as Running } from './use-simulation.ts';
import classes from './draft.module.css';
import pageClasses from './workflow.module.css';

interface SimulationProps {
  readonly simulation: Running;
  readonly source: string;
  again(since: string | undefined, orgIds: readonly string[] | undefined): void;
}

const DAY_MS = 86_400_000;
const periods = [30, 90, 365] as const;

/** What would have come differently with the draft: on its way, then in numbers and by company. */
export function Simulation({ simulation: { state, cancel }, source, again }: SimulationProps) {
  const say = useTexts(texts);
  if (state.kind === 'idle') return null;
  return (
    <section className={classes['simulation']} aria-labelledby="simulation">
      <div className={classes['simHead']} aria-live="polite">
        <h2 id="simulation">{say('simulation')}</h2>
        {state.kind === 'running' && <UnderWay progress={state.progress} cancel={cancel} />}
        {state.kind === 'notOffered' && <span className="mid">{say('notOffered')}</span>}
        {state.kind === 'failed' && (
          <>
            <span className="red">{say('failed', { reason: problemInWords(state.error) })}</span>
            <Button small onClick={() => again(state.request.since, state.request.orgIds)}>{say('retry')}</Button>
          </>
        )}
        {state.kind === 'done' && <Since chosen={state.request.since} choose={(since) => again(since, state.request.orgIds)} />}
        {state.kind === 'done' && <Totals result={state.result} outdated={state.request.template !== source} />}
      </div>
      {state.kind === 'done' && state.result.differences.length > 0 && <SimulationTable result={state.result} />}
    </section>
  );
}

function UnderWay({ progress, cancel }: { readonly progress: SimulationProgress | undefined; cancel(): void }) {
  const say = useTexts(texts);
  return (
    <>
      <progress className={classes['progress']} aria-label={say('progress')} {...(progress ? { value: progress.events, max: Math.max(progress.total, 1) } : {})} />
      <span className="mid fig" aria-live="off">
        {progress ? say('running', { events: formatNumber(progress.events), total: formatNumber(progress.total), orgs: formatNumber(progress.orgs) }) : say('starting')}
      </span>
      <Button small onClick={cancel}>{say('cancel')}</Button>
    </>
  );
}

function Totals({ result: { events, orgs, totals, differences }, outdated }: { readonly result: SimulationResult; readonly outdated: boolean }) {
  const say = useTexts(texts);
  return (
    <>
      <span className="mid">{say('read', { events: formatNumber(events), orgs: formatNumber(orgs) })}</span>
      {differences.length === 0 && <span>{say('same')}</span>}
      {outdated && <span className="yellow">{say('outdated')}</span>}
      <span className={classes['totals']}>
        {(['cases', 'tasks', 'transitions'] as const).map((kind) => (
          <span key={kind} className="mid">
            {say(kind)} <b>{formatNumber(totals[kind].after)}</b> <Delta by={totals[kind].after - totals[kind].before} />
          </span>
        ))}
        <span className="dim">{say('unchanged')}</span>
      </span>
    </>
  );
}

function Delta({ by }: { readonly by: number }) {
  if (by === 0) return <span className="dim">±0</span>;
  return <span className={`strong ${by > 0 ? 'green' : 'red'}`}>{formatNumber(by, { signDisplay: 'always' })}</span>;
}

/** From when on the draft is taken as in force. */
function Since({ chosen, choose }: { readonly chosen: string | undefined; choose(since: string | undefined): void }) {
  const say = useTexts(texts);
  const now = useNow();
  const dayOf = (at: Date) => at.toISOString().slice(0, 10);
  const choices = periods.map((days) => ({ days, at: new Date(now.getTime() - days * DAY_MS) }));
  const days = choices.find(({ at }) => chosen !== undefined && dayOf(at) === dayOf(new Date(chosen)))?.days;
  return (
    <select className={pageClasses['select']} aria-label={say('since')} value={days ?? ''} onChange={({ currentTarget }) => choose(choices.find(({ days }) => String(days) === currentTarget.value)?.at.toISOString())}>
      <option value="">{say('whole')}</option>
      {choices.map(({ days }) => (
        <option key={days} value={days}>{say('sinceDays', { count: days })}</option>
      ))}
    </select>
  );
}
