import { useMeta } from '../../api/index.ts';
import { formatNumber, formatShortDay, instantOf, useTexts } from '../../i18n/index.ts';
import { Legend } from './chart.tsx';
import { FigureLink } from './figure-link.tsx';
import type { Activities } from './queries.ts';
import { texts } from './texts.ts';
import classes from './activities.module.css';

type Day = Activities['days'][number];

/** Noon of a day, which is that day in whatever way it is shown. */
function noonOf(date: string): Date {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return instantOf(year, month, day, 12, 0);
}

function weekdayOf(date: string): number {
  return new Date(`${date}T12:00:00Z`).getUTCDay() || 7;
}

export function useActivitiesFinding(): (activities: Activities) => string {
  const say = useTexts(texts);
  const { business } = useMeta();
  return ({ days, total }) => {
    if (total.activities.count === 0) return say('activitiesNothing');
    const holidays = new Set(business.holidayDates.map(({ date }) => date));
    const working = days.filter(({ date }) => business.workingDays.includes(weekdayOf(date)) && !holidays.has(date)).length;
    const average = formatNumber(total.activities.count / Math.max(1, working), { maximumFractionDigits: 1 });
    if (total.reachedRate === null) return say('activitiesNoCalls', { average });
    return say('activitiesFinding', { average, percent: formatNumber(total.reachedRate, { style: 'percent', maximumFractionDigits: 0 }) });
  };
}

/** What was done day by day; days on which nobody works are narrow. */
export function ActivitiesChart({ activities: { days } }: { readonly activities: Activities }) {
  const say = useTexts(texts);
  const most = Math.max(1, ...days.map((day) => day.activities.count));
  const every = Math.ceil(days.length / 12);
  return (
    <>
      <ol className={classes['days']}>
        {days.map((day, index) => (
          <li key={day.date} className={day.activities.count === 0 ? classes['none'] : undefined}>
            <Column day={day} most={most} />
            <time dateTime={day.date} className={index % every === 0 ? undefined : 'sr'}>
              {index === days.length - 1 ? say('today') : formatShortDay(noonOf(day.date))}
            </time>
          </li>
        ))}
      </ol>
      <Legend entries={[['accent', say('callReached')], ['mid', say('callNotReached')], ['neutral', say('otherKinds')]]} />
    </>
  );
}

function Column({ day, most }: { readonly day: Day; readonly most: number }) {
  const say = useTexts(texts);
  const height = (count: number) => ({ height: `${(count / most) * 100}%` });
  const missed = day.calls.count - day.reached.count;
  const other = day.activities.count - day.calls.count;
  const on = formatShortDay(noonOf(day.date));
  return (
    <span className={classes['column']}>
      {other > 0 && <span className={classes['neutral']} style={height(other)} title={`${on}, ${say('otherKinds')}: ${other}`} />}
      {missed > 0 && <span className={classes['mid']} style={height(missed)} title={`${on}, ${say('callNotReached')}: ${missed}`} />}
      {day.reached.count > 0 && <FigureLink figure={day.reached} what={`${on}, ${say('callReached')}`} className={classes['accent']} style={height(day.reached.count)} />}
    </span>
  );
}

export function ActivitiesTable({ activities: { days } }: { readonly activities: Activities }) {
  const say = useTexts(texts);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say('day')}</th>
          <th scope="col">{say('callReached')}</th>
          <th scope="col">{say('callNotReached')}</th>
          <th scope="col">{say('otherKinds')}</th>
          <th scope="col">{say('total')}</th>
        </tr>
      </thead>
      <tbody>
        {days.toReversed().map((day) => (
          <tr key={day.date}>
            <th scope="row">{formatShortDay(noonOf(day.date))}</th>
            <td><FigureLink figure={day.reached} what={say('callReached')}>{formatNumber(day.reached.count)}</FigureLink></td>
            <td>{formatNumber(day.calls.count - day.reached.count)}</td>
            <td>{formatNumber(day.activities.count - day.calls.count)}</td>
            <td><FigureLink figure={day.activities} what={say('total')}>{formatNumber(day.activities.count)}</FigureLink></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
