import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { fakeAction } from '../support/plan-builder.ts';
import { findFlow, findStep, listSteps } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

const LIB = `
name: Library
env: { greeting: hello, count: 1 }
setup: [ { id: begin, action: log, config: { message: "begin {{who}}" } } ]
steps:
  - { id: greet, action: set, config: { text: "greeting + ' ' + who", next: count + 1 }, cleanup: { action: log, config: { message: "undo {{text}}" } } }
teardown: [ { id: end, action: log, config: { message: "end {{who}}" } } ]
`;
const call = (input: string, more = ''): string =>
  `  - { id: call, action: run_flow, config: { flow: lib.yaml, input: ${input} }${more} }`;

function start(steps: string, lib = LIB, options: Parameters<typeof startText>[1] = {}) {
  return startText(`name: x\nsteps:\n${steps}\n`, { files: { 'lib.yaml': lib }, ...options });
}

async function run(steps: string, lib = LIB, options: Parameters<typeof startText>[1] = {}) {
  const started = start(steps, lib, options);
  await started.finish();
  const logs = started.events.flatMap((event) => (event.type === 'log_written' ? [event.message] : []));
  return { ...started, steps: listSteps(started.events), logs, flow: findFlow(started.events) };
}

describe('run_flow', () => {
  it('runs setup, steps, cleanups and teardown of the flow below its step', async () => {
    const { steps, logs, events, flow } = await run(
      call('{ who: Ada, count: 5 }', ', assert: ["text == \'hello Ada\'", next == 6]'),
    );
    expect(steps).toEqual([
      'call>setup/begin passed',
      'call>greet passed',
      'call>teardown/greet.cleanup passed',
      'call>teardown/end passed',
      'call passed',
    ]);
    expect(logs).toEqual(['begin Ada', 'undo hello Ada', 'end Ada']);
    expect(findStep(events, 'call>greet')).toMatchObject({ depth: 1, phase: 'steps', location: { file: 'lib.yaml' } });
    expect(findStep(events, 'call')).toMatchObject({ summary: '4 steps', result: { text: 'hello Ada', next: 6 } });
    expect(flow.counts).toEqual({ passed: 1, failed: 0, errored: 0, skipped: 0 });
    expect(flow.captures).toEqual({});
    expect(events.filter(({ type }) => type === 'phase_started')).toHaveLength(1);
  });

  it('runs a flow with rows once, with what is given in the place of a row', async () => {
    const lib = LIB.replace('env: {', 'data: [ { who: Zoë, extra: 1 }, { who: Bob, extra: 2 } ]\nenv: {');
    const { logs, steps } = await run(call('{ who: Ada, extra: 3 }'), lib);
    expect(logs).toEqual(['begin Ada', 'undo hello Ada', 'end Ada']);
    expect(steps).toHaveLength(5);
  });

  it('gives what `output` names, and nothing else', async () => {
    const { events } = await run(
      call('{ who: Ada }', ', output: { said: line }'),
      `${LIB}output: { line: "text + '!'", twice: "[text, text]" }`,
    );
    expect(findStep(events, 'call')).toMatchObject({
      result: { line: 'hello Ada!', twice: ['hello Ada', 'hello Ada'] },
      captures: [{ name: 'said', value: 'hello Ada!' }],
    });
  });

  it('knows nothing of the caller but what it is given; that comes before `--var`', async () => {
    const lib =
      'name: y\nenv: { who: nobody, base: lib }\nsteps: [ { id: say, action: log, config: { message: "{{who}} {{base}}" } } ]';
    const steps = `  - { id: set, action: set, config: { base: "'caller'" } }\n${call('{ who: "{{base}}" }')}`;
    expect((await run(steps, lib, { inputs: { given: new Map([['who', 'flag']]) } })).logs).toEqual(['caller lib']);
  });

  it.each([
    ['fails with it', 'text == 1', 'failed'],
    ['is errored with it', 'text.x.y == 1', 'failed'],
  ])('%s', async (_title, condition, outcome) => {
    const lib = LIB.replace('cleanup:', `assert: ["${condition}"], cleanup:`);
    const { steps, events, flow } = await run(call('{ who: Ada }'), lib);
    expect(steps.slice(1)).toEqual([
      `call>greet ${outcome}`,
      'call>teardown/greet.cleanup skipped: needs `text`, which `greet` would have captured',
      'call>teardown/end passed',
      `call ${outcome}`,
    ]);
    expect(findStep(events, 'call').problems[0]).toMatchObject({ kind: 'child', location: { file: 'lib.yaml' } });
    expect(findStep(events, 'call').result).toEqual({});
    expect(flow.outcome).toBe(outcome);
  });

  it('fails with its teardown', async () => {
    const lib = LIB.replace('message: "end {{who}}"', 'message: "{{who.x.y}}"');
    const { events, flow } = await run(call('{ who: Ada }'), lib);
    expect(findStep(events, 'call').problems[0]?.message).toContain('flow "Library": teardown step `end` errored');
    expect(flow.outcome).toBe('errored');
  });

  it('has the flow’s own time', async () => {
    const lib =
      'name: slow\ntimeout: 1s\nsteps: [ { id: wait, action: delay, config: { duration: 1h } } ]\nteardown: [ { id: end, action: log, config: { message: hi } } ]';
    const { steps, events, flow } = await run(call('{ }'), lib);
    expect(steps).toEqual(['call>wait errored', 'call>teardown/end passed', 'call errored']);
    expect(findStep(events, 'call>wait').problems[0]?.message).toBe('the flow took longer than its timeout of 1000 ms');
    expect(flow.durationMs).toBe(1000);
  });

  it('runs the flow’s teardown when the caller is interrupted, and then the caller’s', async () => {
    const lib =
      'name: slow\nsteps: [ { id: wait, action: delay, config: { duration: 1h } }, { id: never, action: log, config: { message: hi } } ]\nteardown: [ { id: end, action: delay, config: { duration: 5s } } ]';
    const started = start(`${call('{ }')}\nteardown: [ { id: last, action: log, config: { message: hi } } ]`, lib);
    await started.clock.advance(100);
    started.interrupt();
    await started.finish();
    expect(listSteps(started.events)).toEqual([
      ...['call>wait errored', 'call>never skipped: not reached', 'call>teardown/end passed', 'call errored'],
      'teardown/last passed',
    ]);
    expect(findFlow(started.events)).toMatchObject({ outcome: 'errored', durationMs: 5100 });
  });

  it('ends at once at the second signal', async () => {
    const lib =
      'name: slow\nsteps: [ { id: wait, action: delay, config: { duration: 1h } } ]\nteardown: [ { id: end, action: delay, config: { duration: 1h } } ]';
    const started = start(call('{ }'), lib);
    await started.clock.advance(100);
    started.interrupt();
    await started.clock.advance(3000);
    started.interrupt();
    await started.finish();
    expect(listSteps(started.events)).toEqual(['call>wait errored', 'call>teardown/end errored', 'call errored']);
    expect(findFlow(started.events).durationMs).toBeLessThan(4000);
  });

  it('calls flows that call others, each with addresses of its own, also in a loop', async () => {
    const files = {
      'lib.yaml':
        'name: middle\nsteps: [ { id: inner, action: run_flow, config: { flow: deep/leaf.yaml, input: { n: "{{n}}" } } } ]',
      'deep/leaf.yaml':
        'name: leaf\nsteps: [ { id: set, action: set, config: { square: n * n }, cleanup: { action: log, config: { message: "undo {{square}}" } } } ]',
    };
    const { steps, logs, events } = await run(
      `
  - id: each
    action: for_each
    config:
      items: [2, 3]
      steps: [ { id: call, action: run_flow, config: { flow: lib.yaml, input: { n: "{{item}}" } } } ]`,
      '',
      { files },
    );
    expect(steps).toEqual([
      ...['each[0]>call>inner>set passed', 'each[0]>call>inner>teardown/set.cleanup passed'],
      ...['each[0]>call>inner passed', 'each[0]>call passed'],
      ...['each[1]>call>inner>set passed', 'each[1]>call>inner>teardown/set.cleanup passed'],
      ...['each[1]>call>inner passed', 'each[1]>call passed', 'each passed'],
    ]);
    expect(logs).toEqual(['undo 4', 'undo 9']);
    expect(findStep(events, 'each[1]>call>inner').result).toEqual({ square: 9 });
  });

  it('is skipped with the flow’s reason', async () => {
    const { steps, flow } = await run(call('{ who: Ada }'), `${LIB}skip: "waits for ticket 12"`);
    expect(steps).toEqual(['call skipped: the flow "Library" is skipped: waits for ticket 12']);
    expect(flow.outcome).toBe('skipped');
  });

  it('keeps the flow’s secrets', async () => {
    const lib =
      'name: y\nsecrets: [token]\nsteps: [ { id: make, action: set, config: { token: "who + \'-secret\'" } } ]';
    const { events } = await run(call('{ who: Ada }'), lib);
    expect(JSON.stringify(events)).not.toContain('Ada-secret');
    expect(findStep(events, 'call').result).toEqual({ token: '***' });
  });

  it('keeps the flow’s secrets where it cannot be prepared for', async () => {
    const refuse = fakeAction(() => undefined, {
      name: 'refuse',
      settings: { schema: z.object({ at: z.string() }) },
      preparation: {
        prepare: async (config) => {
          throw new Error(`nobody listens at ${JSON.stringify(config)}`);
        },
      },
    });
    const lib =
      'name: y\nsecrets: [token]\nenv: { token: "s3cr3t-key" }\nsteps: [ { action: refuse, config: { at: "{{token}}" } } ]';
    const { events, flow } = await run(call('{ who: Ada }'), lib, { actions: { refuse } });
    expect(flow).toMatchObject({ outcome: 'errored' });
    expect(JSON.stringify(events)).toContain('nobody listens at');
    expect(JSON.stringify(events)).not.toContain('s3cr3t-key');
  });

  it('is tried again as a whole, with other random values', async () => {
    const lib = 'name: y\nsteps: [ { id: make, action: set, config: { key: UUID }, assert: [false] } ]';
    const { events } = await run(call('{ }', ', retry: { max_attempts: 2, delay: 1s }'), lib);
    const keys = events.flatMap((event) =>
      event.type === 'step_finished' && event.step.address === 'call>make' ? [JSON.stringify(event.output.result)] : [],
    );
    expect(keys).toHaveLength(2);
    expect(keys[0]).not.toBe(keys[1]);
  });
});
