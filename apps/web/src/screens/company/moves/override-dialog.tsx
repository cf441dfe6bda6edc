import { Modal, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, newIntention, type Org } from '../../../api/index.ts';
import { useTexts } from '../../../i18n/index.ts';
import { Button, problemInWords, tell } from '../../../parts/index.ts';
import { texts } from '../texts.ts';
import { useStageLabel } from './use-move.ts';

/** Past the guard, with a reason that stands on the timeline. */
export function OverrideDialog({ org, to, onClose }: { readonly org: Org; readonly to: string; onClose(): void }) {
  const say = useTexts(texts);
  const label = useStageLabel();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [intention] = useState(newIntention);
  const override = useMutation({
    mutationFn: () => api.POST('/orgs/{orgId}/stage/override', { params: { path: { orgId: org.orgId }, header: { 'Idempotency-Key': intention } }, body: { toStage: to as never, reason: reason.trim() } }),
    onSuccess: () => {
      tell(say('movedTo', { stage: label(to) }));
      onClose();
    },
    onSettled: () => {
      for (const queryKey of [['org', org.orgId], ['orgs'], ['tasks'], ['cases']]) void client.invalidateQueries({ queryKey });
    },
  });
  return (
    <Modal opened onClose={onClose} title={say('overrideTitle', { stage: label(to) })} size="md">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          override.mutate();
        }}
      >
        <Textarea label={say('reason')} description={say('overrideHint')} required autosize minRows={2} maxLength={2_000} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
        {override.isError && <p className="red" role="alert">{problemInWords(override.error, label)}</p>}
        <div className="row">
          <Button className="push" onClick={onClose}>{say('cancel')}</Button>
          <Button type="submit" look="primary" busy={override.isPending} disabled={reason.trim() === ''}>{say('override')}</Button>
        </div>
      </form>
    </Modal>
  );
}
