import type { components } from '@tom/contracts/edge';
import { formatShortDay, formatTime, useSystemText, useTexts } from '../../../i18n/index.ts';
import { texts } from '../texts.ts';
import classes from './timeline.module.css';

type Step = components['schemas']['Why']['steps'][number];
type Look = components['schemas']['RuleLook'];

/** One link of the chain: the event, the rule, its condition with the values that it saw. */
export function WhyStep({ step: { text: words, at, actor, event, look } }: { readonly step: Step }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const who = actor?.replace(/^user:/, '');
  return (
    <>
      <p className="strong">{text(words)}</p>
      <dl className={classes['facts']}>
        {event && (
          <>
            <dt>{say('event')}</dt>
            <dd>
              <span className="mono">{event.type}</span>, {when(event.at)}
            </dd>
          </>
        )}
        {!event && at && (
          <>
            <dt>{say('when')}</dt>
            <dd>{when(at)}</dd>
          </>
        )}
        {who && (
          <>
            <dt>{say('who')}</dt>
            <dd>{who}</dd>
          </>
        )}
        {look && <RuleFacts look={look} />}
      </dl>
    </>
  );
}

/** Which rule looked, and what each part of its condition came to. */
export function RuleFacts({ look: { template, version, rule, parts, obstacle } }: { readonly look: Look }) {
  const say = useTexts(texts);
  const text = useSystemText();
  return (
    <>
      <dt>{say('rule')}</dt>
      <dd>
        <span className="mono">{rule}</span> · {template} v{version}
      </dd>
      {parts.map(({ source, values, result }) => (
        <Part key={source} source={source} values={values} result={result} />
      ))}
      {obstacle && (
        <>
          <dt>{say('obstacle')}</dt>
          <dd>{text(obstacle.text)}</dd>
        </>
      )}
    </>
  );
}

function Part({ source, values, result }: { readonly source: string; readonly values: Readonly<Record<string, unknown>>; readonly result: boolean | undefined }) {
  const say = useTexts(texts);
  const shown = Object.entries(values).map(([name, value]) => `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return (
    <>
      <dt>{say('condition')}</dt>
      <dd className="mono">
        {source}
        {result !== undefined && <span className={result ? 'green' : 'red'}> → {say(result ? 'true' : 'false')}</span>}
      </dd>
      {shown.length > 0 && (
        <>
          <dt>{say('value')}</dt>
          <dd className="mono">{shown.join(', ')}</dd>
        </>
      )}
    </>
  );
}

function when(at: string): string {
  const instant = new Date(at);
  return `${formatShortDay(instant)} ${formatTime(instant)}`;
}
