import { Link } from '@tanstack/react-router';
import { useMeta, type Case } from '../../api/index.ts';
import { formatDate, formatTime, useSystemText, useTexts } from '../../i18n/index.ts';
import { CaseStatus, Due } from '../../parts/index.ts';
import { texts } from './texts.ts';
import classes from './case.module.css';

export function KeyFacts({ item }: { readonly item: Case }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { priorities, outcomeCodes } = useMeta();
  const at = (instant: string) => `${formatDate(new Date(instant))}, ${formatTime(new Date(instant))}`;
  return (
    <section className={classes['facts']} aria-labelledby="facts">
      <h2 id="facts">{say('facts')}</h2>
      {item.description && <p className="mid">{item.description}</p>}
      <dl>
        <dt>{say('status')}</dt>
        <dd>
          <CaseStatus item={item} /> <span className="dim">{text(item.statusReason)}</span>
        </dd>
        <dt>{say('priority')}</dt>
        <dd>{text(priorities.find(({ code }) => code === item.priority)?.label)}</dd>
        {item.dueAt && (
          <>
            <dt>{say('due')}</dt>
            <dd><Due dueAt={item.dueAt} /></dd>
          </>
        )}
        {item.template && (
          <>
            <dt>{say('template')}</dt>
            <dd>
              <Link to="/workflows/$key" params={{ key: item.template }} search={{ version: String(item.templateVersion ?? '') }} className={classes['link']}>
                {item.template} v{item.templateVersion}
              </Link>
            </dd>
          </>
        )}
        <dt>{say('openedAt')}</dt>
        <dd>{at(item.openedAt)}</dd>
        {item.closedAt && (
          <>
            <dt>{say('closedAt')}</dt>
            <dd>{at(item.closedAt)}</dd>
            <dt>{say('outcome')}</dt>
            <dd>{text(outcomeCodes.find(({ code }) => code === item.outcomeCode)?.label)}{item.outcomeNote && <span className="dim"> {item.outcomeNote}</span>}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
