import { Link } from '@tanstack/react-router';
import { useMeta } from '../../api/index.ts';
import { formatFull, useSystemText } from '../../i18n/index.ts';
import { LastActivity, useNow } from '../../parts/index.ts';
import { CompanyName, NextTask, Owner, Readiness } from './facts.tsx';
import { useStay } from './in-stage.ts';
import type { Company } from './queries.ts';
import { useFlash } from './use-flash.ts';
import classes from './list.module.css';

/** One company as people scan it: which, how far, what is next, what was last, what is missing, how long, whose. */
export function CompanyRow({ company, chosen, onChoose }: { readonly company: Company; readonly chosen: boolean; readonly onChoose: () => void }) {
  const text = useSystemText();
  const now = useNow();
  const stay = useStay();
  const flash = useFlash(company);
  const { stages } = useMeta();
  return (
    <tr className={classes[flash ?? '']} aria-current={chosen || undefined} data-org={company.orgId} onMouseDown={onChoose}>
      <td className={`cut ${classes['company'] ?? ''}`}>
        <Link to="/companies/$orgId" params={{ orgId: company.orgId }} onFocus={onChoose}><CompanyName company={company} /></Link>{' '}
        <span className="dim wide">{company.address?.city}</span>
      </td>
      <td className={`cut mid ${classes['optional'] ?? ''}`}>{text(stages.find(({ stage }) => stage === company.currentStage)?.label)}</td>
      <td className={`cut ${classes['task'] ?? ''}`}><NextTask company={company} titled /></td>
      <td className={`cut dim ${classes['optional'] ?? ''}`}><LastActivity of={company.lastActivity} /></td>
      <td className={classes['next']}><Readiness company={company} /></td>
      <td className={`fig mid ${classes['number'] ?? ''}`} title={formatFull(new Date(company.stageSince))}>{stay(company.stageSince, now)}</td>
      <td className={`cut ${classes['optional'] ?? ''}`}><Owner company={company} named /></td>
    </tr>
  );
}
