import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CatalogError, isError, readTemplates, type Problem } from '@tom/catalog';
import { keepConnected, type Logger } from '@tom/postgres';
import { periodically, type LifecyclePart } from '@tom/runtime';
import type { Templates } from '../adapters/template-store.ts';
import { TEMPLATES_CHANGED } from '../adapters/template-store.ts';
import { loadTemplates, storedTemplates, type LoadDeps, type Loaded } from './load-templates.ts';

/** How often the folder is looked at; what is seen twice the same is taken up, so that no half-written file is. */
const LOOK_EVERY_MS = 2_000;

/** What came of taking templates up. */
export interface TakenUp {
  /** Whether the files are in force now. */
  readonly takenUp: boolean;
  readonly problems: readonly Problem[];
}

/** Keeps what is in force up to date with the files of this instance and with the database that all of them share. */
export interface TemplateKeeper {
  /** What keeps files or stored versions from being taken up, and what is suspected; as of the last look. */
  problems(): readonly Problem[];
  /** Reads the files and takes them up, all or nothing; a bad one changes nothing, and is told. */
  reload(): Promise<TakenUp>;
  /** Takes over what another instance has stored. */
  refresh(): Promise<void>;
  /** Looks at the folder; reloads when it holds something else than before and has come to rest. */
  lookAtFiles(): Promise<void>;
  readonly parts: Readonly<Record<string, LifecyclePart>>;
}

export interface KeeperDeps extends LoadDeps {
  readonly folder: string;
  readonly databaseUrl: string;
  readonly templates: Templates;
  readonly logger: Logger;
}

/** Makes the keeper of what was loaded at the start. */
export function createTemplateKeeper(deps: KeeperDeps, loaded: Loaded): TemplateKeeper {
  const { database, catalog, folder, templates, logger } = deps;
  let known = digestOf(folder);
  let seen = known;
  let ofFiles: readonly Problem[] = loaded.warnings;
  let ofStored: readonly Problem[] = [];
  let queue: Promise<unknown> = Promise.resolve();

  /** One at a time, so that an older answer never replaces a younger one. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  }

  function inForce(latest: Loaded['latest']): void {
    const before = new Set(templates.current.map(({ key, version }) => `${key}@${version}`));
    templates.replace(latest);
    const changed = templates.current.map(({ key, version }) => `${key}@${version}`).filter((name) => !before.has(name));
    if (changed.length > 0) logger.info({ templates: changed }, 'templates in force');
  }

  function tell(problems: readonly Problem[]): void {
    for (const problem of problems) {
      const { file, line, column, message, expected } = problem;
      logger[isError(problem) ? 'error' : 'warn'](
        { file, line, column, expected },
        `${file}:${line}:${column}: ${message} (expected ${expected})${isError(problem) ? '; what was in force stays' : ''}`,
      );
    }
  }

  async function takeUp(): Promise<TakenUp> {
    const digest = digestOf(folder);
    const before = JSON.stringify(ofFiles);
    let takenUp = true;
    try {
      const { latest, warnings } = await loadTemplates(deps, readFolder(deps));
      inForce(latest);
      ofFiles = warnings;
      ofStored = [];
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      takenUp = false;
      ofFiles = error.problems;
    }
    known = seen = digest;
    if (JSON.stringify(ofFiles) !== before) tell(ofFiles);
    return { takenUp, problems: ofFiles };
  }

  async function takeOver(): Promise<void> {
    const before = JSON.stringify(ofStored);
    try {
      inForce(await storedTemplates({ database, catalog }));
      ofStored = [];
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      ofStored = error.problems;
    }
    if (JSON.stringify(ofStored) !== before) tell(ofStored);
  }

  const keeper = {
    problems: () => [...ofFiles, ...ofStored],
    reload: () => inTurn(takeUp),
    refresh: () => inTurn(takeOver),
    async lookAtFiles() {
      const digest = digestOf(folder);
      const atRest = digest === seen;
      seen = digest;
      if (atRest && digest !== known) await inTurn(takeUp);
    },
  };
  return { ...keeper, parts: partsOf(keeper, deps) };
}

function partsOf(
  keeper: Pick<TemplateKeeper, 'refresh' | 'lookAtFiles'>,
  { databaseUrl, logger }: KeeperDeps,
): Readonly<Record<string, LifecyclePart>> {
  let listening: ReturnType<typeof keepConnected> | undefined;
  return {
    'template files': periodically(LOOK_EVERY_MS, keeper.lookAtFiles, (error) =>
      logger.warn({ err: error, what: 'template files' }, 'failed; tried again later'),
    ),
    'template changes': {
      start() {
        listening = keepConnected({
          connectionString: databaseUrl,
          applicationName: 'template changes',
          logger,
          session: (connection, signal) =>
            new Promise((resolve, reject) => {
              signal.addEventListener('abort', () => resolve(), { once: true });
              // A notification only wakes: one that came while nobody listened is made up for by looking at once.
              const refresh = (): void => void keeper.refresh().catch(reject);
              connection.onNotification(refresh);
              connection.execute(`listen ${TEMPLATES_CHANGED}`).then(refresh, reject);
            }),
        });
      },
      stop: () => listening?.stop(),
    },
  };
}

function readFolder({ folder, catalog }: Pick<KeeperDeps, 'folder' | 'catalog'>) {
  try {
    return readTemplates(folder, catalog, { elsewhere: true });
  } catch (error) {
    if (error instanceof CatalogError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new CatalogError([
      { file: folder, path: '', line: 1, column: 1, message: 'The folder cannot be read.', expected: 'a readable folder of templates' },
    ]);
  }
}

/**
 * What the folder holds, by content: a mounted ConfigMap changes by swapping a link, which neither a watch on a file nor
 * its times tell for certain.
 */
function digestOf(folder: string): string {
  const hash = createHash('sha256');
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    for (const name of names.sort()) hash.update(`${name}\0`).update(readFileSync(join(folder, name))).update('\0');
  } catch (error) {
    hash.update(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  return hash.digest('hex');
}
