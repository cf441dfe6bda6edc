import IconCheck from '@tabler/icons-react/icons/IconCheck';
import { useMeta, type Case } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { currentOutputs } from './outputs-of.ts';
import { texts } from './texts.ts';
import classes from './phase-path.module.css';

/** The way of the case through its engines, in the order in which it came to each; one leads now. */
export function PhasePaths({ item }: { readonly item: Case }) {
  const { engines } = useMeta();
  const passed = item.chain.toSorted((a, b) => a.at.localeCompare(b.at)).flatMap(({ fromEngine, toEngine }) => [fromEngine, toEngine]);
  const shown = [...new Set([...passed, item.engine])].flatMap((name) => engines.find(({ engine }) => engine === name) ?? []);
  const leading = shown.findIndex(({ engine }) => engine === item.engine);
  return (
    <div className={classes['engines']}>
      {shown.map((engine, index) => (
        <PhasePath key={engine.engine} item={item} engine={engine} past={index < leading} />
      ))}
    </div>
  );
}

type Engine = ReturnType<typeof useMeta>['engines'][number];

function PhasePath({ item, engine, past }: { readonly item: Case; readonly engine: Engine; readonly past: boolean }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const leads = engine.engine === item.engine;
  const at = leads ? engine.phases.findIndex(({ phase }) => phase === item.phase) : past ? engine.phases.length : -1;
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
