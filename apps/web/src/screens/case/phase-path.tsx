import IconCheck from '@tabler/icons-react/icons/IconCheck';
import { useMeta, type Case } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { currentOutputs } from './outputs-of.ts';
import { texts } from './texts.ts';
import classes from './phase-path.module.css';

/** The way of the case through its engines: those it came from, done, and the one that leads now. */
export function PhasePaths({ item }: { readonly item: Case }) {
  const { engines } = useMeta();
  const before = [...new Set(item.chain.map(({ fromEngine }) => fromEngine))].filter((engine) => engine !== item.engine);
  const shown = [...before, item.engine].flatMap((name) => engines.find(({ engine }) => engine === name) ?? []);
  return (
    <div className={classes['engines']}>
      {shown.map((engine) => (
        <PhasePath key={engine.engine} item={item} engine={engine} />
      ))}
    </div>
  );
}

type Engine = ReturnType<typeof useMeta>['engines'][number];

function PhasePath({ item, engine }: { readonly item: Case; readonly engine: Engine }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const leads = engine.engine === item.engine;
  const at = leads ? engine.phases.findIndex(({ phase }) => phase === item.phase) : engine.phases.length;
  const outputs = currentOutputs(item).filter(({ mandatory }) => mandatory);
  const done = outputs.filter(({ fulfilled }) => fulfilled).length;
  return (
    <div className="grow">
      <p className={`${classes['engine'] ?? ''} ${leads ? classes['on'] : ''}`}>
        {text(engine.label)}
        {leads && item.owner && <span> · {item.owner}</span>}
      </p>
      <ol className={classes['path']} aria-label={say('phases', { engine: text(engine.label) })}>
        {engine.phases.map(({ phase, label }, index) => (
          <li key={phase} className={classes[index < at ? 'done' : index === at ? 'now' : 'later']} aria-current={index === at ? 'step' : undefined}>
            {index < at && <IconCheck {...smallIcon} />}
            <span className="cut">{text(label)}</span>
            {index === at && outputs.length > 0 && <span className={`fig ${classes['count'] ?? ''}`}>{`${done}/${outputs.length}`}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}
