import { useQuery } from '@tanstack/react-query';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { PartFailed, Rows } from '../../parts/index.ts';
import { changesQuery, type TemplateChange } from './queries.ts';
import { texts } from './texts.ts';
import { signOf } from './yaml-lines.tsx';
import classes from './workflow.module.css';

const kinds = { added: 'added', removed: 'removed', changed: 'same' } as const satisfies Record<TemplateChange['kind'], 'added' | 'removed' | 'same'>;

/** The differences between two versions as sentences. */
export function Changes({ templateKey, from, to }: { readonly templateKey: string; readonly from: number; readonly to: number }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const [older, newer] = from < to ? [from, to] : [to, from];
  const found = useQuery(changesQuery(templateKey, older, newer));
  return (
    <section className={classes['below']} aria-labelledby="changes">
      <h2 id="changes">{say('changes', { from: older, to: newer })}</h2>
      {found.isPending && <Rows count={3} height={26} />}
      {found.isError && <PartFailed part={say('changesPart')} error={found.error} retry={() => void found.refetch()} />}
      {found.data?.changes.length === 0 && <p className="dim">{say('noDifference')}</p>}
      <ul>
        {found.data?.changes.map((change) => (
          <li key={`${change.kind} ${change.path}`}>
            <span className={change.kind === 'added' ? 'green strong' : change.kind === 'removed' ? 'red strong' : 'dim'} aria-hidden="true">{signOf(kinds[change.kind]) || '~'}</span>
            <span>{text(change.text)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
