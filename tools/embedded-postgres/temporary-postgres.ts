import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canEnter, serverAccount } from './account.ts';
import { startPostgres, type Postgres } from './start-postgres.ts';

/** A fast Postgres for tests in a temp folder of its own, which goes with it, also when this process is killed. */
export async function startTemporaryPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(temporaryPlace(), 'tom-test-'));
  const dataDir = join(folder, 'postgres');
  chmodSync(folder, 0o711); // the user that the server runs as must get through it
  try {
    const password = randomBytes(12).toString('hex');
    const postgres = await startPostgres({ dataDir, password, fast: true, removeWithParent: folder });
    const stop = async () => {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    };
    return { ...postgres, stop };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Root's own temp folder may be closed to the user that the server runs as; the system's is open to everybody. */
function temporaryPlace(): string {
  const own = realpathSync(tmpdir());
  return canEnter(own, serverAccount(join(own, 'tom-test'))) ? own : '/tmp';
}
