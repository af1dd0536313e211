import { defineConfig } from 'vitest/config';

// what meets real PostgreSQL and Kafka: one stack is started for all of it, and only when one of these files runs
const withStack = ['test/infra/**/*.test.ts', 'test/demo-services/**/*.test.ts'];

// each file in a process of its own shows what one leaves to the next; without that, modules are loaded once for all
const isolate = process.env['TESTMESH_FULL'] === '1';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    isolate,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: withStack } },
      {
        extends: true,
        test: { name: 'infra', include: withStack, globalSetup: ['test/support/stack-setup.ts'] },
      },
    ],
  },
});
