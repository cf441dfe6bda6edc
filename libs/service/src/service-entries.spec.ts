import { ConfigError, defineConfig, loadConfig, parsers } from '@tom/runtime';
import { describe, expect, it } from 'vitest';
import { eventLogChecks } from './event-log.ts';
import { serviceAddresses, serviceEntries } from './service-entries.ts';

const definition = defineConfig({
  ...serviceEntries({ database: 'demo_db', grpcAddress: '127.0.0.1:7109', opsAddress: '127.0.0.1:7209' }),
  taskService: serviceAddresses.taskService,
  most: { meaning: 'how many', env: 'MOST', parse: parsers.integer({ min: 1 }), default: 3 },
}, eventLogChecks);

describe('the entries of a service', () => {
  it('are read together with its own, each with its default', () => {
    const environment = { DATABASE_URL: 'postgres://db/demo', EVENT_LOG_URL: 'postgres://db/log', MOST: '4' };
    expect(loadConfig(definition, environment)).toMatchObject({
      databaseUrl: 'postgres://db/demo',
      grpcAddress: '127.0.0.1:7109',
      opsAddress: '127.0.0.1:7209',
      taskService: '127.0.0.1:7103',
      logLevel: 'info',
      most: 4,
    });
  });

  it('are refused all at once, naming the database they are about', () => {
    expect(() => loadConfig(definition, { MOST: '0' })).toThrow(ConfigError);
    expect(() => loadConfig(definition, { MOST: '0' })).toThrow(
      /DATABASE_URL \(Postgres URL of demo_db\) is missing[\s\S]*MOST[\s\S]*KAFKA_BROKERS or EVENT_LOG_URL/,
    );
  });
});
