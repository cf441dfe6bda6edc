import { defineConfig } from 'vitest/config';

// Workspace packages are read from their sources: no build comes before a test.
const conditions = ['@tom/source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['libs/*/{src,test,testing}/**/*.spec.ts', 'apps/*/{src,test}/**/*.spec.ts', 'tools/**/*.spec.ts'],
          exclude: ['**/node_modules/**', 'apps/e2e/**', 'apps/web/**', '**/*.kafka.spec.ts'],
          globalSetup: ['tools/embedded-postgres/vitest-global-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          // The parts of the UI by themselves, in a document without a browser.
          name: 'web',
          include: ['apps/web/src/**/*.spec.{ts,tsx}'],
          environment: 'jsdom',
        },
      },
      {
        extends: true,
        test: {
          // What needs a real Apache Kafka, and with it Java and Maven.
          name: 'kafka',
          include: ['{libs,tools}/**/*.kafka.spec.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['tools/embedded-postgres/vitest-global-setup.ts', 'tools/kafka/vitest-global-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          // Journeys through the whole running system: one after the other, for each starts processes of its own.
          name: 'e2e',
          include: ['apps/e2e/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/*.kafka.spec.ts', '**/*.browser.spec.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          // Journeys of people through the UI, in a real Chromium against the running system.
          name: 'browser',
          include: ['apps/e2e/**/*.browser.spec.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          // The main journeys and the kills again, with Kafka as the log; and what only Kafka has.
          name: 'e2e-kafka',
          include: ['apps/e2e/test/{journeys,kill,kill-rules,outages}.spec.ts', 'apps/e2e/**/*.kafka.spec.ts'],
          exclude: ['**/node_modules/**'],
          env: { TOM_TRANSPORT: 'kafka' },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
