import { TextInput } from '@mantine/core';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import { useRef, useState } from 'react';
import { api, useMeta, type Case } from '../../api/index.ts';
import { useDraft } from '../../app/drafts.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, Card, tell, useAgo, useNow } from '../../parts/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { currentOutputs, missingOutputs, type Output } from './outputs-of.ts';
import { texts } from './texts.ts';
import { useCaseAction } from './use-case-actions.ts';
import classes from './outputs.module.css';

/** What the phase has to bring, filled in where it stands. Enter fulfils and goes on to the next gap. */
export function Outputs({ item, working }: { readonly item: Case; readonly working: boolean }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const list = useRef<HTMLUListElement>(null);
  const [editing, setEditing] = useState<string>();
  const outputs = currentOutputs(item);
  const mandatory = outputs.filter((output) => output.mandatory);
  const missing = missingOutputs(item);
  const phase = text(item.phases.find((each) => each.phase === item.phase)?.label);
  const goOn = (done: Output) => setEditing(outputs.find((output) => !output.fulfilled && output.requirementId !== done.requirementId)?.requirementId);
  return (
    <>
      {item.status === 'BLOCKED' && missing.length > 0 && (
        <div className={classes['blocked']} role="status">
          <span>
            <b>{say('blocked')}</b>{' '}
            {missing.map((output, index) => (
              <span key={output.requirementId}>
                {index > 0 && ', '}
                <button type="button" onClick={() => setEditing(output.requirementId)}>{text(output.description)}</button>
              </span>
            ))}
          </span>
        </div>
      )}
      <Card title={say('outputs', { phase })} count={mandatory.length > 0 ? say('fulfilledOf', { done: mandatory.length - missing.length, total: mandatory.length }) : undefined}>
        {outputs.length === 0 && <p className={classes['none']}>{say('noOutputs')}</p>}
        <ul className={classes['list']} ref={list}>
          {outputs.map((output) => (
            <OutputRow
              key={output.requirementId}
              caseId={item.caseId}
              output={output}
              working={working}
              editing={working && editing === output.requirementId}
              onEdit={(open) => setEditing(open ? output.requirementId : undefined)}
              onDone={() => goOn(output)}
            />
          ))}
        </ul>
      </Card>
    </>
  );
}

interface OutputRowProps {
  readonly caseId: string;
  readonly output: Output;
  readonly working: boolean;
  readonly editing: boolean;
  onEdit(open: boolean): void;
  onDone(): void;
}

function OutputRow({ caseId, output, working, editing, onEdit, onDone }: OutputRowProps) {
  const say = useTexts(texts);
  const text = useSystemText();
  const ago = useAgo();
  const now = useNow();
  const type = useOutputType(output);
  const { fulfilled, mandatory, description } = output;
  const state = fulfilled ? 'ok' : mandatory ? 'no' : 'optional';
  return (
    <li className={classes[state]} id={`output-${output.requirementId}`}>
      <span className={classes['box']} aria-hidden="true">{fulfilled && <IconCheck {...smallIcon} stroke={2.5} />}</span>
      <span>
        <span className={classes['name']}>{text(description)}</span> <span className="dim">· {mandatory ? type : say('voluntary', { type })}</span>
      </span>
      <span className={`row ${classes['by'] ?? ''}`}>
        {fulfilled ? `${fulfilled.by}, ${ago(new Date(fulfilled.at), now)}` : mandatory && <span className="red">{say('missing')}</span>}
        {working && !editing && (
          <button type="button" className={classes['link']} onClick={() => onEdit(true)}>
            {say(fulfilled ? 'change' : 'fillIn')}
            <span className="sr"> {text(description)}</span>
          </button>
        )}
      </span>
      {editing ? (
        <FulfilForm caseId={caseId} output={output} onDone={onDone} onClose={() => onEdit(false)} />
      ) : (
        fulfilled && <span className={classes['value']}>{fulfilled.value}</span>
      )}
    </li>
  );
}

function FulfilForm({ caseId, output, onDone, onClose }: { readonly caseId: string; readonly output: Output; readonly onDone: () => void; readonly onClose: () => void }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const draft = useDraft(`output.${output.requirementId}`, output.fulfilled?.value ?? '');
  const label = text(output.description);
  const fulfil = useCaseAction(
    caseId,
    (value: string, header) => api.POST('/cases/{caseId}/requirements/{requirementId}/fulfil', { params: { path: { caseId, requirementId: output.requirementId }, header }, body: { value } }),
    () => {
      draft.clear();
      tell(say('fulfilled', { output: label }));
      onDone();
    },
  );
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.value.trim() !== '') fulfil.mutate(draft.value.trim());
      }}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <TextInput className="grow" aria-label={label} placeholder={say('value')} value={draft.value} onChange={(event) => draft.change(event.currentTarget.value)} autoFocus />
      <Button type="submit" hotkey="↵" busy={fulfil.isPending} disabled={draft.value.trim() === ''}>{say('fulfil')}</Button>
    </form>
  );
}

function useOutputType({ type }: Output): string {
  const text = useSystemText();
  const { outputTypes } = useMeta();
  return text(outputTypes.find(({ code }) => code === type)?.label) || type;
}
