import { formatNumber, useSystemText, useTexts } from '../../i18n/index.ts';
import { Legend } from './chart.tsx';
import { FigureLink } from './figure-link.tsx';
import type { TimeInStage } from './queries.ts';
import { texts } from './texts.ts';
import { useDuration } from './use-duration.ts';
import classes from './bars.module.css';

type StageTime = TimeInStage['stages'][number];

/** The stage that companies stay in longest, which is what the sentence is about. */
function slowest(stages: readonly StageTime[]): StageTime | undefined {
  return stages.filter(({ medianSeconds }) => medianSeconds !== undefined).toSorted((a, b) => (b.medianSeconds ?? 0) - (a.medianSeconds ?? 0))[0];
}

export function useTimeFinding(): (times: TimeInStage) => string {
  const say = useTexts(texts);
  const text = useSystemText();
  const duration = useDuration();
  // Abbreviated units end in a dot of their own.
  const sentence = (words: string) => words.replace(/\.\.$/, '.');
  return ({ stages }) => {
    const stage = slowest(stages);
    if (stage?.medianSeconds === undefined) return say('timeNothing');
    const values = { stage: text(stage.label), median: duration(stage.medianSeconds) };
    const before = stage.before.medianSeconds;
    if (before === undefined || Math.abs(before - stage.medianSeconds) < 60) return sentence(say('timeFinding', values));
    const difference = duration(Math.abs(before - stage.medianSeconds));
    return say(before > stage.medianSeconds ? 'timeFaster' : 'timeSlower', { ...values, difference });
  };
}

/** Side stages where nobody is and that nobody left say nothing. */
const isTelling = ({ left, here }: StageTime) => left.count > 0 || here.count > 0;

/** How long companies stay: the median as a bar, nine of ten as a line, and who is there longer right now. */
export function TimeChart({ times: { stages } }: { readonly times: TimeInStage }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const duration = useDuration();
  const most = Math.max(1, ...stages.map(({ p90Seconds }) => p90Seconds ?? 0));
  const width = (seconds: number) => `${(seconds / most) * 62}%`;
  return (
    <>
      <ol className={classes['bars']}>
        {stages.filter(isTelling).map((stage) => {
          const { medianSeconds, p90Seconds, hereLonger, label } = stage;
          return (
            <li key={stage.stage} className={classes['bar']}>
              <span className={`cut ${classes['label'] ?? ''}`}>{text(label)}</span>
              <span className={classes['track']}>
                {medianSeconds !== undefined && p90Seconds !== undefined && (
                  <>
                    <span className={`${classes['segment'] ?? ''} ${classes['accent'] ?? ''}`} style={{ flexBasis: width(medianSeconds) }} />
                    <span className={classes['whisker']} style={{ flexBasis: width(p90Seconds - medianSeconds) }} />
                  </>
                )}
                <span className={`fig ${classes['value'] ?? ''}`}>
                  {medianSeconds === undefined ? '–' : duration(medianSeconds)}
                  {p90Seconds !== undefined && <span className="dim"> / {duration(p90Seconds)}</span>}
                </span>
              </span>
              <span className={classes['note']}>
                {hereLonger.count > 0 ? <FigureLink figure={hereLonger} what={text(label)}>{say('longer', { count: hereLonger.count })}</FigureLink> : say('noneLonger')}
              </span>
            </li>
          );
        })}
      </ol>
      <Legend entries={[['accent', say('median')], ['neutral', say('p90Legend')]]} />
    </>
  );
}

export function TimeTable({ times }: { readonly times: TimeInStage }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const duration = useDuration();
  const shown = (seconds: number | undefined) => (seconds === undefined ? '–' : duration(seconds));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say('stage')}</th>
          <th scope="col">{say('median')}</th>
          <th scope="col">{say('p90')}</th>
          <th scope="col">{say('left')}</th>
          <th scope="col">{say('hereNow')}</th>
        </tr>
      </thead>
      <tbody>
        {times.stages.map((stage) => (
          <tr key={stage.stage}>
            <th scope="row">{text(stage.label)}</th>
            <td>{shown(stage.medianSeconds)}</td>
            <td>{shown(stage.p90Seconds)}</td>
            <td><FigureLink figure={stage.left} what={`${text(stage.label)}, ${say('left')}`}>{formatNumber(stage.left.count)}</FigureLink></td>
            <td><FigureLink figure={stage.here} what={`${text(stage.label)}, ${say('hereNow')}`}>{formatNumber(stage.here.count)}</FigureLink></td>
          </tr>
        ))}
        {times.groups.flatMap((group) =>
          group.stages.map((stage) => (
            <tr key={`${group.key ?? '-'} ${stage.stage}`}>
              <th scope="row">{`${text(group.label) || group.key || say('without')} · ${text(stage.label)}`}</th>
              <td>{shown(stage.medianSeconds)}</td>
              <td>{shown(stage.p90Seconds)}</td>
              <td><FigureLink figure={stage.left} what={`${text(stage.label)}, ${say('left')}`}>{formatNumber(stage.left.count)}</FigureLink></td>
              <td>–</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}
