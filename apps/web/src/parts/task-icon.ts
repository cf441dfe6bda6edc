import IconCalendarEvent from '@tabler/icons-react/icons/IconCalendarEvent';
import IconChecklist from '@tabler/icons-react/icons/IconChecklist';
import IconClipboardCheck from '@tabler/icons-react/icons/IconClipboardCheck';
import IconGitFork from '@tabler/icons-react/icons/IconGitFork';
import IconMail from '@tabler/icons-react/icons/IconMail';
import IconPhoneIncoming from '@tabler/icons-react/icons/IconPhoneIncoming';
import IconPhoneOutgoing from '@tabler/icons-react/icons/IconPhoneOutgoing';
import IconUsers from '@tabler/icons-react/icons/IconUsers';
import { createElement } from 'react';
import { icon } from './icon.ts';

const icons = {
  CALL_BACK: IconPhoneIncoming,
  FIRST_OUTREACH: IconPhoneOutgoing,
  IDENTIFY_CONTACT: IconUsers,
  FIT_ASSESSMENT: IconClipboardCheck,
  CHECK_RELATION_SIGNALS: IconGitFork,
  INTRO_MEETING: IconCalendarEvent,
  SEND_OFFER: IconMail,
  FOLLOW_UP_OFFER: IconMail,
} as const;

/** What sort of work a task is, seen at a glance. */
export function TaskIcon({ taskType }: { readonly taskType: string }) {
  return createElement(icons[taskType as keyof typeof icons] ?? IconChecklist, icon);
}
