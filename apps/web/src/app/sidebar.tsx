import { Menu } from '@mantine/core';
import IconBuilding from '@tabler/icons-react/icons/IconBuilding';
import IconChartBar from '@tabler/icons-react/icons/IconChartBar';
import IconCheckbox from '@tabler/icons-react/icons/IconCheckbox';
import IconFolder from '@tabler/icons-react/icons/IconFolder';
import IconInbox from '@tabler/icons-react/icons/IconInbox';
import IconRouteSquare from '@tabler/icons-react/icons/IconRouteSquare';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import IconSitemap from '@tabler/icons-react/icons/IconSitemap';
import IconStack2 from '@tabler/icons-react/icons/IconStack2';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { myCasesQuery, myTasksQuery, overviewQuery, useLive, useMe, useMeta, useQueues } from '../api/index.ts';
import { useLanguage, useSystemText, useTexts } from '../i18n/index.ts';
import { Avatar } from '../parts/index.ts';
import { icon } from '../parts/icon.ts';
import { modKey } from './keys.ts';
import { useRecentlyOpened } from './recent.ts';
import { shellTexts } from './shell.texts.ts';
import { signOut } from './sign-out.ts';
import classes from './sidebar.module.css';

/** Where everything is, what is mine, how much waits, who I am and whether I am live. */
export function Sidebar({ openPalette, openKeys }: { readonly openPalette: () => void; readonly openKeys: () => void }) {
  const say = useTexts(shellTexts);
  const lang = useLanguage();
  return (
    <aside className={classes['side']} aria-label={say('navigation')}>
      <div className={classes['brand']}>
        <IconRouteSquare size={18} stroke={1.75} aria-hidden />
        TOM Flow
      </div>
      <button type="button" className={classes['find']} onClick={openPalette} aria-keyshortcuts="Control+K">
        <IconSearch {...icon} />
        {say('search')}
        <kbd aria-hidden="true">{modKey('K', lang)}</kbd>
      </button>
      <div className={classes['scroll']}>
        <nav aria-label={say('areas')}>
          <ul className={classes['nav']}>
            <li><Link to="/work" activeOptions={{ exact: true, includeSearch: false }}><IconInbox {...icon} />{say('work')}</Link></li>
            <li><Link to="/companies" activeOptions={{ includeSearch: false }}><IconBuilding {...icon} />{say('companies')}</Link></li>
            <li><Link to="/workflows"><IconSitemap {...icon} />{say('workflows')}</Link></li>
            <li><Link to="/overview" activeOptions={{ includeSearch: false }}><IconChartBar {...icon} />{say('overview')}</Link></li>
          </ul>
        </nav>
        <MyWork />
        <MyQueues />
        <Recent />
      </div>
      <Account openKeys={openKeys} />
    </aside>
  );
}

function MyWork() {
  const say = useTexts(shellTexts);
  const tasks = useQuery(myTasksQuery).data?.items.length;
  const cases = useQuery(myCasesQuery).data?.items.length;
  return (
    <nav aria-label={say('myWork')}>
      <h2>{say('myWork')}</h2>
      <ul className={classes['nav']}>
        <li><Link to="/my/tasks"><IconCheckbox {...icon} />{say('myTasks')}<Count>{tasks}</Count></Link></li>
        <li><Link to="/my/cases"><IconFolder {...icon} />{say('myCases')}<Count>{cases}</Count></Link></li>
      </ul>
    </nav>
  );
}

function Count({ children }: { readonly children: number | undefined }) {
  return children === undefined ? null : <span className={`fig ${classes['count'] ?? ''}`}>{children}</span>;
}

/** The queues that I may work, with what is overdue and what is open. */
function MyQueues() {
  const say = useTexts(shellTexts);
  const text = useSystemText();
  const { queues: mine } = useMe();
  const { data } = useQueues();
  const shown = (data ?? []).filter(({ queue }) => mine.includes(queue));
  if (shown.length === 0) return null;
  return (
    <nav aria-label={say('queues')}>
      <h2>{say('queues')}</h2>
      <ul className={classes['nav']}>
        {shown.map(({ queue, label, overdue, open }) => (
          <li key={queue}>
            <Link to="/work/$queue" params={{ queue }} activeOptions={{ includeSearch: false }}>
              <IconStack2 {...icon} />
              <span className="cut">{text(label)}</span>
              <span className={`fig ${classes['count'] ?? ''}`}>
                {overdue > 0 && <span className="red strong" title={say('overdue')}>{overdue}<span className="sr"> {say('overdue')},</span></span>}
                <span>{open}<span className="sr"> {say('open')}</span></span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Recent() {
  const say = useTexts(shellTexts);
  const opened = useRecentlyOpened();
  const found = useQueries({ queries: opened.map((orgId) => ({ ...overviewQuery(orgId), staleTime: Infinity })) });
  const shown = found.flatMap(({ data }, index) => (data?.org?.name ? [{ orgId: opened[index] ?? '', name: data.org.name }] : []));
  if (shown.length === 0) return null;
  return (
    <nav aria-label={say('recent')}>
      <h2>{say('recent')}</h2>
      <ul className={classes['nav']}>
        {shown.map(({ orgId, name }) => (
          <li key={orgId}>
            <Link to="/companies/$orgId" params={{ orgId }} activeProps={{}}>
              <IconBuilding {...icon} />
              <span className="cut">{name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Account({ openKeys }: { readonly openKeys: () => void }) {
  const say = useTexts(shellTexts);
  const text = useSystemText();
  const me = useMe();
  const { roles } = useMeta();
  const navigate = useNavigate();
  const { connected, since } = useLive();
  const offline = !connected && since !== undefined;
  const role = roles.find(({ role }) => role === me.roles[0]);
  return (
    <div className={classes['foot']}>
      <Menu position="top-start" width={200}>
        <Menu.Target>
          <button type="button" className={classes['account']} title={say('account')}>
            <Avatar user={me.id} me />
            <span className="cut">
              {me.id} <span className="dim">· {text(role?.label) || me.roles[0]}</span>
            </span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void navigate({ to: '/settings' })}>{say('settings')}</Menu.Item>
          <Menu.Item onClick={openKeys} rightSection={<kbd>?</kbd>}>{say('keys')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => signOut()}>{say('signOut')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <span className={`${classes['live'] ?? ''} ${offline ? classes['off'] : ''}`} title={say(offline ? 'offlineTitle' : 'liveTitle')} role="status">
        {say(offline ? 'offline' : 'live')}
      </span>
    </div>
  );
}
