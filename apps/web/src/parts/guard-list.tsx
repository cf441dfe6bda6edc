import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCircleX from '@tabler/icons-react/icons/IconCircleX';
import { Fragment, type ReactNode } from 'react';
import type { RuleResult } from '../api/index.ts';
import { formatNumber, useSystemText, useTexts } from '../i18n/index.ts';
import { guardTexts } from './guard-list.texts.ts';
import { icon } from './icon.ts';
import classes from './guard-list.module.css';

interface GuardListProps {
  readonly title: ReactNode;
  readonly rules: readonly RuleResult[];
  /** The buttons that lead to where an open rule can be met. */
  readonly fixes?: ((rule: RuleResult) => ReactNode) | undefined;
  readonly children?: ReactNode;
}

/** What has to be true before something may happen: a tick or a cross per rule, its present value, and the way out. */
export function GuardList({ title, rules, fixes, children }: GuardListProps) {
  const say = useTexts(guardTexts);
  const met = rules.filter((rule) => rule.met).length;
  return (
    <>
      <div className={classes['head']}>
        <h2>{title}</h2>
        {rules.length > 0 && <span className="push dim fig">{say('met', { met, count: rules.length })}</span>}
      </div>
      {rules.length === 0 && <p className={classes['none']}>{say('none')}</p>}
      <ul className={classes['rules']}>
        {rules.map((rule) => (
          <Rule key={rule.rule} rule={rule} fixes={fixes} />
        ))}
      </ul>
      {children}
    </>
  );
}

function Rule({ rule, fixes }: { readonly rule: RuleResult; readonly fixes: GuardListProps['fixes'] }) {
  const say = useTexts(guardTexts);
  const text = useSystemText();
  const value = valueInWords(rule.value, say('present'));
  const told = rule.met ? value : [value, text(rule.hint)].filter(Boolean).join(' · ');
  return (
    <li className={classes[rule.met ? 'met' : 'unmet']}>
      {rule.met ? <IconCircleCheck {...icon} /> : <IconCircleX {...icon} />}
      <span className={classes['message']}>
        {text(rule.message)}
        <span className="sr"> – {say(rule.met ? 'isMet' : 'isOpen')}</span>
      </span>
      {told && <span className={classes['value']}>{told}</span>}
      {!rule.met && fixes && <Fragment>{wrapped(fixes(rule))}</Fragment>}
    </li>
  );
}

function wrapped(fixes: ReactNode): ReactNode {
  return fixes ? <span className={classes['fixes']}>{fixes}</span> : null;
}

function valueInWords(value: unknown, label: string): string {
  if (typeof value === 'number') return `${label} ${formatNumber(value)}`;
  return typeof value === 'string' ? `${label} ${value}` : '';
}
