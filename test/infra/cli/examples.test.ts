import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repeats, sample } from '../../support/sample.ts';
import { expectNoCrash, giveVars, projectPath, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { agreeing } from '../../truth/prove-agree.ts';

const GUIDE = '07-order-journey-as-the-guide-tells-it.yaml';
// every change of their tables counts, also that of a test beside this one: `test/infra/broken` runs them on a stack of its own
const ALONE = ['24-redelivery-changes-nothing.yaml', '26-what-an-order-changes.yaml'];
// all examples run once in one test
const GUIDE_RUNS = repeats("runs of the guide's flow", 3, 0);
const timeout = 60_000;

describeWithStack('the examples', ({ vars }) => {
  const workspace = useWorkspace();
  const run = (file: string, ...words: string[]) =>
    runCli(['run', projectPath(`examples/${file}`), ...giveVars(vars), ...words], { cwd: workspace.path });
  const names = readdirSync(projectPath('examples')).filter((name) => name.endsWith('.yaml') && !ALONE.includes(name));

  test.each(sample('examples by themselves', names, { count: 0 }))('%s passes', { timeout }, async (name) => {
    const ended = await run(name);
    expect(ended.code, ended.output).toBe(0);
    // An example with rows tells its flows before its steps.
    expect(ended.stdout).toMatch(/^ ✓ passed in .+ {3}(?:\d+ flows: \d+ passed {3}steps: )?\d+ passed$/m);
    expect(ended.stdout).not.toMatch(/✗|!|not reached|skipped/);
    expectNoCrash(ended);
  });

  test.runIf(GUIDE_RUNS > 0)("the guide's flow passes again and again", { timeout }, async () => {
    for (let time = GUIDE_RUNS; time > 0; time--) {
      const ended = await run(GUIDE);
      expect(ended.code, ended.output).toBe(0);
      expect(ended.stdout).toContain('15 passed');
    }
  });

  test('all of them pass in one run, with all that they see in agreement, and say so in one line', {
    timeout,
  }, async () => {
    writeFileSync(join(workspace.path, 'testmesh.yaml'), agreeing.project);
    const files = names.map((name) => projectPath(`examples/${name}`));
    const ended = await runCli(['run', ...files, ...giveVars(vars), '-q'], { cwd: workspace.path });
    expect(ended.code, ended.output).toBe(0);
    expect(ended.stdout).toMatch(/ (\d+) flows: \1 passed/);
  });
});
