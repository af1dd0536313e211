import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { ActionDefinition } from '../../src/model/action/definition.ts';
import type { StepFacts } from '../../src/model/action/io.ts';
import { fakeAction } from '../support/plan-builder.ts';
import { findFlow } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

/** Runs a flow of steps that cause something and steps that wait for it; gives what was done, in order. */
async function trace(steps: string, options: Parameters<typeof startText>[1] = {}) {
  const log: string[] = [];
  const tell = (what: string) => (config: unknown, io: { step: StepFacts }) =>
    void log.push(`${what} ${io.step.address}${JSON.stringify(config) === '{}' ? '' : ` ${JSON.stringify(config)}`}`);
  const base = { settings: { schema: z.unknown() }, judges: true, result: { keys: { topic: 'any' } } } as const;
  const actions: Record<string, ActionDefinition> = {
    cause: fakeAction((config, io) => {
      tell('cause')(config, io);
      return { result: { topic: 'orders' }, summary: '' };
    }, base),
    wait: fakeAction((config, io) => tell('wait')(config, io), {
      ...base,
      preparation: {
        prepare: async (config, io) => {
          tell('arm')(config, io);
          if (config === 'broken') throw new Error('no broker');
        },
      },
    }),
    after: fakeAction((config, io) => tell('wait')(config, io), {
      ...base,
      preparation: {
        prepare: async (config, io) => io.beforeStep('cause', async () => tell('look up for')(config, io)),
      },
    }),
  };
  const run = startText(`name: x\nsteps:\n${steps}`, { ...options, actions });
  await run.finish();
  return { log, flow: findFlow(run.events) };
}

const each = (steps: string, more = ''): string => `
  - id: each
    action: for_each
    config:
      items: [1, 2]
      ${more}
      steps: [ ${steps} ]`;
const cause = '{ id: cause, action: cause }';
const wait = '{ id: wait, action: wait }';

describe('what waits in a loop', () => {
  it('is armed before the flow, and anew before each round that causes what it waits for', async () => {
    const { log } = await trace(each(`${cause}, ${wait}`));
    expect(log).toEqual([
      'arm each>wait',
      ...['arm each[0]>wait', 'cause each[0]>cause', 'wait each[0]>wait'],
      ...['arm each[1]>wait', 'cause each[1]>cause', 'wait each[1]>wait'],
    ]);
  });

  it('keeps the start of the flow when its round causes nothing before it', async () => {
    const log = '{ id: note, action: log, config: { message: hi } }';
    expect((await trace(`  - ${cause}\n${each(`${log}, ${wait}`)}`)).log).toEqual([
      ...['arm each>wait', 'cause cause', 'wait each[0]>wait', 'wait each[1]>wait'],
    ]);
  });

  it('is armed in its round when its names are known only there', async () => {
    const { log } = await trace(each('{ id: wait, action: wait, config: "{{item}}" }'));
    expect(log).toEqual(['arm each[0]>wait 1', 'wait each[0]>wait 1', 'arm each[1]>wait 2', 'wait each[1]>wait 2']);
  });

  it('is armed as soon as a step of the round gives its names', async () => {
    const steps = `${cause}, { id: between, action: cause }, { id: wait, action: wait, config: "{{cause.topic}}" }`;
    expect((await trace(each(steps))).log.slice(0, 4)).toEqual([
      'cause each[0]>cause',
      'arm each[0]>wait "orders"',
      'cause each[0]>between',
      'wait each[0]>wait "orders"',
    ]);
  });

  it('is armed by itself in each of several rounds at a time', async () => {
    const steps = `${cause}, { id: pause, action: delay, config: { duration: 1s } }, ${wait}`;
    const { log } = await trace(each(steps, 'max_concurrent: 2'));
    expect(log.filter((line) => line.startsWith('arm')).sort()).toEqual([
      ...['arm each>wait', 'arm each[0]>wait', 'arm each[1]>wait'],
    ]);
  });

  it('looks up again before the step that it names, in its own round', async () => {
    const { log } = await trace(each(`${cause}, { id: after, action: after }`));
    expect(log).toEqual([
      ...['look up for each[0]>after', 'cause each[0]>cause', 'wait each[0]>after'],
      ...['look up for each[1]>after', 'cause each[1]>cause', 'wait each[1]>after'],
    ]);
  });

  it('of a branch that runs beside the cause is armed with the round', async () => {
    const par = `{ id: par, action: parallel, config: { steps: [ ${wait}, ${cause} ] } }`;
    const { log } = await trace(each(par));
    expect(log.slice(0, 2)).toEqual(['arm each>par>wait', 'arm each[0]>par>wait']);
  });
});

describe('what waits in a flow that is called', () => {
  const call = '  - { id: call, action: run_flow, config: { flow: lib.yaml, input: { topic: "{{topic}}" } } }';
  const lib = (steps: string) => ({
    files: { 'lib.yaml': `name: y\nenv: { topic: default }\nsteps: [ ${steps} ]` },
    inputs: { given: new Map([['topic', 'orders']]) },
  });
  const named = '{ id: wait, action: wait, config: "{{topic}}" }';

  it('is armed before the caller’s first step', async () => {
    const steps = `  - { id: topic_, action: set, config: { x: "1" } }\n  - ${cause}\n`;
    const run = await trace(`${steps}${call.replace('"{{topic}}"', 'orders')}`, lib(named));
    expect(run.log).toEqual(['arm call>wait "orders"', 'cause cause', 'wait call>wait "orders"']);
  });

  it('is armed anew when the flow itself causes what it waits for', async () => {
    const run = await trace(call.replace('"{{topic}}"', 'orders'), lib(`${cause}, ${named}`));
    expect(run.log).toEqual([
      ...['arm call>wait "orders"', 'arm call>wait "orders"', 'cause call>cause', 'wait call>wait "orders"'],
    ]);
  });

  it('is armed with the call when what it is given is known only then, not with a default', async () => {
    const text = `  - ${cause}\n${call.replace('"{{topic}}"', '"{{cause.topic}}"')}`;
    const run = await trace(text, lib(named));
    expect(run.log).toEqual(['cause cause', 'arm call>wait "orders"', 'wait call>wait "orders"']);
  });

  it('makes the flow errored before its first step when it cannot be armed', async () => {
    const text = `  - ${cause}\n${call.replace('"{{topic}}"', 'broken')}`;
    const run = await trace(text, { ...lib(named), onBug: () => undefined });
    expect(run.log).toEqual(['arm call>wait "broken"']);
    expect(run.flow).toMatchObject({ outcome: 'errored' });
    expect(run.flow.problems[0]?.message).toContain('step `wait` cannot be prepared');
  });

  it('is armed with each round of a loop that causes something before the call', async () => {
    const inner = '{ id: call, action: run_flow, config: { flow: lib.yaml, input: { topic: orders } } }';
    const run = await trace(each(`${cause}, ${inner}`), lib(named));
    expect(run.log).toEqual([
      'arm each>call>wait "orders"',
      ...['arm each[0]>call>wait "orders"', 'cause each[0]>cause', 'wait each[0]>call>wait "orders"'],
      ...['arm each[1]>call>wait "orders"', 'cause each[1]>cause', 'wait each[1]>call>wait "orders"'],
    ]);
  });
});
