import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

const loop = (rest: string): string => `
  - id: each
    action: for_each
    config:
      items: [1, 2]
      steps:
        - { action: log, config: { message: hi }, output: { one: message, two: message } }
${rest}`;
const branches = (rest: string): string => `
  - id: par
    action: parallel
    config:
      branches:
        - name: left
          steps:
            - { action: log, config: { message: hi }, output: { one: message, two: message } }
${rest}`;

/** The captures of which it is said that nobody uses them. */
function listUnused(steps: string): readonly (string | undefined)[] {
  const { diagnostics } = planText(`name: x\nsteps:${steps}\n`);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return diagnostics.filter(({ code }) => code === 'TM201').map(({ message }) => /`(\w+)`/.exec(message)?.[1]);
}

const log = (text: string): string => `  - { action: log, config: { message: "${text}" } }`;

describe('captures that a control lists', () => {
  it.each([
    ['of a round', loop(`    assert: ['results[0].captures.one == "hi"']`), ['two']],
    ['of a round, in brackets', loop(`    assert: ['results[0]["captures"]["one"] == "hi"']`), ['two']],
    ['of every round', loop(`    assert: ['all(results, .captures.one == "hi")']`), []],
    ['as a whole', loop(`    assert: ['results[0].captures == {}']`), []],
    ['by a path', loop('    output: { all: "$.results[*].captures.one" }\n') + log('{{all}}'), []],
    ['by the step that follows', loop(log('{{each.results[1].captures.two}}')), ['one']],
    ['by its id in brackets', loop(log("{{steps['each'].results[1].captures.two}}")), ['one']],
    ['of branches', branches(`    assert: ['branches[0].captures.one == "hi"']`), ['two']],
    ['not at all', loop(`    assert: ['len(results) == 2', 'results[0].outcome == "passed"']`), ['one', 'two']],
    ['not by a look at something else', loop(log('{{each.count}}')), ['one', 'two']],
  ])('are used there: %s', (_title, steps, unused) => {
    expect(listUnused(steps)).toEqual(unused);
  });
});
