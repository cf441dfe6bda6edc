import IconSitemap from '@tabler/icons-react/icons/IconSitemap';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, dataOf, useMeta } from '../../api/index.ts';
import { formatDate, formatNumber, useSystemText, useTexts } from '../../i18n/index.ts';
import { Chip, Empty, PageHead, PartFailed, Rows } from '../../parts/index.ts';
import { texts } from './texts.ts';
import classes from './workflows.module.css';

const templatesQuery = queryOptions({ queryKey: ['workflows'], queryFn: async () => (await dataOf(api.GET('/workflows'))).items });

/** Every template: what it is for, which version is in force, and the cases that run on it. */
export function Workflows() {
  const say = useTexts(texts);
  const found = useQuery(templatesQuery);
  const items = found.data ?? [];
  return (
    <>
      <PageHead title={say('title')} facts={found.isSuccess ? say('facts', { count: items.length }) : undefined} />
      <div className={classes['scroll']}>
        {found.isPending && <Rows count={4} height={56} />}
        {found.isError && !found.data && <PartFailed part={say('part')} error={found.error} retry={() => void found.refetch()} />}
        {found.isSuccess && items.length === 0 && <Empty icon={IconSitemap}>{say('nothing')}</Empty>}
        {items.length > 0 && (
          <table>
            <thead>
              <tr>
                <th scope="col">{say('template')}</th>
                <th scope="col" className={classes['roomy']}>{say('engine')}</th>
                <th scope="col">{say('version')}</th>
                <th scope="col">{say('running')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <TemplateRow key={item.key} item={item} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </>
  );
}

type Item = NonNullable<Awaited<ReturnType<NonNullable<typeof templatesQuery.queryFn>>>>[number];

function TemplateRow({ item: { key, description, currentVersion, versions, engine } }: { readonly item: Item }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { queues } = useMeta();
  const current = versions.find(({ version }) => version === currentVersion);
  const running = versions.filter(({ version, runningCases }) => runningCases > 0 || version === currentVersion).toSorted((a, b) => b.version - a.version);
  return (
    <tr>
      <td>
        <Link to="/workflows/$key" params={{ key }} className={classes['link']}>
          <span className="mono strong">{key}</span>
          <span className={classes['description']}>{description}</span>
        </Link>
      </td>
      <td className={`${classes['roomy'] ?? ''} mid`}>{text(queues.find((each) => each.engine === engine)?.label)}</td>
      <td>
        <span className="row wrap">
          <Chip tone="green">{`v${currentVersion}`}</Chip>
          {current && <span className="dim fig wide">{say('since', { day: formatDate(new Date(current.loadedAt)) })}</span>}
        </span>
      </td>
      <td className="fig">
        <span className="row wrap">
          {running.map(({ version, runningCases }) => (
            <Link key={version} to="/workflows/$key" params={{ key }} search={{ version: String(version) }} className={classes['count']}>
              {say('runningOn', { version, count: formatNumber(runningCases) })}
            </Link>
          ))}
        </span>
      </td>
    </tr>
  );
}
