import IconPencil from '@tabler/icons-react/icons/IconPencil';
import type { ReactNode } from 'react';
import { useMe, useMeta, type Org } from '../../api/index.ts';
import { formatDate, useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, Card } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import classes from './cards.module.css';
import { texts } from './texts.ts';
import { webAddress } from './web-address.ts';

/** What is known of the company, and who wrote it down. */
export function MasterDataCard({ org, onEdit, onErase }: { readonly org: Org; onEdit(): void; onErase(): void }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { rights } = useMe();
  const { orgKinds } = useMeta();
  const { address } = org;
  const street = [address?.street, [address?.postalCode, address?.city].filter(Boolean).join(' '), address?.country].filter(Boolean).join(', ');
  const by = (at: string, who: string) => `${formatDate(new Date(at))}, ${who}`;
  const site = webAddress(org.website);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [say('address'), street],
    [say('website'), site && <a className={classes['link']} href={site.href} target="_blank" rel="noreferrer">{site.host}</a>],
    [say('orgKind'), text(orgKinds.find(({ code }) => code === org.orgKind)?.label)],
    [say('industry'), org.industry],
    [say('externalRef'), org.externalRef],
    [say('created'), by(org.createdAt, org.createdBy)],
    [say('changed'), org.version > 1 && by(org.updatedAt, org.updatedBy)],
  ];
  return (
    <Card
      title={say('masterData')}
      actions={
        rights.includes('edit_orgs') && (
          <Button look="ghost" icon small aria-label={say('editOrg')} title="E" onClick={onEdit}>
            <IconPencil {...icon} />
          </Button>
        )
      }
    >
      <dl className={classes['facts']}>
        {facts.map(([name, value]) => value && (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {rights.includes('erase') && org.name !== null && (
        <div className={classes['body']}>
          <Button small look="danger" onClick={onErase}>{say('erase')}</Button>
        </div>
      )}
    </Card>
  );
}
