import IconCalendarEvent from '@tabler/icons-react/icons/IconCalendarEvent';
import IconChecklist from '@tabler/icons-react/icons/IconChecklist';
import IconClipboardCheck from '@tabler/icons-react/icons/IconClipboardCheck';
import IconGitFork from '@tabler/icons-react/icons/IconGitFork';
import IconMail from '@tabler/icons-react/icons/IconMail';
import IconPhoneIncoming from '@tabler/icons-react/icons/IconPhoneIncoming';
import IconPhoneOutgoing from '@tabler/icons-react/icons/IconPhoneOutgoing';
import IconUsers from '@tabler/icons-react/icons/IconUsers';

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
export function taskIcon(taskType: string): typeof IconChecklist {
  return icons[taskType as keyof typeof icons] ?? IconChecklist;
}
