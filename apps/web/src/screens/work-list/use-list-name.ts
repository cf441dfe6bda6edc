import { useMeta } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { texts } from './texts.ts';
import type { Shown } from './use-filter.ts';

/** What the list is called: its queue, or whose it is. */
export function useListName({ mineOnly, queue }: Shown): string {
  const say = useTexts(texts);
  const text = useSystemText();
  const label = useMeta().queues.find((each) => each.queue === queue)?.label;
  if (mineOnly) return say('myTasks');
  return label ? text(label) : say('title');
}
