import { Modal, Select, Textarea } from '@mantine/core';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCircleX from '@tabler/icons-react/icons/IconCircleX';
import { api, ApiProblem, useMeta, type Case } from '../../api/index.ts';
import { useDraft } from '../../app/drafts.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, tell } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import { currentOutputs, missingOutputs } from './outputs-of.ts';
import { linesOf } from './lines.ts';
import { texts } from './texts.ts';
import { useCaseAction } from './use-case-actions.ts';
import classes from './dialogs.module.css';

const EMPTY = { queue: '', goal: '', context: '', points: '', recommendation: '' };

/** Gives the case to another engine. What the gate asks for is listed with its state, and named when it refuses. */
export function HandOverDialog({ item, onClose }: { readonly item: Case; readonly onClose: () => void }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { queues } = useMeta();
  const draft = useDraft(`handover.${item.caseId}`, EMPTY);
  const { queue, goal, context, points, recommendation } = draft.value;
  const target = queues.find((each) => each.queue === queue);
  const place = text(target?.label);
  const handOver = useCaseAction(
    item.caseId,
    (_: void, header) =>
      api.POST('/cases/{caseId}/handover', {
        params: { path: { caseId: item.caseId }, header },
        body: { engine: target?.engine, role: target?.role, queue, goal, context, openPoints: linesOf(points), recommendation } as never,
      }),
    () => {
      draft.clear();
      tell(say('handedOver', { place }));
      onClose();
    },
  );
  const field = (name: keyof typeof EMPTY) => ({ value: draft.value[name], onChange: (event: { currentTarget: { value: string } }) => draft.change({ ...draft.value, [name]: event.currentTarget.value }) });
  const refused = handOver.error instanceof ApiProblem && handOver.error.code === 'RULES_UNMET' ? handOver.error.unmet : [];
  const complete = target && [goal, context, recommendation].every((value) => value.trim() !== '');
  return (
    <Modal opened onClose={onClose} title={say('handOverTitle')} size="lg">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          handOver.mutate();
        }}
      >
        <Gate item={item} />
        {refused.length > 0 && (
          <p role="alert" className={classes['refused']}>
            <b>{say('handOverRefused')}</b> {refused.map(({ message }) => text(message)).join(', ')}
          </p>
        )}
        <Select
          label={say('toQueue')}
          data={queues.filter((each) => each.engine !== item.engine).map((each) => ({ value: each.queue, label: text(each.label) }))}
          value={queue || null}
          onChange={(next) => draft.change({ ...draft.value, queue: next ?? '' })}
          required
          data-autofocus
        />
        <Textarea label={say('goalLabel')} description={say('goalHint')} required autosize minRows={1} {...field('goal')} />
        <Textarea label={say('contextLabel')} description={say('contextHint')} required autosize minRows={2} {...field('context')} />
        <Textarea label={say('pointsLabel')} description={say('pointsHint')} autosize minRows={2} {...field('points')} />
        <Textarea label={say('recommendationLabel')} required autosize minRows={1} {...field('recommendation')} />
        <div className="row">
          <Button className="push" onClick={onClose}>{say('dismiss')}</Button>
          <Button type="submit" look="primary" busy={handOver.isPending} disabled={!complete}>{say('handOver')}</Button>
        </div>
      </form>
    </Modal>
  );
}

/** The outputs of the phase, with a way to each that is missing. */
function Gate({ item }: { readonly item: Case }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const outputs = currentOutputs(item).filter(({ mandatory }) => mandatory);
  if (outputs.length === 0) return null;
  return (
    <section aria-label={say('outputsOfPhase')} className={classes['gate']}>
      <h3>{say('outputsOfPhase')} · {say('fulfilledOf', { done: outputs.length - missingOutputs(item).length, total: outputs.length })}</h3>
      <ul>
        {outputs.map((output) => (
          <li key={output.requirementId} className={output.fulfilled ? classes['ok'] : classes['no']}>
            {output.fulfilled ? <IconCircleCheck {...icon} /> : <IconCircleX {...icon} />}
            <span>{text(output.description)}</span>
            {!output.fulfilled && <span className="red">{say('missing')}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
