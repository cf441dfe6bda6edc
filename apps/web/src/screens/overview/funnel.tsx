import { formatNumber, useSystemText, useTexts } from '../../i18n/index.ts';
import { Bar } from './bars.tsx';
import { Legend } from './chart.tsx';
import { FigureLink } from './figure-link.tsx';
import type { Funnel } from './queries.ts';
import { texts } from './texts.ts';
import classes from './bars.module.css';

type FunnelStage = Funnel['stages'][number];

const percent = (share: number) => formatNumber(share, { style: 'percent', maximumFractionDigits: 0 });
const shareOf = ({ entered, onward }: FunnelStage) => (entered.count === 0 ? 0 : onward.count / entered.count);

/** The stage that most of those who reached it have left for good, among those that lose any. */
export function greatestLoss(stages: readonly FunnelStage[]): FunnelStage | undefined {
  const losing = stages.slice(0, -1).filter(({ dropped }) => dropped.count > 0);
  return losing.toSorted((a, b) => b.dropped.count / b.entered.count - a.dropped.count / a.entered.count)[0];
}

export function useFunnelFinding(): (funnel: Funnel) => string {
  const say = useTexts(texts);
  const text = useSystemText();
  return ({ stages }) => {
    const worst = greatestLoss(stages);
    if (worst) return say('funnelFinding', { stage: text(worst.label), percent: percent(shareOf(worst)) });
    return say(stages.some(({ entered }) => entered.count > 0) ? 'funnelFlowing' : 'funnelNothing');
  };
}

/** How far companies come, and where they are lost. */
export function FunnelChart({ funnel: { stages } }: { readonly funnel: Funnel }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const most = Math.max(...stages.map(({ entered }) => entered.count));
  const worst = greatestLoss(stages);
  return (
    <>
      <ol className={classes['bars']}>
        {stages.map((stage) => (
          <Bar
            key={stage.stage}
            label={text(stage.label)}
            most={most}
            segments={[
              { tone: 'accent', label: say('onward'), figure: stage.onward },
              { tone: 'mid', label: say('here'), figure: { ...stage.here, count: stage.here.count } },
              { tone: 'yellow', label: say('back'), figure: stage.back },
              { tone: 'neutral', label: say('dropped'), figure: stage.dropped },
            ]}
            value={<FigureLink figure={stage.entered} what={`${text(stage.label)}, ${say('entered')}`}>{formatNumber(stage.entered.count)}</FigureLink>}
            note={
              stage.entered.count > 0 && stage !== stages.at(-1) ? (
                <span className={stage === worst ? 'red strong' : undefined}>
                  {say('onwardShare', { percent: percent(shareOf(stage)) })} · {say('droppedCount', { count: stage.dropped.count })}
                </span>
              ) : undefined
            }
          />
        ))}
      </ol>
      <Legend entries={[['accent', say('onward')], ['mid', say('here')], ['yellow', say('back')], ['neutral', say('dropped')]]} />
    </>
  );
}

export function FunnelTable({ funnel }: { readonly funnel: Funnel }) {
  const say = useTexts(texts);
  const text = useSystemText();
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say('stage')}</th>
          {(['entered', 'onward', 'here', 'back', 'dropped'] as const).map((column) => (
            <th key={column} scope="col">{say(column)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[{ key: '', name: undefined, stages: funnel.stages }, ...funnel.groups.map((group) => ({ key: group.key ?? '-', name: text(group.label) || group.key || say('without'), stages: group.stages }))].flatMap(
          ({ key, name, stages }) =>
            stages.map((stage) => (
              <tr key={`${key} ${stage.stage}`}>
                <th scope="row">{name === undefined ? text(stage.label) : `${name} · ${text(stage.label)}`}</th>
                {(['entered', 'onward', 'here', 'back', 'dropped'] as const).map((column) => (
                  <td key={column}>
                    <FigureLink figure={stage[column]} what={`${text(stage.label)}, ${say(column)}`}>{formatNumber(stage[column].count)}</FigureLink>
                  </td>
                ))}
              </tr>
            )),
        )}
      </tbody>
    </table>
  );
}
