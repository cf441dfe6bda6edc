import IconMoon from '@tabler/icons-react/icons/IconMoon';
import IconRouteSquare from '@tabler/icons-react/icons/IconRouteSquare';
import IconSun from '@tabler/icons-react/icons/IconSun';
import { useComputedColorScheme } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { api, dataOf, setAccessToken, type Text } from '../../api/index.ts';
import { useKeys } from '../../app/keys.ts';
import { useTheme } from '../../app/use-theme.ts';
import { setLanguage, useLanguage, useSystemText, useTexts } from '../../i18n/index.ts';
import { Avatar, Button, PartFailed, problemInWords, Rows, Segmented } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import classes from './sign-in.module.css';
import { roleTexts, texts } from './texts.ts';

/** How people come in: as a demo user by a digit, or at the company's identity provider. */
export function SignIn() {
  const say = useTexts(texts);
  const waysIn = useQuery({ queryKey: ['sign-in'], queryFn: () => dataOf(api.GET('/sign-in')), staleTime: Infinity });
  useEffect(() => {
    document.title = `${say('title')} – TOM Flow`;
  }, [say]);
  return (
    <div className={classes['page']}>
      <header className={classes['edge']}>
        <span className={classes['brand']}>
          <IconRouteSquare size={18} stroke={1.75} aria-hidden />
          TOM Flow
        </span>
        <Appearance />
      </header>
      <main className={classes['main']}>
        <div className={classes['panel']}>
          <h1>{say('title')}</h1>
          {waysIn.isPending && <Rows count={7} height={54} />}
          {waysIn.isError && <PartFailed part={say('part')} error={waysIn.error} retry={() => void waysIn.refetch()} />}
          {waysIn.data?.kind === 'demo' && <DemoUsers users={waysIn.data.users ?? []} />}
          {waysIn.data?.kind === 'oidc' && (
            <CompanyAccount issuer={waysIn.data.issuer ?? ''} clientId={waysIn.data.clientId ?? ''} scope={waysIn.data.scope ?? 'openid'} />
          )}
          {waysIn.data?.kind === 'none' && <p className="mid">{say('none')}</p>}
        </div>
      </main>
      <footer className={`${classes['edge'] ?? ''} dim`}>{waysIn.isSuccess && <span className={classes['ready']}>{say('ready')}</span>}</footer>
    </div>
  );
}

function Appearance() {
  const say = useTexts(texts);
  const lang = useLanguage();
  const { setTheme } = useTheme();
  const dark = useComputedColorScheme('light') === 'dark';
  return (
    <div className="row push">
      <Segmented
        label={say('language')}
        choices={[
          { value: 'de', label: <span lang="de">Deutsch</span> },
          { value: 'en', label: <span lang="en">English</span> },
        ]}
        value={lang}
        onChange={setLanguage}
      />
      <Button look="ghost" icon aria-label={say(dark ? 'light' : 'dark')} onClick={() => setTheme(dark ? 'light' : 'dark')}>
        {dark ? <IconSun {...icon} /> : <IconMoon {...icon} />}
      </Button>
    </div>
  );
}

interface DemoUser {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly label?: Text | undefined;
}

function DemoUsers({ users }: { readonly users: readonly DemoUser[] }) {
  const say = useTexts(texts);
  const sayWork = useTexts(roleTexts);
  const text = useSystemText();
  const enter = useEnter();
  const signIn = useMutation({
    mutationFn: (user: string) => dataOf(api.POST('/dev/token', { body: { user } })),
    onSuccess: ({ accessToken }) => enter(accessToken),
  });
  useKeys(users.map(({ id }, index) => ({ key: String(index + 1), run: () => signIn.mutate(id) })));
  return (
    <>
      <p className="mid">{say('demo')}</p>
      <ul className={classes['users']}>
        {users.map(({ id, name, roles, label }, index) => {
          const [first = ''] = roles;
          return (
            <li key={id}>
              <button type="button" onClick={() => signIn.mutate(id)} aria-busy={signIn.isPending && signIn.variables === id}>
                <Avatar user={id} />
                <span className={classes['person']}>
                  <span>
                    <b>{id}</b> <span className="mid">{text(label)}</span>
                  </span>
                  <span className="dim cut" title={name}>
                    {first in roleTexts.de ? sayWork(first as keyof typeof roleTexts.de) : name}
                  </span>
                </span>
                <kbd aria-hidden="true">{index + 1}</kbd>
              </button>
            </li>
          );
        })}
      </ul>
      {signIn.isError && <p role="alert" className="red">{say('failed', { reason: problemInWords(signIn.error) })}</p>}
    </>
  );
}

function CompanyAccount(issuer: { readonly issuer: string; readonly clientId: string; readonly scope: string }) {
  const say = useTexts(texts);
  const { then, code, error } = useSearch({ from: '/sign-in' });
  const enter = useEnter();
  const begun = useRef(false);
  const leave = useMutation({ mutationFn: async () => (await import('./oidc.ts')).leaveForIssuer(issuer, then ?? '/') });
  const comeBack = useMutation({
    mutationFn: async () => (await import('./oidc.ts')).returnFromIssuer(issuer),
    onSuccess: (back) => enter(back.token, back.then),
  });
  const { mutate } = comeBack;
  useEffect(() => {
    if (code === undefined || begun.current) return;
    begun.current = true; // a code counts once, and effects run twice while developing
    mutate();
  }, [code, mutate]);
  const reason = error ?? (comeBack.error ?? leave.error)?.message;
  return (
    <>
      <p className="mid">{say('oidcHint')}</p>
      <p className={classes['oidc']}>
        <Button look="primary" busy={leave.isPending || comeBack.isPending} onClick={() => leave.mutate()}>
          {say('oidc')}
        </Button>
      </p>
      {reason !== undefined && <p role="alert" className="red">{say('failed', { reason })}</p>}
    </>
  );
}

/** Takes the token and goes on where the person wanted to be; never to another host. */
function useEnter(): (token: string, then?: string) => void {
  const navigate = useNavigate();
  const search = useSearch({ from: '/sign-in' });
  return (token, then = search.then ?? '/') => {
    setAccessToken(token);
    void navigate({ href: /^\/(?!\/)/.test(then) ? then : '/', replace: true });
  };
}
