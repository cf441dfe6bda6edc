import { useEffect, useId, useRef, useState } from 'react';
import { useMe, useMeta } from '../api/index.ts';
import { useClaimNext } from '../app/claim-next.ts';
import { useKeys, useSingleKeys } from '../app/keys.ts';
import { inSentence, useLanguage, useSystemText, useTexts } from '../i18n/index.ts';
import { ActivityIcon, KeyedChoices, Segmented } from '../parts/index.ts';
import { Details } from './details.tsx';
import { usualDaysOf } from './follow-up-choices.ts';
import { FollowUpField } from './follow-up-field.tsx';
import { LogFoot } from './log-foot.tsx';
import { DraftBack, LogHead } from './log-head.tsx';
import classes from './log-form.module.css';
import { NoteField } from './note-field.tsx';
import { logTexts } from './texts.ts';
import { useFocusBack } from './use-focus-back.ts';
import { useLogEntry, type LogState } from './use-log-entry.ts';
import { useSaveActivity } from './use-save-activity.ts';
import { WhatHappens } from './what-happens.tsx';

export type LogField = 'outcomeCode' | 'notes' | 'followUpAt';

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
        <Types log={log} />
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
          usualDays={usualDaysOf(outcome?.usualFollowUp)}
          required={mandatory('followUpAt')}
          why={mandatory('followUpAt') && why}
        />
        <WhatHappens orgId={orgId} body={body} task={log.task} keepsTask={entry.keepsTask ?? false} onKeepTask={(keepsTask) => change({ keepsTask })} />
      </form>
      <LogFoot missing={missing.filter((field) => wanting.includes(field))} failure={saving.failure} pending={saving.pending} primaryIsNext={primaryIsNext} onSave={save} />
    </section>
  );
}

function missingOrAsked({ type, outcome }: LogState, field: string): boolean {
  if (type?.outcomes.length === 0) return field === 'notes';
  return outcome?.mandatory.includes(field) ?? false;
}

/** Where the focus can be sent to; a type without outcomes begins with the note. */
function useFields() {
  const outcome = useRef<HTMLButtonElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const followUp = useRef<HTMLInputElement>(null);
  const [focus] = useState(() => (field: LogField) => {
    const target = { outcomeCode: outcome, notes: note, followUpAt: followUp }[field].current ?? note.current;
    target?.focus();
  });
  return { outcome, note, followUp, focus };
}

interface LogCommands {
  onChosen(): void;
  onType(): void;
  onSave(): void;
  onSaveOther(): void;
  onClose(): void;
}

function useLogKeys({ type, body, change, chooseOutcome }: LogState, { onChosen, onType, onSave, onSaveOther, onClose }: LogCommands, active: boolean): void {
  const { activityTypes } = useMeta();
  useKeys([
    ...(type?.outcomes ?? []).slice(0, 9).map(({ code }, index) => ({
      key: String(index + 1),
      run: () => {
        chooseOutcome(code);
        onChosen();
      },
    })),
    {
      key: 't',
      run: () => {
        const at = activityTypes.findIndex(({ code }) => code === body.activityType);
        change({ activityType: activityTypes[(at + 1) % activityTypes.length]?.code ?? body.activityType });
        onType();
      },
    },
    { key: 'mod+Enter', run: onSave },
    { key: 'mod+shift+Enter', run: onSaveOther },
    { key: 'Escape', run: onClose },
  ], active);
}

function Types({ log: { body, change } }: { readonly log: LogState }) {
  const say = useTexts(logTexts);
  const text = useSystemText();
  const { activityTypes } = useMeta();
  const singleKeys = useSingleKeys();
  return (
    <div className={classes['types']}>
      <Segmented
        label={say('types')}
        choices={activityTypes.map(({ code, label }) => ({
          value: code,
          label: (
            <>
              {code === body.activityType && <ActivityIcon activityType={code} />}
              {text(label)}
            </>
          ),
        }))}
        value={body.activityType}
        onChange={(activityType) => change({ activityType })}
      />
      {singleKeys && <kbd aria-hidden="true">T</kbd>}
    </div>
  );
}
