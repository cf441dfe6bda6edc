import IconArrowBackUp from '@tabler/icons-react/icons/IconArrowBackUp';
import IconArrowForwardUp from '@tabler/icons-react/icons/IconArrowForwardUp';
import IconFolderOpen from '@tabler/icons-react/icons/IconFolderOpen';
import IconUser from '@tabler/icons-react/icons/IconUser';
import { useMeta, type Case } from '../../api/index.ts';
import { formatShortDay, formatTime, useSystemText, useTexts } from '../../i18n/index.ts';
import { Chip, useNow } from '../../parts/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { texts } from './texts.ts';
import classes from './chain.module.css';

type Transfer = Case['chain'][number];

const HOUR_MS = 3_600_000;
const UUID = /^[0-9a-f]{8}-/;

/** Who had the case, newest first, with what was handed over and why it came back. */
export function Chain({ item }: { readonly item: Case }) {
  const say = useTexts(texts);
  const chain = item.chain.toSorted((a, b) => b.at.localeCompare(a.at));
  const handOvers = chain.filter(({ kind }) => kind === 'handover').toReversed();
  return (
    <section aria-labelledby="chain">
      <div className="row">
        <h2 id="chain">{say('transfers')}</h2>
        {item.returnCount > 0 && <span className="push"><Chip tone={item.returnCount > 2 ? 'red' : 'yellow'}>{say('returns', { count: item.returnCount })}</Chip></span>}
      </div>
      <ol className={classes['chain']}>
        {!item.closedAt && <Here item={item} since={chain[0]?.at ?? item.openedAt} />}
        {chain.map((transfer) => (
          <Passed key={transfer.id} transfer={transfer} number={handOvers.indexOf(transfer) + 1} item={item} />
        ))}
        <li>
          <span className={classes['mark']}><IconFolderOpen {...smallIcon} /></span>
          <b>{say('opened')}</b> <span className="dim">· <At at={item.openedAt} /></span>
        </li>
      </ol>
    </section>
  );
}

function Here({ item, since }: { readonly item: Case; readonly since: string }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const now = useNow();
  const { engines } = useMeta();
  const engine = text(engines.find((each) => each.engine === item.engine)?.label);
  return (
    <li className={classes['here']}>
      <span className={classes['mark']}><IconUser {...smallIcon} /></span>
      <b>{item.owner ? `${engine} · ${item.owner}` : engine}</b>
      <p>{say('here', { at: `${formatShortDay(new Date(since))} ${formatTime(new Date(since))}`, duration: useDuration(now.getTime() - new Date(since).getTime()) })}</p>
    </li>
  );
}

function Passed({ transfer, number, item }: { readonly transfer: Transfer; readonly number: number; readonly item: Case }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { queues, engines } = useMeta();
  const back = transfer.kind === 'return';
  const place = text((queues.find(({ queue }) => queue === transfer.toQueue) ?? engines.find(({ engine }) => engine === transfer.toEngine))?.label);
  const outputs = item.phases.flatMap((phase) => phase.outputs);
  const named = transfer.missing.flatMap((named) => {
    const output = outputs.find(({ requirementId }) => requirementId === named);
    // Outputs of a phase that the case has left are known by their id alone, which says nothing to anybody.
    return output ? [text(output.description)] : UUID.test(named) ? [] : [named];
  });
  return (
    <li className={back ? classes['back'] : undefined}>
      <span className={classes['mark']}>{back ? <IconArrowBackUp {...smallIcon} /> : <IconArrowForwardUp {...smallIcon} />}</span>
      <b>{back ? say('returned') : say('transfer', { n: number })}</b> <span className="dim">· {transfer.by}, <At at={transfer.at} /> · {say('toPlace', { place })}</span>
      {transfer.goal && <p>{say('goal', { text: transfer.goal })}</p>}
      {transfer.context && <p>{transfer.context}</p>}
      {transfer.openPoints.length > 0 && <p>{say('points', { list: transfer.openPoints.join('; ') })}</p>}
      {transfer.reason && <p>{say('reason', { text: transfer.reason })}</p>}
      {named.length > 0 && <p>{say('lacking', { list: named.join(', ') })}</p>}
    </li>
  );
}

function At({ at }: { readonly at: string }) {
  return <time dateTime={at}>{`${formatShortDay(new Date(at))} ${formatTime(new Date(at))}`}</time>;
}

function useDuration(ms: number): string {
  const say = useTexts(texts);
  const hours = Math.floor(ms / HOUR_MS);
  if (hours < 1) return say('minutes', { count: Math.max(1, Math.floor(ms / 60_000)) });
  const days = Math.floor(hours / 24);
  return days > 0 ? `${say('days', { count: days })} ${say('hours', { count: hours % 24 })}` : say('hours', { count: hours });
}
