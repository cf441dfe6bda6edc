import { Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Task } from '../api/index.ts';
import { useTexts } from '../i18n/index.ts';
import { Button } from '../parts/index.ts';
import { taskTexts } from './texts.ts';
import classes from './dialogs.module.css';

/** Asks why a task is not needed any more. */
export function CancelDialog({ task, onClose, onCancel }: { readonly task: Pick<Task, 'title'>; readonly onClose: () => void; readonly onCancel: (reason: string) => void }) {
  const say = useTexts(taskTexts);
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={onClose} title={say('cancel')} size="sm" centered>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onCancel(reason.trim());
          onClose();
        }}
      >
        <p className={classes['subject']}>{task.title}</p>
        <Textarea label={say('cancelReason')} description={say('cancelHint')} value={reason} onChange={(event) => setReason(event.currentTarget.value)} required minRows={2} autosize data-autofocus />
        <div className="row">
          <Button className="push" onClick={onClose}>{say('dismiss')}</Button>
          <Button type="submit" look="primary" disabled={reason.trim() === ''}>{say('cancel')}</Button>
        </div>
      </form>
    </Modal>
  );
}
