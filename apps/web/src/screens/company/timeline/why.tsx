import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTexts } from '../../../i18n/index.ts';
import { PartFailed, Rows, Unfold } from '../../../parts/index.ts';
import { whyQuery, type Source } from '../queries.ts';
import { texts } from '../texts.ts';
import classes from './timeline.module.css';
import { WhyNot } from './why-not.tsx';
import { WhyStep } from './why-step.tsx';

/** Opens why something that nobody did by hand was done. */
export function WhyButton({ orgId, source, id }: { readonly orgId: string; readonly source: Source; readonly id: string }) {
  const say = useTexts(texts);
  const [opened, setOpened] = useState(false);
  return (
    <Unfold
      opened={opened}
      onClose={() => setOpened(false)}
      label={say('why')}
      target={
        <button type="button" className={classes['link']} aria-haspopup="dialog" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {say('why')}
        </button>
      }
    >
      <Why orgId={orgId} source={source} id={id} />
    </Unfold>
  );
}

/** The chain from the thing back to where it began; and, asked for, what looked at it and did nothing. */
function Why({ orgId, source, id }: { readonly orgId: string; readonly source: Source; readonly id: string }) {
  const say = useTexts(texts);
  const [notToo, setNotToo] = useState(false);
  const why = useQuery(whyQuery(orgId, source, id));
  if (notToo) return <WhyNot orgId={orgId} onBack={() => setNotToo(false)} />;
  return (
    <div className={classes['why']}>
      <h2>{say('why')}</h2>
      {why.isPending && <Rows count={3} height={24} />}
      {why.isError && <PartFailed part={say('whyPart')} error={why.error} retry={() => void why.refetch()} />}
      <ol>
        {why.data?.steps.map((step, index) => (
          <li key={index}>
            <WhyStep step={step} />
          </li>
        ))}
      </ol>
      {why.data?.steps.length === 0 && <p>{say('whyNothing')}</p>}
      <p>
        <button type="button" className={classes['link']} onClick={() => setNotToo(true)}>{say('whyNot')}</button>
      </p>
    </div>
  );
}
