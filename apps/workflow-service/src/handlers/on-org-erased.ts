import type { Catalog } from '@tom/catalog';
import type { OrgErased } from '@tom/contracts/messages';
import type { HandlerContext } from '@tom/messaging';
import { eraseTextsOf } from '../adapters/erasure.ts';
import { observe } from '../adapters/observation-tables.ts';
import { eraseKnownOrg } from '../adapters/org-projection.ts';

/** Clears the company's name and every free text about it: projection, cases, notes, history, dead letters. */
export async function onOrgErased(catalog: Catalog, { tx, now, envelope }: HandlerContext<OrgErased>): Promise<void> {
  const { orgId } = envelope.data;
  const titles = new Map([...catalog.codes.caseTypes.values()].map((type) => [type.code, type.label.de]));
  await eraseKnownOrg(tx, orgId, envelope.revision);
  await eraseTextsOf(tx, orgId, titles);
  observe(tx, now, [{ envelope, codes: {} }]);
}
