import { Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMeta, type Task } from '../api/index.ts';
import { instantOf, instantOfField, partsOf, useTexts } from '../i18n/index.ts';
import { Button, Due } from '../parts/index.ts';
import { taskTexts } from './texts.ts';
import classes from './dialogs.module.css';

const HOUR_MS = 3_600_000;

interface Offer {
  readonly label: 'inAnHour' | 'thisAfternoon' | 'tomorrowMorning' | 'nextWeek';
  readonly at: Date;
}

/** The times that are usually meant, in the business time zone and within its hours. */
export function usualTimes(now: Date, startOfDay: string): readonly Offer[] {
  const [year, month, day] = partsOf(now);
  const [hour = 8, minute = 0] = startOfDay.split(':').map(Number);
  const afternoon = instantOf(year, month, day, 15, 0);
  return [
    { label: 'inAnHour', at: new Date(Math.ceil((now.getTime() + HOUR_MS) / 300_000) * 300_000) },
    ...(afternoon > now ? [{ label: 'thisAfternoon' as const, at: afternoon }] : []),
    { label: 'tomorrowMorning', at: instantOf(year, month, day + 1, hour + 1, minute) },
    { label: 'nextWeek', at: instantOf(year, month, day + 7, hour + 1, minute) },
  ];
}

/** Asks until when something is put off: one press for the usual, a field for the rest. */
export function RescheduleDialog({ task, onClose, onChoose }: { readonly task: Pick<Task, 'title' | 'dueAt' | 'dueIsEndOfDay'>; readonly onClose: () => void; readonly onChoose: (at: Date) => void }) {
  const say = useTexts(taskTexts);
  const { business } = useMeta();
  const [now] = useState(() => new Date());
  const [typed, setTyped] = useState('');
  const choose = (at: Date) => {
    onChoose(at);
    onClose();
  };
  const at = instantOfField(typed);
  return (
    <Modal opened onClose={onClose} title={say('reschedule')} size="sm" centered>
      <p className={classes['subject']}>
        {task.title} <Due dueAt={task.dueAt} dueIsEndOfDay={task.dueIsEndOfDay} />
      </p>
      <ul className={classes['offers']}>
        {usualTimes(now, business.startOfDay).map((offer, index) => (
          <li key={offer.label}>
            <button type="button" onClick={() => choose(offer.at)} data-autofocus={index === 0 || undefined}>
              <span>{say(offer.label)}</span>
              <Due dueAt={offer.at.toISOString()} />
            </button>
          </li>
        ))}
      </ul>
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (at) choose(at);
        }}
      >
        <TextInput type="datetime-local" label={say('atAnother')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} className="grow" />
        <Button type="submit" look="primary" disabled={!at}>
          {say('save')}
        </Button>
      </form>
    </Modal>
  );
}
