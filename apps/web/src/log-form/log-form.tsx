import { useEffect, useId, useState } from 'react';
import { useMe } from '../api/index.ts';
import { useClaimNext } from '../app/claim-next.ts';
import { inSentence, useLanguage, useSystemText, useTexts } from '../i18n/index.ts';
import { KeyedChoices } from '../parts/index.ts';
import { ActivityTypes } from './activity-types.tsx';
import { Details } from './details.tsx';
import { FollowUpField } from './follow-up-field.tsx';
import { LogFoot } from './log-foot.tsx';
import { DraftBack, LogHead } from './log-head.tsx';
import classes from './log-form.module.css';
import { NoteField } from './note-field.tsx';
import { logTexts } from './texts.ts';
import { useFields, type LogField } from './use-fields.ts';
import { useFocusBack } from './use-focus-back.ts';
import { useLogEntry, type LogState } from './use-log-entry.ts';
import { useLogKeys } from './use-log-keys.ts';
import { useSaveActivity } from './use-save-activity.ts';
import { WhatHappens } from './what-happens.tsx';

export interface LogFormProps {
  readonly orgId: string;
  /** The task that the activity does; undefined for none. */
  readonly taskId?: string | undefined;
  /** Where to begin, for who was sent here to meet a condition. */
  readonly begin?: LogField | undefined;
  readonly activityType?: string | undefined;
  /** Changes when somebody is sent here anew. */
  readonly turn?: number | undefined;
  /** A dialog lies over it: its keys are not for the form. */
  readonly quiet?: boolean;
  /** The queue that the next task comes from; undefined for all of mine. */
  readonly queue?: string | undefined;
  onClose(): void;
}

/**
 * What somebody logs while on the telephone: a digit for the outcome, a note, a follow-up, saved. Nothing in it waits for
 * the network, and what was typed survives everything but being saved or discarded.
 */
export function LogForm({ orgId, taskId, begin = 'outcomeCode', activityType, turn, quiet = false, queue, onClose }: LogFormProps) {
  const say = useTexts(logTexts);
  const text = useSystemText();
  const log = useLogEntry(orgId, taskId, activityType);
  const { draft, entry, body, type, outcome, missing, change } = log;
  const fields = useFields();
  const [wanting, setWanting] = useState<readonly string[]>([]);
  const claimNext = useClaimNext();
  const saving = useSaveActivity({
    orgId,
    draft,
    onSaved: (andNext) => (andNext ? claimNext.mutate(queue, { onSettled: (next) => !next && onClose() }) : onClose()),
  });
  const save = (andNext: boolean) => {
    setWanting(missing);
    if (missing[0] !== undefined) fields.focus(missing[0] as LogField);
    else if (!saving.pending) saving.save(body, andNext);
  };
  const primaryIsNext = useMe().settings.afterSave !== 'stay';
  const { focus } = fields;
  useFocusBack();
  useEffect(() => focus(begin), [focus, begin, turn]);
  useLogKeys(log, {
    onChosen: () => focus('notes'),
    onType: () => focus('outcomeCode'),
    onSave: () => save(primaryIsNext),
    onSaveOther: () => save(!primaryIsNext),
    onClose,
  }, !quiet);
  const titleId = useId();
  const mandatory = (field: string) => missingOrAsked(log, field);
  const why = outcome && say('mandatoryWith', { outcome: text(outcome.label) });
  return (
    <section className={classes['panel']} role="dialog" aria-labelledby={titleId}>
      <LogHead titleId={titleId} type={inSentence(text(type?.label), useLanguage())} kept={draft.at !== undefined} onClose={onClose} />
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          save(primaryIsNext);
        }}
      >
        {draft.restored && draft.at && <DraftBack at={draft.at} onDiscard={draft.clear} />}
        <ActivityTypes log={log} />
        <Details entry={entry} body={body} type={type} contacts={log.contacts} change={change} />
        {type && type.outcomes.length > 0 && (
          <KeyedChoices
            label={say('outcome')}
            required
            choices={type.outcomes.map(({ code, label }) => ({ value: code, label: text(label) }))}
            value={outcome?.code}
            onChange={log.chooseOutcome}
            entry={fields.outcome}
          />
        )}
        <NoteField inputRef={fields.note} value={entry.notes} required={mandatory('notes')} why={outcome ? why : say('mandatory')} onChange={(notes) => change({ notes })} />
        <FollowUpField
          inputRef={fields.followUp}
          value={entry.followUp}
          onChange={(followUp) => change({ followUp })}
          usual={outcome?.usualFollowUp}
          required={mandatory('followUpAt')}
          why={mandatory('followUpAt') && why}
        />
        <WhatHappens orgId={orgId} body={body} task={log.task} keepsTask={entry.keepsTask ?? false} onKeepTask={(keepsTask) => change({ keepsTask })} />
      </form>
      <LogFoot missing={missing.filter((field) => wanting.includes(field))} failure={saving.failure} pending={saving.pending} primaryIsNext={primaryIsNext} onSave={save} onRetry={() => save(saving.andNext)} />
    </section>
  );
}

function missingOrAsked({ type, outcome }: LogState, field: string): boolean {
  if (type?.outcomes.length === 0) return field === 'notes';
  return outcome?.mandatory.includes(field) ?? false;
}
