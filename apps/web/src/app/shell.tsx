import IconBuilding from '@tabler/icons-react/icons/IconBuilding';
import IconChartBar from '@tabler/icons-react/icons/IconChartBar';
import IconInbox from '@tabler/icons-react/icons/IconInbox';
import IconSitemap from '@tabler/icons-react/icons/IconSitemap';
import IconWifiOff from '@tabler/icons-react/icons/IconWifiOff';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { runLive, useLive, useMe, useMeta } from '../api/index.ts';
import { formatTime, setLanguage, setTimeZone, useTexts } from '../i18n/index.ts';
import { icon } from '../parts/icon.ts';
import { useClaimNext } from './claim-next.ts';
import { setSingleKeys, useKeys } from './keys.ts';
import { Sidebar } from './sidebar.tsx';
import { shellTexts } from './shell.texts.ts';
import classes from './shell.module.css';
import { useTheme } from './use-theme.ts';

const Palette = lazy(async () => ({ default: (await import('../screens/palette/index.ts')).Palette }));
const KeysHelp = lazy(async () => ({ default: (await import('../screens/keys-help/index.ts')).KeysHelp }));

/** What stands around every page once somebody is signed in. */
export function Shell() {
  const say = useTexts(shellTexts);
  const [palette, setPalette] = useState(false);
  const [keysHelp, setKeysHelp] = useState(false);
  usePersonalSettings();
  useLiveEvents();
  useGlobalKeys({ openPalette: () => setPalette(true), openKeys: () => setKeysHelp(true) });
  return (
    <div className={classes['shell']}>
      <a href="#page" className={classes['skip']}>{say('skip')}</a>
      <Sidebar openPalette={() => setPalette(true)} openKeys={() => setKeysHelp(true)} />
      <main className={classes['main']} id="page" tabIndex={-1}>
        <Offline />
        <Outlet />
        <TabBar />
      </main>
      <Suspense>
        {palette && <Palette onClose={() => setPalette(false)} />}
        {keysHelp && <KeysHelp onClose={() => setKeysHelp(false)} />}
      </Suspense>
    </div>
  );
}

function usePersonalSettings(): void {
  const { settings } = useMe();
  const { business } = useMeta();
  const { setTheme } = useTheme();
  useEffect(() => {
    if (settings.language) setLanguage(settings.language);
    if (settings.theme) setTheme(settings.theme);
    setSingleKeys(settings.singleKeys !== 'off');
  }, [settings, setTheme]);
  setTimeZone(business.timeZone);
}

function useLiveEvents(): void {
  const client = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    void runLive(client, stop.signal);
    return () => stop.abort();
  }, [client]);
}

function useGlobalKeys({ openPalette, openKeys }: { readonly openPalette: () => void; readonly openKeys: () => void }): void {
  const navigate = useNavigate();
  const { queue } = useParams({ strict: false });
  const claimNext = useClaimNext();
  useKeys([
    { key: 'mod+k', run: openPalette },
    { key: '?', run: openKeys },
    { key: 'n', run: () => claimNext.mutate(queue) },
    { key: 'g a', run: () => void navigate({ to: '/work' }) },
    { key: 'g u', run: () => void navigate({ to: '/companies' }) },
    { key: 'g w', run: () => void navigate({ to: '/workflows' }) },
    { key: 'g o', run: () => void navigate({ to: '/overview' }) },
  ]);
}

function Offline() {
  const say = useTexts(shellTexts);
  const { connected, since } = useLive();
  if (connected || since === undefined) return null;
  return (
    <div className={classes['offline']} role="status">
      <IconWifiOff {...icon} />
      {say('offlineBanner', { time: formatTime(since) })}
    </div>
  );
}

/** The areas at the bottom of a narrow window, where the thumb is. */
function TabBar() {
  const say = useTexts(shellTexts);
  return (
    <nav className={classes['tabbar']} aria-label={say('areas')}>
      <Link to="/work" activeOptions={{ includeSearch: false }}><IconInbox size={20} stroke={1.75} aria-hidden />{say('work')}</Link>
      <Link to="/companies" activeOptions={{ includeSearch: false }}><IconBuilding size={20} stroke={1.75} aria-hidden />{say('companies')}</Link>
      <Link to="/workflows"><IconSitemap size={20} stroke={1.75} aria-hidden />{say('workflows')}</Link>
      <Link to="/overview" activeOptions={{ includeSearch: false }}><IconChartBar size={20} stroke={1.75} aria-hidden />{say('overview')}</Link>
    </nav>
  );
}
