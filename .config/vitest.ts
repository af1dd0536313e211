import { register } from 'node:module';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// what meets real PostgreSQL and Kafka: one stack is started for all of it, and only when one of these files runs
const withStack = ['test/infra/**/*.test.ts', 'test/demo-services/**/*.test.ts'];

// files that take minutes when everything is run
const LONGEST = /\/infra\/(?:broken|cli\/leaks)/;

const typescript = new URL('load-typescript.mjs', import.meta.url).href;
// this process loads what sets the stack up
register(typescript);

/** One project after the other, for its files share processes; the stack is started for the second, which begins with what takes longest. */
class ByProject extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project, moduleId }: TestSpecification): number =>
      project.name === 'unit' ? 0 : LONGEST.test(moduleId) ? 1 : 2;
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Node itself loads the modules: Vite's own way costs several times as much
    execArgv: ['--import', typescript],
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // modules are loaded once for all files of a process: what one file leaves to the next shows, and is a mistake
    isolate: false,
    sequence: { sequencer: ByProject },
    setupFiles: ['test/support/fewer-cases.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: withStack } },
      {
        extends: true,
        test: { name: 'infra', include: withStack, globalSetup: ['test/support/stack/setup.ts'] },
      },
    ],
  },
});
