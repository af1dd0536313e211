import { describe, expect, it } from 'vitest';
import { runSerially } from '../../../src/engine/flows/run-serially.ts';
import { startText } from '../../support/run-text.ts';

/** Runs pieces of 10 ms each under a fake count of turns; gives what ran beside what. */
async function trace(groups: readonly (readonly string[])[], workers: number): Promise<readonly string[]> {
  const running = new Set<number>();
  const seen: string[] = [];
  await runSerially({
    count: groups.length,
    workers,
    groupsOf: (index) => groups[index] ?? [],
    async run(index) {
      running.add(index);
      seen.push([...running].sort().join('+'));
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      running.delete(index);
    },
  });
  return seen;
}

describe('pieces of work', () => {
  it.each<[string, readonly (readonly string[])[], number, readonly string[]]>([
    ['run one after another with one worker', [[], [], []], 1, ['0', '1', '2']],
    ['run beside each other with several', [[], [], []], 2, ['0', '0+1', '2']],
    ['of one group never meet', [['a'], ['a'], ['a']], 3, ['0', '1', '2']],
    ['let others go first while their group is busy', [['a'], ['a'], []], 2, ['0', '0+2', '1']],
    ['may belong to several groups', [['a', 'b'], ['b'], ['a']], 3, ['0', '1', '1+2']],
  ])('%s', async (_title, groups, workers, expected) => {
    const seen = await trace(groups, workers);
    expect(seen).toEqual(expected);
  });
});

describe('flows of one serial group', () => {
  const flow = (id: string, serial: string) => `
name: ${id}
id: ${id}
${serial}
steps:
  - { action: delay, config: { duration: 1s } }
`;
  it.each([
    ['wait for each other', 'serial: inventory', 2000],
    ['and those of none do not', '', 1000],
  ])('%s', async (_title, serial, expectedMs) => {
    const run = startText([flow('a', serial), flow('b', serial)].join('---'), { workers: 2 });
    await run.finish();
    expect(run.events.at(-1)).toMatchObject({ durationMs: expectedMs, outcome: 'passed' });
  });

  it('count for the flow that calls one of them too', async () => {
    const calling = 'name: caller\nsteps:\n  - { action: run_flow, config: { flow: called.yaml } }\n';
    const files = { 'called.yaml': flow('called', 'serial: inventory') };
    const run = startText([calling, flow('b', 'serial: inventory')].join('---'), { workers: 2, files });
    await run.finish();
    expect(run.events.at(-1)).toMatchObject({ durationMs: 2000 });
  });
});
