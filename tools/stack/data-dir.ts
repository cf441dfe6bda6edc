import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { canEnter, serverAccount } from '../embedded-postgres/index.ts';
import { lockFolder } from './lock.ts';
import { StackError } from './stack-error.ts';

/** The one folder that holds everything a system remembers. */
export interface DataDir {
  readonly path: string;
  readonly keys: string;
  readonly logs: string;
  /** Where the databases are; below `path` unless the user that Postgres runs as cannot get there. */
  readonly postgres: string;
  /** Where Kafka's log is, when there is one. */
  readonly kafka: string;
  /** Passwords by name, made at the first start. */
  password(name: string): string;
  release(): void;
}

/** Opens the folder for this process alone, or makes it; throws a StackError when that cannot be. */
export function openDataDir(path: string): DataDir {
  const folder = makeFolder(path);
  const release = lockFolder(folder);
  try {
    const postgres = placeForPostgres(folder);
    const passwords = readPasswords(folder, postgres);
    for (const name of ['keys', 'logs']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    return {
      path: folder,
      keys: join(folder, 'keys'),
      logs: join(folder, 'logs'),
      postgres,
      kafka: join(folder, 'kafka'),
      release,
      password: (name) => {
        const known = passwords[name];
        if (known !== undefined) return known;
        const made = (passwords[name] = randomBytes(24).toString('base64url'));
        writePrivately(join(folder, 'passwords.json'), JSON.stringify(passwords, null, 2));
        return made;
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** A file that only its owner reads, there as a whole or not at all. */
export function writePrivately(file: string, content: string): void {
  const draft = `${file}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, file);
}

function makeFolder(path: string): string {
  try {
    const made = mkdirSync(path, { recursive: true });
    if (made !== undefined) chmodSync(path, 0o755); // Postgres may run as another user and must get through
    if (!statSync(path).isDirectory()) throw new Error('it is not a folder');
    return realpathSync(path);
  } catch (error) {
    throw new StackError(`The data folder ${path} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Root's Postgres runs as another user, which does not get below a closed folder (such as root's home). The databases
 * then live where the system keeps such things, and the data folder remembers where.
 */
function placeForPostgres(folder: string): string {
  const pointer = join(folder, 'postgres.location');
  if (existsSync(pointer)) {
    const place = readFileSync(pointer, 'utf8').trim();
    if (!existsSync(place))
      throw new StackError(`The data folder ${folder} is damaged: its databases are missing in ${place}.`);
    return join(place, 'postgres');
  }
  const usual = join(folder, 'postgres');
  if (existsSync(usual) || canEnter(folder, serverAccount(usual))) return usual;
  const place = mkdtempSync('/var/lib/tom-flow-');
  chmodSync(place, 0o711);
  writePrivately(pointer, place);
  return join(place, 'postgres');
}

function readPasswords(folder: string, postgres: string): Record<string, string> {
  const file = join(folder, 'passwords.json');
  if (!existsSync(file)) {
    if (existsSync(postgres)) throw damaged(folder, 'passwords.json is missing while its databases exist');
    return {};
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StackError(`The data folder ${folder} cannot be used: ${(error as Error).message}`, { cause: error });
  }
  try {
    const passwords: unknown = JSON.parse(text);
    if (isRecordOfTexts(passwords)) return passwords;
  } catch {
    // said below, without quoting what may be a password
  }
  throw damaged(folder, 'passwords.json does not hold what it should');
}

/** A folder whose remains cannot be used; nothing in it is changed. */
export function damaged(folder: string, what: string): StackError {
  return new StackError(
    `The data folder ${folder} is damaged: ${what}. Restore it from a copy, or move it away to begin with an empty one.`,
  );
}

function isRecordOfTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' && value !== null && Object.values(value).every((entry) => typeof entry === 'string')
  );
}
