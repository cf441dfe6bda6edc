import { Checkbox, Modal, Textarea } from '@mantine/core';
import { api, useMeta, type Case } from '../../api/index.ts';
import { useDraft } from '../../app/drafts.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, tell } from '../../parts/index.ts';
import { linesOf } from './lines.ts';
import { texts } from './texts.ts';
import { useCaseAction } from './use-case-actions.ts';
import classes from './dialogs.module.css';

const EMPTY: { readonly reason: string; readonly outputs: readonly string[]; readonly other: string } = { reason: '', outputs: [], other: '' };

/** Gives the case back to where it came from, which is said before the reason is typed. */
export function ReturnDialog({ item, onClose }: { readonly item: Case; readonly onClose: () => void }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { queues, engines } = useMeta();
  const draft = useDraft(`return.${item.caseId}`, EMPTY);
  const { reason, outputs, other } = draft.value;
  const target = item.returnTarget;
  const place = text(queues.find(({ queue }) => queue === target?.queue)?.label);
  const phase = text(engines.flatMap(({ phases }) => phases).find((each) => each.phase === target?.phase)?.label);
  const missing = [...outputs, ...linesOf(other)];
  const giveBack = useCaseAction(
    item.caseId,
    (_: void, header) => api.POST('/cases/{caseId}/return', { params: { path: { caseId: item.caseId }, header }, body: { reason: reason.trim(), missing } }),
    () => {
      draft.clear();
      tell(say('givenBack', { place }));
      onClose();
    },
  );
  return (
    <Modal opened onClose={onClose} title={say('returnTitle')} size="md">
      {!target ? (
        <p>{say('noReturn')}</p>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            giveBack.mutate();
          }}
        >
          <p className={classes['target']}>
            <b>{say('returnTo', { place, phase })}</b> <span className="mid">{say('returnCounts', { count: item.returnCount })}</span>
          </p>
          <Textarea label={say('reasonLabel')} required autosize minRows={2} value={reason} onChange={(event) => draft.change({ ...draft.value, reason: event.currentTarget.value })} data-autofocus />
          <Checkbox.Group label={say('missingLabel')} value={[...outputs]} onChange={(next) => draft.change({ ...draft.value, outputs: next })}>
            <div className={classes['checks']}>
              {target.outputs.map((output) => (
                <Checkbox key={output.requirementId} value={output.requirementId} label={text(output.description)} />
              ))}
            </div>
          </Checkbox.Group>
          <Textarea label={say('otherMissing')} description={say('otherHint')} autosize minRows={1} value={other} onChange={(event) => draft.change({ ...draft.value, other: event.currentTarget.value })} />
          {missing.length === 0 && <p className="dim">{say('nothingMissing')}</p>}
          <div className="row">
            <Button className="push" onClick={onClose}>{say('dismiss')}</Button>
            <Button type="submit" look="primary" busy={giveBack.isPending} disabled={reason.trim() === '' || missing.length === 0}>{say('return')}</Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
