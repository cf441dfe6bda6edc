import { useMeta } from '../api/index.ts';
import { useSingleKeys } from '../app/keys.ts';
import { useSystemText, useTexts } from '../i18n/index.ts';
import { ActivityIcon, Segmented } from '../parts/index.ts';
import classes from './log-form.module.css';
import { logTexts } from './texts.ts';
import type { LogState } from './use-log-entry.ts';

/** What sort of thing happened. */
export function ActivityTypes({ log: { body, change } }: { readonly log: LogState }) {
  const say = useTexts(logTexts);
  const text = useSystemText();
  const { activityTypes } = useMeta();
  const singleKeys = useSingleKeys();
  return (
    <div className={classes['types']}>
      <Segmented
        label={say('types')}
        choices={activityTypes.map(({ code, label }) => ({
          value: code,
          label: (
            <>
              {code === body.activityType && <ActivityIcon activityType={code} />}
              {text(label)}
            </>
          ),
        }))}
        value={body.activityType}
        onChange={(activityType) => change({ activityType })}
      />
      {singleKeys && <kbd aria-hidden="true">T</kbd>}
    </div>
  );
}
