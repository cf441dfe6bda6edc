import { Modal, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMeta, usersQuery } from '../api/index.ts';
import { useSystemText, useTexts } from '../i18n/index.ts';
import { Button } from '../parts/index.ts';
import { taskTexts } from './texts.ts';

/** Asks to whom or where a task goes. */
export function ReassignDialog({ subject, onClose, onChoose }: { readonly subject: string; readonly onClose: () => void; readonly onChoose: (to: { queue?: string; userId?: string }) => void }) {
  const say = useTexts(taskTexts);
  const text = useSystemText();
  const { queues } = useMeta();
  const users = useQuery(usersQuery).data?.items ?? [];
  const [user, setUser] = useState<string | null>(null);
  const [queue, setQueue] = useState<string | null>(null);
  return (
    <Modal opened onClose={onClose} title={say('reassign')} size="sm" centered>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onChoose({ ...(user ? { userId: user } : {}), ...(queue ? { queue } : {}) });
          onClose();
        }}
      >
        <p>{subject}</p>
        <Select label={say('toPerson')} data={users.map(({ id, name }) => ({ value: id, label: name ? `${id} · ${name}` : id }))} value={user} onChange={setUser} searchable clearable data-autofocus />
        <Select label={say('toQueue')} data={queues.map((each) => ({ value: each.queue, label: text(each.label) }))} value={queue} onChange={setQueue} clearable />
        <div className="row">
          <Button className="push" onClick={onClose}>{say('dismiss')}</Button>
          <Button type="submit" look="primary" disabled={!user && !queue}>{say('assign')}</Button>
        </div>
      </form>
    </Modal>
  );
}
