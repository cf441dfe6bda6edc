import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTexts } from '../../i18n/index.ts';
import { Button, PartFailed, Rows } from '../../parts/index.ts';
import { useChosen } from './chosen.ts';
import { Changes } from './changes.tsx';
import { Differences } from './differences.tsx';
import { Graph } from './graph.tsx';
import { diffLines } from './line-diff.ts';
import { versionQuery, type Template } from './queries.ts';
import { texts } from './texts.ts';
import type { Place } from './use-place.ts';
import { VersionBar } from './version-bar.tsx';
import { WorkflowHead } from './workflow-head.tsx';
import { YamlView } from './yaml-view.tsx';
import classes from './workflow.module.css';
import graphClasses from './graph.module.css';

/** A version that is or was in force: to read, and to compare with another. */
export function Version({ template, place, version }: { readonly template: Template; readonly place: Place; readonly version: number }) {
  const say = useTexts(texts);
  const found = useQuery(versionQuery(template.key, version));
  const other = useQuery({ ...versionQuery(template.key, place.from ?? version), enabled: place.from !== undefined });
  const before = place.from === undefined ? undefined : other.data?.source;
  const source = found.data?.source;
  const lines = useMemo(() => (source === undefined ? [] : diffLines(before ?? source, source)), [before, source]);
  const chosen = useChosen(found.data?.nodes ?? []);
  return (
    <div className={classes['page']}>
      <WorkflowHead template={template}>{place.drafts && <Button className="wide" onClick={() => place.show('draft')}>{say('editDraft')}</Button>}</WorkflowHead>
      <VersionBar template={template} place={place}>{before !== undefined && <Differences lines={lines} chosen={chosen} />}</VersionBar>
      {found.isPending && <Rows count={16} height={24} />}
      {found.isError && !found.data && <PartFailed part={say('part')} error={found.error} retry={() => void found.refetch()} />}
      {other.isError && <PartFailed part={say('changesPart')} error={other.error} retry={() => void other.refetch()} />}
      {found.data && (
        <div className={classes['content']}>
          <div className={classes['split']}>
            <YamlView lines={lines} chosen={chosen} />
            <section className={classes['flowSide']} aria-label={say('flow')}>
              {found.data.unavailable.includes('tasks') && <p className={graphClasses['note']}>{say('noFigures')}</p>}
              <Graph nodes={found.data.nodes} lines={lines} chosen={chosen} running={found.data.runningCases} figures={!found.data.unavailable.includes('tasks')} />
            </section>
          </div>
          {place.from !== undefined && <Changes templateKey={template.key} from={place.from} to={version} />}
        </div>
      )}
    </div>
  );
}
