import { useRef, useState } from 'react';

export type LogField = 'outcomeCode' | 'notes' | 'followUpAt';

/** Where the focus can be sent to; a type without outcomes begins with the note. */
export function useFields() {
  const outcome = useRef<HTMLButtonElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const followUp = useRef<HTMLInputElement>(null);
  const [focus] = useState(() => (field: LogField) => {
    const target = { outcomeCode: outcome, notes: note, followUpAt: followUp }[field].current ?? note.current;
    target?.focus();
  });
  return { outcome, note, followUp, focus };
}
