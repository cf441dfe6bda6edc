import { Select, Textarea } from '@mantine/core';
import { useMeta } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { texts } from './texts.ts';

export interface Reason {
  readonly reasonCode: string;
  readonly reasonNote: string;
}

/** Whether a reason is complete for a transition of the company: chosen, and with a note where the code asks for one. */
export function useReasons(from: string | null | undefined, to: string | undefined) {
  const { transitions, reasonCodes } = useMeta();
  const row = transitions.find((each) => each.from === from && each.to === to);
  const offered = reasonCodes.filter(({ code }) => row?.reasonCodes.includes(code));
  const isComplete = ({ reasonCode, reasonNote }: Reason) => {
    if (!row?.needsReason) return true;
    const chosen = offered.find(({ code }) => code === reasonCode);
    return chosen !== undefined && (!chosen.needsNote || reasonNote.trim() !== '');
  };
  return { offered: row?.needsReason ? offered : [], isComplete };
}

/** Asks why a company moves, where the move asks for it. */
export function ReasonFields({ offered, value, onChange }: { readonly offered: ReturnType<typeof useReasons>['offered']; readonly value: Reason; readonly onChange: (next: Reason) => void }) {
  const say = useTexts(texts);
  const text = useSystemText();
  if (offered.length === 0) return null;
  const needsNote = offered.find(({ code }) => code === value.reasonCode)?.needsNote ?? false;
  return (
    <>
      <Select label={say('reasonCode')} required data={offered.map(({ code, label }) => ({ value: code, label: text(label) }))} value={value.reasonCode || null} onChange={(code) => onChange({ ...value, reasonCode: code ?? '' })} />
      <Textarea label={say('reasonNote')} required={needsNote} autosize minRows={1} value={value.reasonNote} onChange={(event) => onChange({ ...value, reasonNote: event.currentTarget.value })} />
    </>
  );
}
