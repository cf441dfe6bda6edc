import { Link } from '@tanstack/react-router';
import { formatNumber, useTexts } from '../../i18n/index.ts';
import type { SimulationResult } from './draft-calls.ts';
import { texts } from './draft.texts.ts';
import { useOutcomeWords, type OutcomeLine } from './use-outcome-words.ts';
import classes from './draft.module.css';

const signs: Readonly<Record<OutcomeLine['kind'], { readonly sign: string; readonly tone: string }>> = {
  added: { sign: '+', tone: 'green strong' },
  removed: { sign: '−', tone: 'red strong' },
  changed: { sign: '~', tone: 'dim' },
};

/** Only the companies that differ, and why. */
export function SimulationTable({ result: { differences, changedOrgs, orgs } }: { readonly result: SimulationResult }) {
  const say = useTexts(texts);
  const words = useOutcomeWords();
  return (
    <div className={classes['results']} tabIndex={0} role="group" aria-label={say('result')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('changedOrgs', { changed: formatNumber(changedOrgs), orgs: formatNumber(orgs) })}</th>
            <th scope="col">{say('because')}</th>
            <th scope="col">{say('difference')}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((difference) => (
            <tr key={difference.orgId}>
              <td>
                <Link to="/companies/$orgId" params={{ orgId: difference.orgId }}>{difference.name ?? difference.orgId}</Link>
              </td>
              <td className="mid">{words.because(difference)}</td>
              <td>
                <ul className={classes['differences']}>
                  {words.lines(difference).map(({ kind, words: said }, index) => (
                    <li key={index}>
                      <span className={signs[kind].tone} aria-hidden="true">{signs[kind].sign}</span>
                      <span>
                        {kind !== 'changed' && <span className="sr">{say(kind)}: </span>}
                        {said}
                      </span>
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
          {differences.length < changedOrgs && (
            <tr>
              <td colSpan={3} className="dim">{say('only', { shown: formatNumber(differences.length), changed: formatNumber(changedOrgs) })}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
