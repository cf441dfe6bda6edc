import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';

/** The baseline, running beside the system on the same Postgres. */
export interface Baseline {
  readonly url: string;
  readonly pids: readonly number[];
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

const TABLES = `
  create table activity (activity_id uuid primary key, org_id uuid not null, activity_type text not null, outcome_code text,
    follow_up_at timestamptz, created_at timestamptz not null);
  create index on activity (org_id, created_at desc);
  create table outbox (id bigint generated always as identity primary key, topic text not null, key text not null, value json not null);
  create table inbox (message_id uuid primary key);
  create table task (task_id uuid primary key, org_id uuid not null, activity_id uuid not null, due_at timestamptz, created_at timestamptz not null);
  create index on task (org_id);
`;

/** Starts it in a database of its own. */
export async function startBaseline(adminUrl: string): Promise<Baseline> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query('drop database if exists bench_baseline with (force)');
  await admin.query('create database bench_baseline');
  await admin.end();
  const databaseUrl = Object.assign(new URL(adminUrl), { pathname: '/bench_baseline' }).href;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(TABLES);
  await client.end();
  await runMigrations({ connectionString: databaseUrl });

  const [server, port] = await launch('baseline-server.ts', databaseUrl);
  const [worker] = await launch('baseline-worker.ts', databaseUrl);
  return {
    url: `http://127.0.0.1:${port}`,
    pids: [server.pid ?? 0, worker.pid ?? 0],
    databaseUrl,
    async stop() {
      await Promise.all([server, worker].map((child) => new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGKILL');
      })));
    },
  };
}

function launch(file: string, databaseUrl: string): Promise<[ChildProcess, string]> {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL(file, import.meta.url))], {
    env: { ...process.env, DATABASE_URL: databaseUrl, NO_LOG_SUCCESS: '1', GRAPHILE_LOGGER_DEBUG: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
    child.stdout?.on('data', (data: Buffer) => {
      const match = /listening ?(\d*)/.exec(data.toString());
      if (match) resolve([child, match[1] ?? '']);
    });
  });
}
