import type { Catalog } from '@tom/catalog';
import type { CaseOpened } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { saveCases } from '../adapters/known-case-table.ts';
import { tellAll } from './tell.ts';

/** Every event of a case carries its snapshot: engine, queue and whether it is open; its latest revision wins. */
export const onCaseEvent =
  (catalog: Catalog) => async <T extends Pick<CaseOpened, 'case'>>({ tx, items }: BatchContext<T>): Promise<void> => {
    const seen = items.map(({ envelope: { data, revision } }) => ({
      case_id: data.case.caseId,
      org_id: data.case.orgId,
      engine: data.case.engine,
      queue: data.case.ownerQueue,
      open: data.case.status !== 'CLOSED',
      revision,
    }));
    await saveCases(tx, seen);
    await tellAll(tx, catalog, items.map((item) => item.envelope));
  };
