import { useMeta, type Case } from '../api/index.ts';
import { useSystemText } from '../i18n/index.ts';
import { Chip, type Tone } from './chip.tsx';

const tones: Readonly<Record<Case['status'], Tone>> = {
  NEW: 'neutral',
  IN_PROGRESS: 'accent',
  WAITING_INTERNAL: 'yellow',
  WAITING_EXTERNAL: 'yellow',
  ESCALATED: 'red',
  BLOCKED: 'red',
  CLOSED: 'line',
};

/** How a case stands, and on hovering why. */
export function CaseStatus({ item: { status, statusReason } }: { readonly item: Pick<Case, 'status' | 'statusReason'> }) {
  const text = useSystemText();
  const { caseStatuses } = useMeta();
  return (
    <Chip tone={tones[status]} {...(statusReason ? { title: text(statusReason) } : {})}>
      {text(caseStatuses.find(({ code }) => code === status)?.label)}
    </Chip>
  );
}
