import type { Logger } from '@tom/postgres';
import {
  claimRebuild,
  finishRebuild,
  giveRebuildBack,
  reachCompany,
  shownCompanies,
  type Rebuild,
} from '../adapters/rebuild-table.ts';
import { rebuildCompany, type RebuildParts } from './rebuild-company.ts';

const LOOK_EVERY_MS = 2_000;

/**
 * Works off requests to build the timeline anew, one company after the other; a restart goes on behind the last one
 * that was done.
 */
export function serveRebuilds(
  parts: RebuildParts & { readonly logger: Logger },
): { start(): void; stop(): Promise<void> } {
  const { database, clock, logger, owners } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void> | undefined;

  /** In the order of ids, those of the owner and those that only the timeline shows. */
  async function companiesBehind(reached: string | undefined, known: RebuildParts['owners']): Promise<string[]> {
    const owned = await known.companies(reached);
    const shown = await shownCompanies(database, reached, owned.at(-1));
    const end = shown.complete ? undefined : shown.orgIds.at(-1);
    return [...new Set([...owned, ...shown.orgIds])].filter((orgId) => end === undefined || orgId <= end).sort();
  }

  async function workOff(rebuild: Rebuild): Promise<void> {
    let reached = rebuild.reached;
    let companies =
      rebuild.org_id === null ? await companiesBehind(reached ?? undefined, owners) : [rebuild.org_id].filter(() => !reached);
    while (companies.length > 0 && !signal.aborted) {
      for (const orgId of companies) {
        if (signal.aborted) return;
        const counts = await rebuildCompany({ ...parts, owners }, orgId);
        if (!(await reachCompany(database, { ...rebuild, reached }, orgId, counts))) return;
        reached = orgId;
      }
      companies = rebuild.org_id === null ? await companiesBehind(reached ?? undefined, owners) : [];
    }
    if (signal.aborted) return;
    await finishRebuild(database, rebuild.rebuild_id, clock.now());
    logger.info({ rebuild: rebuild.rebuild_id }, 'timeline rebuilt');
  }

  async function look(): Promise<void> {
    const rebuild = await claimRebuild(database);
    if (!rebuild) return;
    try {
      await workOff(rebuild);
      if (signal.aborted) await giveRebuildBack(database, rebuild.rebuild_id);
    } catch (error) {
      logger.warn({ rebuild: rebuild.rebuild_id, error: String(error) }, 'rebuilding the timeline waits');
      await giveRebuildBack(database, rebuild.rebuild_id, error instanceof Error ? error.message : String(error));
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      // Whatever is away comes back; the request stands in the database.
      await look().catch((error: unknown) => logger.debug({ error: String(error) }, 'rebuilds cannot be looked for'));
      await pause(signal);
    }
  }

  return {
    start: () => {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, LOOK_EVERY_MS);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
