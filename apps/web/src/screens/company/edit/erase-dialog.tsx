import { Modal, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, newIntention, type Org } from '../../../api/index.ts';
import { useTexts } from '../../../i18n/index.ts';
import { Button, problemInWords, tell } from '../../../parts/index.ts';
import { texts } from '../texts.ts';
import classes from './edit.module.css';

/** Clears a company and its people for good, with the reason for it. */
export function EraseDialog({ org, onClose }: { readonly org: Org; onClose(): void }) {
  const say = useTexts(texts);
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [intention] = useState(newIntention);
  const erase = useMutation({
    mutationFn: () => api.POST('/orgs/{orgId}/erase', { params: { path: { orgId: org.orgId }, header: { 'Idempotency-Key': intention } }, body: { reason: reason.trim() } }),
    onSuccess: () => {
      tell(say('erased'));
      void client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={say('erase')} size="md">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          erase.mutate();
        }}
      >
        <p className={classes['failed']}>{say('eraseHint', { name: org.name ?? '' })}</p>
        <Textarea label={say('reason')} required autosize minRows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
        {erase.isError && <p role="alert" className="red">{problemInWords(erase.error)}</p>}
        <div className="row">
          <Button className="push" onClick={onClose}>{say('cancel')}</Button>
          <Button type="submit" look="danger" busy={erase.isPending} disabled={reason.trim() === ''}>{say('eraseForGood')}</Button>
        </div>
      </form>
    </Modal>
  );
}
