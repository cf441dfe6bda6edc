import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { api, dataOf, meQuery, useMe, useMeta, type Me } from '../../api/index.ts';
import { signOut } from '../../app/sign-out.ts';
import { useLanguage, useSystemText, useTexts } from '../../i18n/index.ts';
import { useTheme } from '../../app/use-theme.ts';
import { Button, PageHead, Segmented, tell, tellProblem } from '../../parts/index.ts';
import classes from './settings.module.css';
import { texts } from './texts.ts';

/** How the UI is for me; it is the same wherever I sign in. */
export function Settings() {
  const say = useTexts(texts);
  const me = useMe();
  const lang = useLanguage();
  const { theme } = useTheme();
  const change = useChangeSettings();
  const { singleKeys = 'on', afterSave = 'next' } = me.settings;
  return (
    <>
      <PageHead title={say('title')} />
      <div className={classes['page']}>
        <Setting label={say('language')}>
          {(label) => <Segmented label={label} value={lang} onChange={(language) => change({ language })} choices={[{ value: 'de', label: <span lang="de">Deutsch</span> }, { value: 'en', label: <span lang="en">English</span> }]} />}
        </Setting>
        <Setting label={say('theme')}>
          {(label) => (
            <Segmented
              label={label}
              value={theme}
              onChange={(next) => change({ theme: next })}
              choices={[
                { value: 'light', label: say('light') },
                { value: 'dark', label: say('dark') },
                { value: 'auto', label: say('auto') },
              ]}
            />
          )}
        </Setting>
        <Setting label={say('singleKeys')} hint={say('singleKeysHint')}>
          {(label) => <Segmented label={label} value={singleKeys} onChange={(next) => change({ singleKeys: next })} choices={[{ value: 'on', label: say('on') }, { value: 'off', label: say('off') }]} />}
        </Setting>
        <Setting label={say('afterSave')}>
          {(label) => <Segmented label={label} value={afterSave} onChange={(next) => change({ afterSave: next })} choices={[{ value: 'next', label: say('next') }, { value: 'stay', label: say('stay') }]} />}
        </Setting>
        <WhoIAm me={me} />
      </div>
    </>
  );
}

function Setting({ label, hint, children }: { readonly label: string; readonly hint?: string; readonly children: (label: string) => ReactNode }) {
  const id = useId();
  return (
    <section className={classes['setting']} aria-labelledby={id}>
      <div className="grow">
        <h2 id={id}>{label}</h2>
        {hint && <p className="dim">{hint}</p>}
      </div>
      {children(label)}
    </section>
  );
}

function WhoIAm({ me }: { readonly me: Me }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const meta = useMeta();
  const roles = meta.roles.filter(({ role }) => me.roles.includes(role)).map(({ label }) => text(label));
  const queues = meta.queues.filter(({ queue }) => me.queues.includes(queue)).map(({ label }) => text(label));
  return (
    <section className={classes['who']}>
      <dl>
        <dt>{say('who')}</dt>
        <dd>{me.name ? `${me.name} (${me.id})` : me.id}</dd>
        <dt>{say('roles')}</dt>
        <dd>{roles.join(', ')}</dd>
        <dt>{say('queues')}</dt>
        <dd>{queues.join(', ') || '–'}</dd>
      </dl>
      <Button onClick={() => signOut()}>{say('signOut')}</Button>
    </section>
  );
}

type Change = Partial<Me['settings']>;

/** Changes at once what is seen, and says when it could not be kept. */
function useChangeSettings(): (change: Change) => void {
  const say = useTexts(texts);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (change: Change) => dataOf(api.PATCH('/me/settings', { body: change })),
    onMutate: (change) => {
      client.setQueryData(meQuery.queryKey, (me) => me && { ...me, settings: { ...me.settings, ...change } });
    },
    onSuccess: (me) => {
      client.setQueryData(meQuery.queryKey, me);
      tell(say('saved'));
    },
    onError: (error) => {
      tellProblem(error);
      void client.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
  return (change) => save.mutate(change);
}
