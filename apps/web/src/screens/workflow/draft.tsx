import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { useMe } from '../../api/index.ts';
import { useDraft } from '../../app/drafts.ts';
import { useKeys } from '../../app/keys.ts';
import { useTexts } from '../../i18n/index.ts';
import { PartFailed, Rows } from '../../parts/index.ts';
import { useChosen } from './chosen.ts';
import { CompanyPicker } from './company-picker.tsx';
import { Differences } from './differences.tsx';
import { DraftActions } from './draft-actions.tsx';
import type { DraftProblem } from './draft-calls.ts';
import { DraftState } from './draft-state.tsx';
import { texts } from './draft.texts.ts';
import { Graph } from './graph.tsx';
import { diffLines } from './line-diff.ts';
import { Problems } from './problems.tsx';
import { versionQuery, type Template } from './queries.ts';
import { Simulation } from './simulation.tsx';
import { useDraftCheck } from './use-draft-check.ts';
import type { Place } from './use-place.ts';
import { useSimulation } from './use-simulation.ts';
import { VersionBar } from './version-bar.tsx';
import { WorkflowHead } from './workflow-head.tsx';
import { YamlEditor } from './yaml-editor.tsx';
import { YamlView } from './yaml-view.tsx';
import { asNextVersion } from './yaml.ts';
import classes from './workflow.module.css';
import graphClasses from './graph.module.css';

interface DraftProps {
  readonly template: Template;
  readonly place: Place;
}

/** A draft of the next version. It stays on this device until it leaves as a file; the server only judges it. */
export function Draft({ template, place }: DraftProps) {
  const say = useTexts(texts);
  const current = useQuery(versionQuery(template.key, template.currentVersion));
  const other = useQuery(versionQuery(template.key, place.from ?? template.currentVersion));
  if (current.data && other.data) return <DraftPage template={template} place={place} current={current.data.source} before={other.data.source} />;
  const failed = [current, other].find(({ isError }) => isError);
  if (failed) return <PartFailed part={say('part')} error={failed.error} retry={() => void failed.refetch()} />;
  return <Rows count={16} height={24} />;
}

function DraftPage({ template, place, current, before }: DraftProps & { readonly current: string; readonly before: string }) {
  const say = useTexts(texts);
  const { key, currentVersion } = template;
  const draft = useDraft(`template.${key}`, asNextVersion(current, currentVersion + 1));
  const check = useDraftCheck(draft.value);
  const lines = useMemo(() => diffLines(before, draft.value), [before, draft.value]);
  const chosen = useChosen(check.nodes);
  const field = useRef<HTMLTextAreaElement>(null);
  const goTo = ({ line, column }: DraftProblem) => {
    chosen.chooseLine(line);
    if (place.from !== undefined) place.compare(undefined);
    const at = draft.value.split('\n').slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, column - 1);
    field.current?.focus();
    field.current?.setSelectionRange(at, at);
  };
  const firstProblem = check.problems.find(({ severity }) => severity !== 'warning');
  const { simulation, simulate, picker, openPicker, again } = useTrying(draft.value, firstProblem && (() => goTo(firstProblem)));
  return (
    <div className={classes['page']}>
      <WorkflowHead template={template}>
        <DraftActions templateKey={key} source={draft.value} busy={simulation.state.kind === 'running'} simulate={simulate} tryWith={openPicker} />
      </WorkflowHead>
      <VersionBar template={template} place={place}>
        <DraftState draft={draft} check={check} basedOn={currentVersion} />
        <Differences lines={lines} chosen={chosen} />
      </VersionBar>
      <div className={classes['content']}>
        <div className={classes['split']}>
          {place.from === undefined ? (
            <YamlEditor value={draft.value} lines={lines} problems={check.problems} chosen={chosen} field={field} onChange={draft.change} />
          ) : (
            <YamlView lines={lines} chosen={chosen} />
          )}
          <section className={classes['flowSide']} aria-label={say('flow')}>
            {check.error && <PartFailed part={say('part')} error={check.error} retry={check.retry} />}
            {check.old && <p className={graphClasses['note']}>{say(check.nodes.length === 0 ? 'noFlow' : 'oldFlow')}</p>}
            <Graph nodes={check.nodes} lines={check.old || check.checking ? undefined : lines} chosen={chosen} figures={false} />
          </section>
        </div>
        {check.problems.length > 0 && <Problems problems={check.problems} goTo={goTo} />}
        <Simulation simulation={simulation} source={draft.value} again={again} />
      </div>
      {picker}
    </div>
  );
}

/** Trying the draft: with everything that happened, or with one company. While it does not hold, what is wrong is shown instead. */
function useTrying(template: string, refuse: (() => void) | undefined) {
  const simulation = useSimulation();
  const mayTry = useMe().rights.includes('simulate');
  const [picking, setPicking] = useState(false);
  const simulate = refuse ?? (() => simulation.start({ template }));
  useKeys([{ key: 'mod+Enter', run: simulate }], mayTry && !picking);
  const picker = picking && (
    <CompanyPicker
      onClose={() => setPicking(false)}
      onChoose={(orgId) => {
        setPicking(false);
        simulation.start({ template, orgIds: [orgId] });
      }}
    />
  );
  return {
    simulation,
    simulate,
    picker,
    openPicker: refuse ?? (() => setPicking(true)),
    again: (since: string | undefined, orgIds: readonly string[] | undefined) => simulation.start({ template, ...(since && { since }), ...(orgIds && { orgIds }) }),
  };
}
