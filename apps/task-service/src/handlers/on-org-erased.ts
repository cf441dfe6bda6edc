import type { OrgErased } from '@tom/contracts/messages';
import type { HandlerContext } from '@tom/messaging';
import { eraseTextsOf } from '../adapters/erasure.ts';
import type { Deps } from '../deps.ts';

/** Clears every text about the company, also from what was told and from what could not be handled. */
export function onOrgErased({ catalog }: Pick<Deps, 'catalog'>) {
  const titles = new Map([...catalog.codes.taskTypes.values()].map(({ code, label }) => [code, label.de]));
  return async ({ tx, envelope }: HandlerContext<OrgErased>): Promise<void> => {
    await eraseTextsOf(tx, { orgId: envelope.data.orgId, revision: envelope.revision }, titles);
  };
}
