import { useQuery } from '@tanstack/react-query';
import { formatShortDay, formatTime, useTexts } from '../../../i18n/index.ts';
import { PartFailed, Rows } from '../../../parts/index.ts';
import { whyNotQuery } from '../queries.ts';
import { texts } from '../texts.ts';
import classes from './timeline.module.css';
import { RuleFacts } from './why-step.tsx';

/** What happened lately and made rules look and do nothing, with the part that was false. */
export function WhyNot({ orgId, onBack }: { readonly orgId: string; readonly onBack?: () => void }) {
  const say = useTexts(texts);
  const whyNot = useQuery(whyNotQuery(orgId));
  return (
    <div className={classes['why']}>
      <h2>{say('whyNotTitle')}</h2>
      {whyNot.isPending && <Rows count={4} height={24} />}
      {whyNot.isError && <PartFailed part={say('whyPart')} error={whyNot.error} retry={() => void whyNot.refetch()} />}
      {whyNot.data?.items.length === 0 && <p>{say('whyNotNothing')}</p>}
      <ol>
        {whyNot.data?.items.map(({ event, looks }) => (
          <li key={event.eventId}>
            <p className="strong">
              <span className="mono">{event.type}</span>, {formatShortDay(new Date(event.at))} {formatTime(new Date(event.at))}
            </p>
            {looks.map((look) => (
              <dl key={`${look.template} ${look.rule}`} className={classes['facts']}>
                <RuleFacts look={look} />
              </dl>
            ))}
          </li>
        ))}
      </ol>
      {onBack && (
        <p>
          <button type="button" className={classes['link']} onClick={onBack}>{say('backToWhy')}</button>
        </p>
      )}
    </div>
  );
}
