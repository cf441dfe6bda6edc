import IconFolder from '@tabler/icons-react/icons/IconFolder';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { myCasesQuery } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { CaseStatus, Due, Empty, PageHead, PartFailed, Rows } from '../../parts/index.ts';
import classes from './my-cases.module.css';
import { texts } from './texts.ts';

/** The cases that I lead. */
export function MyCases() {
  const say = useTexts(texts);
  const text = useSystemText();
  const found = useQuery(myCasesQuery);
  const items = found.data?.items ?? [];
  return (
    <>
      <PageHead title={say('title')} facts={found.isSuccess ? say('facts', { count: items.length }) : undefined} />
      <div className={classes['scroll']}>
        {found.isPending && <Rows />}
        {found.isError && !found.data && <PartFailed part={say('part')} error={found.error} retry={() => void found.refetch()} />}
        {found.isSuccess && items.length === 0 && <Empty icon={IconFolder}>{say('nothing')}</Empty>}
        {items.length > 0 && (
          <table>
            <thead>
              <tr>
                <th scope="col">{say('company')}</th>
                <th scope="col">{say('case')}</th>
                <th scope="col" className="wide">{say('phase')}</th>
                <th scope="col">{say('status')}</th>
                <th scope="col">{say('due')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.caseId}>
                  <td className="strong">
                    <Link to="/cases/$caseId" params={{ caseId: item.caseId }}>{item.org.name}</Link>
                  </td>
                  <td>{item.title}</td>
                  <td className="wide dim">{text(item.phases.find(({ phase }) => phase === item.phase)?.label)}</td>
                  <td><CaseStatus item={item} /></td>
                  <td><Due dueAt={item.dueAt} dueIsEndOfDay /></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </>
  );
}
