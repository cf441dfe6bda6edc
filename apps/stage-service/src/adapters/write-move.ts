import type { Stages } from '@tom/catalog';
import type { Tx } from '@tom/postgres';
import type { Org } from '../domain/org.ts';
import type { StageChange } from '../domain/stage.ts';
import { moveOrgs } from './orgs.ts';
import { insertStageChanges } from './stage-history.ts';

/** Companies as they are after their moves, and the moves; two statements however many they are. */
export async function writeMoves(tx: Tx, stages: Stages, orgs: readonly Org[], changes: readonly StageChange[]): Promise<void> {
  await Promise.all([moveOrgs(tx, orgs), insertStageChanges(tx, changes, stages.initial('lead'))]);
}
