import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { formatTime, useTexts } from '../../i18n/index.ts';
import { PageHead, Segmented, useNow } from '../../parts/index.ts';
import { ActivitiesChart, ActivitiesTable, useActivitiesFinding } from './activities.tsx';
import { Chart } from './chart.tsx';
import { FunnelChart, FunnelTable, useFunnelFinding } from './funnel.tsx';
import { activitiesQuery, funnelQuery, queueLoadQuery, timeQuery } from './queries.ts';
import { QueuesChart, QueuesTable, useQueuesFinding } from './queue-load.tsx';
import { texts } from './texts.ts';
import { TimeChart, TimeTable, useTimeFinding } from './time-in-stage.tsx';
import { useSpan } from './use-span.ts';
import classes from './overview.module.css';

/** How it goes: how far companies come, how long they take, what waits, what is done. */
export function Overview() {
  const say = useTexts(texts);
  const now = useNow();
  const { span, days, by, change } = useSpan();
  const funnelFinding = useFunnelFinding();
  const timeFinding = useTimeFinding();
  const queuesFinding = useQueuesFinding();
  const activitiesFinding = useActivitiesFinding();
  return (
    <>
      <PageHead title={say('title')} facts={<span className="wide">{say('asOf', { time: formatTime(now) })}</span>}>
        <Segmented
          label={say('span')}
          value={days}
          onChange={(next) => change({ days: next })}
          choices={[
            { value: '7', label: say('days7') },
            { value: '30', label: say('days30') },
            { value: '90', label: say('days90') },
            { value: '365', label: say('days365') },
          ]}
        />
        <Select
          className="wide"
          aria-label={say('by')}
          size="xs"
          w={150}
          value={by ?? 'none'}
          onChange={(next) => change({ by: next === 'none' ? undefined : (next ?? undefined) })}
          allowDeselect={false}
          data={[
            { value: 'none', label: say('byNothing') },
            { value: 'industry', label: say('byIndustry') },
            { value: 'owner', label: say('byOwner') },
            { value: 'city', label: say('byCity') },
          ]}
        />
      </PageHead>
      <div className={classes['scroll']} tabIndex={0} role="region" aria-label={say('title')}>
        <div className={classes['charts']}>
          <Chart title={say('funnel')} query={useQuery(funnelQuery(span, by))} finding={funnelFinding} chart={(funnel) => <FunnelChart funnel={funnel} />} table={(funnel) => <FunnelTable funnel={funnel} />} />
          <Chart title={say('time')} query={useQuery(timeQuery(span, by))} finding={timeFinding} chart={(times) => <TimeChart times={times} />} table={(times) => <TimeTable times={times} />} />
          <Chart title={say('queues')} query={useQuery(queueLoadQuery(span))} finding={queuesFinding} chart={(load) => <QueuesChart load={load} />} table={(load) => <QueuesTable load={load} />} />
          <Chart title={say('activities')} query={useQuery(activitiesQuery(span))} finding={activitiesFinding} chart={(activities) => <ActivitiesChart activities={activities} />} table={(activities) => <ActivitiesTable activities={activities} />} />
        </div>
      </div>
    </>
  );
}
