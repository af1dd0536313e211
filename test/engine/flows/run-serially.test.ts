import { describe, expect, it } from 'vitest';
import { kafkaConsumer } from '../../../src/actions/kafka_consumer.ts';
import { runSerially } from '../../../src/engine/flows/run-serially.ts';
import type { ActionDefinition } from '../../../src/model/action/definition.ts';
import { startText } from '../../support/run-text.ts';

/** Runs pieces of five turns each; gives what ran beside what. A piece of the group `!` runs alone. */
async function trace(groups: readonly (readonly string[])[], workers: number): Promise<readonly string[]> {
  const running = new Set<number>();
  const seen: string[] = [];
  await runSerially({
    count: groups.length,
    workers,
    groupsOf: (index) => groups[index] ?? [],
    isAlone: (index) => groups[index]?.includes('!') ?? false,
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
    [
      'let nothing run beside one that runs alone, in the order given',
      [[], [], ['!'], [], []],
      3,
      ['0', '0+1', '2', '3', '3+4'],
    ],
    ['of which several follow each other', [['!'], ['!'], [], []], 2, ['0', '1', '2', '2+3']],
    ['let one of a busy group go before one that runs alone', [['a'], ['a'], ['!'], []], 2, ['0', '1', '2', '3']],
    ['may belong to several groups', [['a', 'b'], ['b'], ['a']], 3, ['0', '1', '1+2']],
  ])('%s', async (_title, groups, workers, expected) => {
    const seen = await trace(groups, workers);
    expect(seen).toEqual(expected);
  });
});

it('a run of which an interruption kept flows from running has not passed', async () => {
  const flow = (id: string) => `name: ${id}\nid: ${id}\nsteps:\n  - { action: log, config: { message: hi } }\n`;
  const run = startText([flow('a'), flow('b')].join('---\n'));
  run.interrupt();
  const { outcome, interrupted, flows } = await run.finish();
  expect({ outcome, interrupted, flows }).toMatchObject({
    outcome: 'errored',
    interrupted: 'SIGINT',
    flows: { passed: 0, skipped: 2 },
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

describe('a flow with a wait that what another flow causes could satisfy', () => {
  const waits: ActionDefinition = {
    ...(kafkaConsumer as ActionDefinition),
    preparation: {},
    run: async (_config, { clock }) => {
      await clock.sleep(1000);
      return { result: { count: 1 }, summary: '' };
    },
  };
  const wait = (id: string, config: string): string => `
name: ${id}
id: ${id}
steps:
  - { id: heard, action: kafka_consumer, config: { brokers: "b:1", topic: t, ${config} } }
`;
  const rest = (id: string): string =>
    `\nname: ${id}\nid: ${id}\nsteps:\n  - { action: delay, config: { duration: 1s } }\n`;
  const open = wait('open', 'match: { key: u1 }');
  const closed = wait('closed', 'match: { key: "{{UUID}}" }');

  it.each<[string, readonly string[], number, number, readonly string[]]>([
    [
      'runs while no other does, and says so',
      [open, rest('a'), rest('b'), closed],
      4,
      2000,
      [
        'flow "open" runs alone, since what another flow causes could count in `heard` (flow.yaml:5): name a value of the flow itself under `match` (a UUID, the id of what it created, `trace: current`), and it runs beside others',
      ],
    ],
    [
      'of which there may be several',
      [open, open.replaceAll('open', 'more')],
      2,
      2000,
      [
        expect.stringMatching(
          /^2 flows each run alone, .* count in `heard` \(flow\.yaml:5\), `heard` \(flow\.yaml:10\): name/,
        ),
      ],
    ],
    ['is one of several anyway without workers', [open, rest('a')], 1, 2000, []],
    ['has nobody beside it when it is the only one', [open], 4, 1000, []],
    [
      'does not hold others up when it is skipped',
      [open.replace('steps:', 'skip: later\nsteps:'), rest('a'), rest('b')],
      2,
      1000,
      [],
    ],
  ])('%s', async (_title, texts, workers, durationMs, notes) => {
    const run = startText(texts.join('---'), { workers, actions: { kafka_consumer: waits } });
    await run.finish();
    expect(run.events.at(-1)).toMatchObject({ durationMs, outcome: 'passed' });
    expect(run.events.flatMap((event) => (event.type === 'run_noted' ? [event.text] : []))).toEqual(notes);
  });
});
