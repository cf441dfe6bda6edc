import { Modal } from '@mantine/core';
import { useState } from 'react';
import { api, type Case } from '../../api/index.ts';
import { useTexts } from '../../i18n/index.ts';
import { Button, tell } from '../../parts/index.ts';
import { ReasonFields, useReasons, type Reason } from './reason-fields.tsx';
import { texts } from './texts.ts';
import { useCaseAction } from './use-case-actions.ts';
import classes from './dialogs.module.css';

/** Lays an accepted lead back: that is a move of the company, and needs a reason. */
export function ReleaseDialog({ item, onClose }: { readonly item: Case; readonly onClose: () => void }) {
  const say = useTexts(texts);
  const [reason, setReason] = useState<Reason>({ reasonCode: '', reasonNote: '' });
  const reasons = useReasons(item.org.currentStage, 'QUALIFIED_LEAD');
  const release = useCaseAction(
    item.caseId,
    (_: void, header) =>
      api.POST('/cases/{caseId}/release', {
        params: { path: { caseId: item.caseId }, header },
        body: { reasonCode: reason.reasonCode, ...(reason.reasonNote.trim() ? { reasonNote: reason.reasonNote.trim() } : {}) } as never,
      }),
    () => {
      tell(say('releasedTold'));
      onClose();
    },
  );
  return (
    <Modal opened onClose={onClose} title={say('releaseTitle')} size="md">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          release.mutate();
        }}
      >
        <p className={classes['target']}>{say('releaseHint')}</p>
        <ReasonFields offered={reasons.offered} value={reason} onChange={setReason} />
        <div className="row">
          <Button className="push" onClick={onClose}>{say('dismiss')}</Button>
          <Button type="submit" look="primary" busy={release.isPending} disabled={!reasons.isComplete(reason)}>{say('release')}</Button>
        </div>
      </form>
    </Modal>
  );
}
