import { Modal, Select, Textarea, TextInput } from '@mantine/core';
import { api, ApiProblem, useMeta, type Case } from '../../api/index.ts';
import { useDraft } from '../../app/drafts.ts';
import { instantOf, useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, tell } from '../../parts/index.ts';
import { ReasonFields, useReasons } from './reason-fields.tsx';
import { texts } from './texts.ts';
import { useCaseAction } from './use-case-actions.ts';
import classes from './dialogs.module.css';

const EMPTY = { outcomeCode: '', outcomeNote: '', reasonCode: '', reasonNote: '', followUp: '' };

/** Ends the case with one of the outcomes that its template knows; where that moves the company, it says so before. */
export function CloseDialog({ item, onClose }: { readonly item: Case; readonly onClose: () => void }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { stages } = useMeta();
  const draft = useDraft(`close.${item.caseId}`, EMPTY);
  const { outcomeCode, outcomeNote, followUp, ...reason } = draft.value;
  const outcome = item.allowedOutcomes.find(({ code }) => code === outcomeCode);
  const stage = stages.find((each) => each.stage === outcome?.stage);
  const reasons = useReasons(item.org.currentStage, outcome?.stage);
  const followUpAt = dayOf(followUp);
  const close = useCaseAction(
    item.caseId,
    (_: void, header) =>
      api.POST('/cases/{caseId}/close', {
        params: { path: { caseId: item.caseId }, header },
        body: {
          outcomeCode,
          ...(outcomeNote.trim() ? { outcomeNote: outcomeNote.trim() } : {}),
          ...(reason.reasonCode ? { reasonCode: reason.reasonCode } : {}),
          ...(reason.reasonNote.trim() ? { reasonNote: reason.reasonNote.trim() } : {}),
          ...(followUpAt && outcomeCode === 'DORMANT' ? { followUpAt: followUpAt.toISOString() } : {}),
        } as never,
      }),
    (_value, { data }) => {
      draft.clear();
      const told = say('closed', { outcome: text(outcome?.label) });
      tell(data && 'completing' in data && data.completing ? `${told} ${say('completing')}` : told);
      onClose();
    },
  );
  const refused = close.error instanceof ApiProblem && close.error.code === 'RULES_UNMET' ? close.error.unmet : [];
  return (
    <Modal opened onClose={onClose} title={say('closeTitle')} size="md">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          close.mutate();
        }}
      >
        <Select
          label={say('outcomeLabel')}
          required
          data={item.allowedOutcomes.map(({ code, label }) => ({ value: code, label: text(label) }))}
          value={outcomeCode || null}
          onChange={(code) => draft.change({ ...draft.value, outcomeCode: code ?? '', reasonCode: '' })}
          data-autofocus
        />
        {stage && <p className={classes['target']}>{say('stageAfter', { stage: text(stage.label) })}</p>}
        <ReasonFields offered={reasons.offered} value={reason} onChange={(next) => draft.change({ ...draft.value, ...next })} />
        {outcomeCode === 'DORMANT' && <TextInput type="date" label={say('followUp')} value={followUp} onChange={(event) => draft.change({ ...draft.value, followUp: event.currentTarget.value })} />}
        <Textarea label={say('outcomeNote')} autosize minRows={1} value={outcomeNote} onChange={(event) => draft.change({ ...draft.value, outcomeNote: event.currentTarget.value })} />
        {refused.length > 0 && (
          <div role="alert" className={classes['refused']}>
            <b>{say('closeRefused')}</b>
            <ul>
              {refused.map((rule) => (
                <li key={rule.rule}>
                  {text(rule.message)} <span className="dim">{text(rule.hint)}</span>
                </li>
              ))}
            </ul>
          </div>
        )}
        <div className="row">
          <Button className="push" onClick={onClose}>{say('dismiss')}</Button>
          <Button type="submit" look="primary" busy={close.isPending} disabled={!outcome || !reasons.isComplete(reason)}>{say('close')}</Button>
        </div>
      </form>
    </Modal>
  );
}

/** The morning of a day that was chosen, in the business time zone. */
function dayOf(date: string): Date | undefined {
  const [year, month, day] = date.split('-').map(Number);
  return year && month && day ? instantOf(year, month, day, 9, 0) : undefined;
}
