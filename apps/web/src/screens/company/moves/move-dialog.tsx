import { Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { newIntention, useMeta, type Org, type Transition } from '../../../api/index.ts';
import { useDraft } from '../../../app/drafts.ts';
import { useKeys } from '../../../app/keys.ts';
import { useSystemText, useTexts } from '../../../i18n/index.ts';
import { FollowUpField, type FollowUpValue } from '../../../log-form/follow-up-field.tsx';
import { Button, GuardList, KeyedChoices, problemInWords } from '../../../parts/index.ts';
import { ApiProblem } from '../../../api/index.ts';
import { texts } from '../texts.ts';
import { Afterwards } from './afterwards.tsx';
import classes from './moves.module.css';
import { OrgPicker } from './org-picker.tsx';
import { RefusedSentence } from './refused-sentence.tsx';
import { useMove, useMoveVerb, type Move, type Refusal } from './use-move.ts';

interface MoveForm {
  readonly reasonCode: string;
  readonly note: string;
  readonly duplicateOf: string;
  readonly followUp: FollowUpValue;
}
const EMPTY: MoveForm = { reasonCode: '', note: '', duplicateOf: '', followUp: { text: '' } };

interface MoveDialogProps {
  readonly org: Org;
  readonly transition: Transition;
  onClose(): void;
}

/** Asks why a company goes where it takes a reason, and for what it rests until; refused, it says so in place. */
export function MoveDialog({ org, transition, onClose }: MoveDialogProps) {
  const { to, reasonCodes } = transition;
  const say = useTexts(texts);
  const text = useSystemText();
  const verb = useMoveVerb(org.currentStage)(to);
  const { reasonCodes: known } = useMeta();
  const draft = useDraft(`move.${org.orgId}.${to}`, EMPTY);
  const [refusal, setRefusal] = useState<Refusal>();
  const [attempt, setAttempt] = useState<{ readonly key: string; readonly of: string }>();
  const { reasonCode, note, duplicateOf, followUp } = draft.value;
  const change = (next: Partial<MoveForm>) => draft.change({ ...draft.value, ...next });
  const reason = reasonCodes.find(({ code }) => code === reasonCode);
  const namesOrg = known.find(({ code }) => code === reasonCode)?.namesOrg ?? false;
  const rests = to === 'DORMANT';
  const move: Move = {
    to,
    ...(reason ? { reasonCode } : {}),
    ...(note.trim() ? { reasonNote: note.trim() } : {}),
    ...(namesOrg && duplicateOf ? { duplicateOfOrgId: duplicateOf } : {}),
    ...(rests && followUp.at ? { followUpAt: followUp.at } : {}),
  };
  const moving = useMove({
    orgId: org.orgId,
    currentStage: org.currentStage,
    onMoved: () => {
      draft.clear();
      onClose();
    },
    onRefused: setRefusal,
  });
  const complete = (reason !== undefined || !transition.needsReason) && (!reason?.needsNote || note.trim() !== '');
  const submit = () => {
    if (!complete || moving.isPending) return;
    const of = JSON.stringify(move);
    const key = attempt?.of === of ? attempt.key : newIntention();
    setAttempt({ key, of });
    setRefusal(undefined);
    moving.mutate({ move, key });
  };
  useKeys([
    ...reasonCodes.slice(0, 9).map(({ code }, index) => ({ key: String(index + 1), run: () => change({ reasonCode: code }) })),
    { key: 'mod+Enter', run: submit },
  ]);
  return (
    <Modal opened onClose={onClose} title={`${verb}: ${org.name ?? ''}`} size="lg">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {reasonCodes.length > 0 && (
          <KeyedChoices
            label={say('reason')}
            required={transition.needsReason}
            autoFocus
            choices={reasonCodes.map(({ code, label }) => ({ value: code, label: text(label) }))}
            value={reasonCode || undefined}
            onChange={(code) => change({ reasonCode: code })}
          />
        )}
        {namesOrg && <OrgPicker label={say('duplicateOf')} not={org.orgId} value={duplicateOf} onChange={(orgId) => change({ duplicateOf: orgId })} />}
        <Textarea label={say('reasonNote')} required={reason?.needsNote ?? false} autosize minRows={2} maxLength={2_000} value={note} onChange={(event) => change({ note: event.currentTarget.value })} />
        {rests && <FollowUpField value={followUp} onChange={(next) => change({ followUp: next })} why={transition.unmet.length > 0 && say('neededToRest')} required={transition.unmet.length > 0} />}
        {refusal && (
          <div className={classes['refused']} role="alert">
            <RefusedSentence org={org} refusal={refusal} total={transition.rules.length} />
            <GuardList title={verb} rules={refusal.unmet} />
          </div>
        )}
        {moving.error && !(moving.error instanceof ApiProblem && moving.error.code === 'RULES_UNMET') && <p className="red" role="alert">{problemInWords(moving.error)}</p>}
        {complete && <Afterwards org={org} move={move} verb={verb} />}
        <div className="row">
          <Button className="push" onClick={onClose}>{say('cancel')}</Button>
          <Button type="submit" look="primary" busy={moving.isPending} disabled={!complete}>{verb}</Button>
        </div>
      </form>
    </Modal>
  );
}
