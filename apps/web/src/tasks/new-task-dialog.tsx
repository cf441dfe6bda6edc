import { Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, newIntention, useMeta } from '../api/index.ts';
import { useDraft } from '../app/drafts.ts';
import { instantOfField, useSystemText, useTexts } from '../i18n/index.ts';
import { Button, problemInWords, tell } from '../parts/index.ts';
import { taskTexts } from './texts.ts';

interface NewTaskDialogProps {
  readonly orgId: string;
  readonly caseId?: string | undefined;
  /** Where it lies when nothing else is chosen. */
  readonly queue: string;
  readonly onClose: () => void;
}

/** A task of one's own making: what, where, until when. With a date it counts as a next step of the company. */
export function NewTaskDialog({ orgId, caseId, queue, onClose }: NewTaskDialogProps) {
  const say = useTexts(taskTexts);
  const text = useSystemText();
  const { taskTypes, queues, priorities } = useMeta();
  const client = useQueryClient();
  const [intention] = useState(newIntention);
  const draft = useDraft(`task.${caseId ?? orgId}`, { taskType: 'GENERAL', title: '', assignedQueue: queue, priority: 'NORMAL', due: '' });
  const { title, due, ...codes } = draft.value;
  const dueAt = instantOfField(due);
  const create = useMutation({
    mutationFn: () =>
      api.POST('/tasks', {
        params: { header: { 'Idempotency-Key': intention } },
        body: { orgId, ...(caseId ? { caseId } : {}), title: title.trim(), ...codes, ...(dueAt ? { dueAt: dueAt.toISOString() } : {}) } as never,
      }),
    onSuccess: () => {
      draft.clear();
      tell(say('createdTold', { task: title }));
      for (const queryKey of [['tasks'], ['queues'], ['org', orgId]]) void client.invalidateQueries({ queryKey });
      onClose();
    },
  });
  const change = (next: Partial<typeof draft.value>) => draft.change({ ...draft.value, ...next });
  const choices = (items: readonly { readonly code: string; readonly label: { readonly de: string; readonly en: string } }[]) => items.map(({ code, label }) => ({ value: code, label: text(label) }));
  return (
    <Modal opened onClose={onClose} title={say('newTask')} size="md">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextInput label={say('taskTitle')} required value={title} onChange={(event) => change({ title: event.currentTarget.value })} data-autofocus />
        <div className="row wrap">
          <Select className="grow" label={say('taskType')} data={choices(taskTypes)} value={codes.taskType} onChange={(taskType) => taskType && change({ taskType })} allowDeselect={false} />
          <Select className="grow" label={say('toQueue')} data={queues.map((each) => ({ value: each.queue, label: text(each.label) }))} value={codes.assignedQueue} onChange={(assignedQueue) => assignedQueue && change({ assignedQueue })} allowDeselect={false} />
        </div>
        <div className="row wrap">
          <TextInput className="grow" type="datetime-local" label={say('due')} value={due} onChange={(event) => change({ due: event.currentTarget.value })} />
          <Select className="grow" label={say('priority')} data={choices(priorities)} value={codes.priority} onChange={(priority) => priority && change({ priority })} allowDeselect={false} />
        </div>
        {create.isError && <p role="alert" className="red">{problemInWords(create.error)}</p>}
        <div className="row">
          <Button className="push" onClick={onClose}>{say('dismiss')}</Button>
          <Button type="submit" look="primary" busy={create.isPending} disabled={title.trim() === ''}>{say('create')}</Button>
        </div>
      </form>
    </Modal>
  );
}
