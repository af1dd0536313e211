import { defineConfig } from 'vitest/config';

// what meets real PostgreSQL and Kafka: one stack is started for all of it, and only when one of these files runs
const withStack = ['test/infra/**/*.test.ts', 'test/demo-services/**/*.test.ts'];

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    passWithNoTests: false,
    testTimeout: 20_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: withStack } },
      {
        extends: true,
        test: { name: 'infra', include: withStack, globalSetup: ['test/support/stack-setup.ts'] },
      },
    ],
  },
});
