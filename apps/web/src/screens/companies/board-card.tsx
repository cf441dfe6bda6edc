import IconArrowsRight from '@tabler/icons-react/icons/IconArrowsRight';
import { Link } from '@tanstack/react-router';
import type { PointerEvent as ReactPointerEvent, ReactNode } from 'react';
import { useMeta } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { useNow } from '../../parts/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { boardTexts } from './board.texts.ts';
import { CompanyName, NextTask, Owner, Readiness } from './facts.tsx';
import { useStay } from './in-stage.ts';
import type { Company } from './queries.ts';
import { useFlash } from './use-flash.ts';
import classes from './board.module.css';

interface BoardCardProps {
  readonly company: Company;
  readonly chosen: boolean;
  /** Its double is under the pointer, or on its way back. */
  readonly away: boolean;
  /** A refusal is shown beside it. */
  readonly held: boolean;
  readonly onChoose: () => void;
  readonly onMove: (() => void) | undefined;
  readonly onHold: ((event: ReactPointerEvent<HTMLElement>) => void) | undefined;
}

/** A company on the board. */
export function BoardCard({ company, chosen, away, held, onChoose, onMove, onHold }: BoardCardProps) {
  const say = useTexts(boardTexts);
  const flash = useFlash(company);
  const names = [classes['card'], onHold && classes['movable'], away && classes['away'], held && classes['held'], classes[flash ?? '']];
  return (
    <li
      className={names.filter(Boolean).join(' ')}
      aria-current={chosen || undefined}
      data-card={company.orgId}
      onPointerDown={(event) => {
        onChoose();
        onHold?.(event);
      }}
    >
      <CardFace company={company} onFocus={onChoose}>
        {onMove && (
          <button type="button" className={classes['move']} aria-label={say('moveKey')} title={say('moveKey')} onClick={onMove}>
            <IconArrowsRight {...smallIcon} />
          </button>
        )}
      </CardFace>
    </li>
  );
}

/** What a card says; its double under the pointer says the same. What can be done to it appears in the place of its age. */
export function CardFace({ company, onFocus, children }: { readonly company: Company; readonly onFocus?: () => void; readonly children?: ReactNode }) {
  const text = useSystemText();
  const now = useNow();
  const stay = useStay();
  const { orgKinds } = useMeta();
  const kind = orgKinds.find(({ code }) => code === company.orgKind);
  return (
    <>
      <Link to="/companies/$orgId" params={{ orgId: company.orgId }} className={classes['name']} draggable={false} onFocus={onFocus}>
        <CompanyName company={company} />
      </Link>
      <span className={classes['fact']}>
        <span className="cut">{company.address?.city}</span>
        <span className={`push fig ${children ? classes['age'] : ''}`}>{stay(company.stageSince, now)}</span>
        {children}
      </span>
      <span className={classes['fact']}>
        <span className="cut">{company.nextTask || kind?.qualified ? <NextTask company={company} titled={false} /> : text(kind?.label)}</span>
        <span className={`push ${classes['marks'] ?? ''}`}>
          <Readiness company={company} short />
          {company.accountOwner && <Owner company={company} named={false} />}
        </span>
      </span>
    </>
  );
}
