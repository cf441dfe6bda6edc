import IconCalendarEvent from '@tabler/icons-react/icons/IconCalendarEvent';
import IconMail from '@tabler/icons-react/icons/IconMail';
import IconNote from '@tabler/icons-react/icons/IconNote';
import IconPhone from '@tabler/icons-react/icons/IconPhone';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import { createElement } from 'react';

const icons = { CALL: IconPhone, EMAIL: IconMail, MEETING: IconCalendarEvent, RESEARCH: IconSearch } as const;

/** What sort of activity it was, seen at a glance. */
export function ActivityIcon({ activityType, size = 14 }: { readonly activityType: string; readonly size?: number }) {
  return createElement(icons[activityType as keyof typeof icons] ?? IconNote, { size, stroke: 1.75, 'aria-hidden': true });
}
