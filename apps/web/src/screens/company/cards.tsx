import type { Overview } from '../../api/index.ts';
import { CasesCard } from './cases-card.tsx';
import { ContactsCard } from './contacts-card.tsx';
import { MasterDataCard } from './master-data-card.tsx';

interface CardsProps {
  readonly orgId: string;
  readonly overview: Overview;
  retry(): void;
  onEdit(): void;
  onErase(): void;
}

/** The rest of what is known, each part by itself. */
export function Cards({ orgId, overview: { org, cases, contacts }, retry, onEdit, onErase }: CardsProps) {
  return (
    <>
      <CasesCard cases={cases} retry={retry} />
      <ContactsCard orgId={orgId} contacts={contacts} retry={retry} />
      {org && <MasterDataCard org={org} onEdit={onEdit} onErase={onErase} />}
    </>
  );
}
