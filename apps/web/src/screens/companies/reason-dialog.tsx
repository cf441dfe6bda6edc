import { Modal, Radio, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useMeta } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Button } from '../../parts/index.ts';
import { boardTexts } from './board.texts.ts';
import type { Asking, Reason } from './use-move.ts';

/** Asks why a company goes to a stage that wants to know. */
export function ReasonDialog({ asking: { company, transition }, onGive, onClose }: { readonly asking: Asking; readonly onGive: (reason: Reason) => Promise<void>; readonly onClose: () => void }) {
  const say = useTexts(boardTexts);
  const text = useSystemText();
  const { stages } = useMeta();
  const [code, setCode] = useState('');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const reason = transition.reasonCodes.find((each) => each.code === code);
  const complete = reason !== undefined && (!reason.needsNote || note.trim() !== '');
  const label = text(stages.find(({ stage }) => stage === transition.to)?.label);
  return (
    <Modal opened onClose={onClose} title={say('reasonFor', { stage: label })} size="sm" centered>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!complete || busy) return;
          setBusy(true);
          void onGive({ reasonCode: code, ...(note.trim() === '' ? {} : { reasonNote: note.trim() }) });
        }}
      >
        <p className="strong">{company.name}</p>
        <Radio.Group label={say('reason')} value={code} onChange={setCode} required>
          <div className="stack">
            {transition.reasonCodes.map((each, index) => (
              <Radio key={each.code} value={each.code} label={text(each.label)} data-autofocus={index === 0 || undefined} />
            ))}
          </div>
        </Radio.Group>
        <Textarea
          label={say('note')}
          description={reason?.needsNote ? say('noteNeeded') : undefined}
          required={reason?.needsNote ?? false}
          maxLength={2_000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <div className="row">
          <Button className="push" onClick={onClose}>{say('dismiss')}</Button>
          <Button type="submit" look="primary" busy={busy} disabled={!complete}>{say('confirm')}</Button>
        </div>
      </form>
    </Modal>
  );
}
