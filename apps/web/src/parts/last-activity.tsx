import { useMeta, type Task } from '../api/index.ts';
import { useSystemText, useTexts } from '../i18n/index.ts';
import { agoTexts, useAgo } from './ago.ts';
import { useNow } from './use-now.ts';

/** What was last done with a company, and how long ago. */
export function LastActivity({ of }: { readonly of: Task['lastActivity'] }) {
  const text = useSystemText();
  const sayAgo = useTexts(agoTexts);
  const ago = useAgo();
  const now = useNow();
  const { activityTypes } = useMeta();
  if (!of) return sayAgo('never');
  const type = activityTypes.find(({ code }) => code === of.activityType);
  const outcome = type?.outcomes.find(({ code }) => code === of.outcomeCode);
  return `${text(outcome?.label ?? type?.label)} · ${ago(new Date(of.at), now)}`;
}
