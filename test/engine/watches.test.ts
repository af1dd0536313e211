import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { ActionDefinition } from '../../src/model/action/definition.ts';
import { ActionError } from '../../src/model/action/outcome.ts';
import { anyValue } from '../../src/model/settings.ts';
import { findFlow, findStep, listSteps } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

/** Watches, and writes down when it is asked what. */
function createWatch() {
  const calls: string[] = [];
  const settings = z.strictObject({
    from: z.optional(anyValue()),
    until: z.optional(anyValue()),
    fails: z.optional(z.string()),
  });
  const watch: ActionDefinition<z.output<typeof settings>> = {
    name: 'watch',
    summary: 'Watches',
    settings: { schema: settings },
    control: { watches: true },
    result: { keys: { seen: 'any' } },
    judges: true,
    traits: { isInternal: true },
    preparation: {
      settings: ['from', 'fails'],
      async prepare({ from = null, fails }, io) {
        calls.push(`arm ${io.step.address} ${from}`);
        if (fails === 'early') throw new ActionError({ kind: 'sql', message: 'cannot look' });
      },
    },
    async run({ until = null, fails }, io) {
      calls.push(`judge ${io.step.address} ${until}${io.step.isAfterFailure ? ' after a failure' : ''}`);
      const problem = { outcome: 'failed', kind: 'expectation', message: 'too much' } as const;
      return { result: { seen: 1 }, summary: 'seen', problems: fails === 'late' ? [problem] : [] };
    },
  };
  return { calls, watch };
}

async function run(text: string, options: Parameters<typeof startText>[1] = {}) {
  const { calls, watch } = createWatch();
  const started = startText(text, { ...options, actions: { watch: watch as ActionDefinition } });
  await started.finish();
  expect(started.bugs).toEqual([]);
  return { calls, events: started.events, steps: listSteps(started.events), flow: findFlow(started.events) };
}

const SET = (id: string, more = ''): string => `{ id: ${id}, action: set, config: { ${id}_id: "'${id}'" }${more} }`;

describe('what watches a flow', () => {
  it('begins behind setup, and judges before teardown with the names of all steps', async () => {
    const { calls, steps, events, flow } = await run(`
name: x
watch: { from: "{{base_id}}", until: "{{one_id}}" }
setup: [ ${SET('base')} ]
steps: [ ${SET('one')} ]
teardown: [ ${SET('end')} ]
`);
    expect(calls).toEqual(['arm steps/watch base', 'judge steps/watch one']);
    expect(steps).toEqual(['setup/base passed', 'one passed', 'steps/watch passed', 'teardown/end passed']);
    expect(findStep(events, 'steps/watch')).toMatchObject({ id: 'watch', role: 'watch', depth: 0, summary: 'seen' });
    expect(flow).toMatchObject({ outcome: 'passed', counts: { passed: 4 } });
  });

  it('makes the flow fail at its own place, and teardown runs', async () => {
    const { steps, events, flow } = await run(`
name: x
watch: { fails: late }
steps: [ ${SET('one')} ]
teardown: [ ${SET('end')} ]
`);
    expect(steps).toEqual(['one passed', 'steps/watch failed', 'teardown/end passed']);
    expect(findStep(events, 'steps/watch').problems).toMatchObject([{ message: 'too much', location: { line: 3 } }]);
    expect(flow.outcome).toBe('failed');
  });

  it('judges behind a step that failed, and knows it', async () => {
    const { calls } = await run(`name: x\nwatch: {}\nsteps: [ ${SET('one', ', assert: ["false"]')} ]`);
    expect(calls).toEqual(['arm steps/watch null', 'judge steps/watch null after a failure']);
  });

  it('lets no step run where it cannot look', async () => {
    const { steps, flow } = await run(`name: x\nwatch: { fails: early }\nsteps: [ ${SET('one')} ]`);
    expect(steps).toEqual(['one skipped: not reached', 'steps/watch errored']);
    expect(flow.outcome).toBe('errored');
  });

  it('has nothing to watch where setup failed, or where only some steps run', async () => {
    const broken = await run(
      `name: x\nwatch: {}\nsetup: [ ${SET('base', ', assert: ["false"]')} ]\nsteps: [ ${SET('one')} ]`,
    );
    expect(broken.calls).toEqual([]);
    const selection = { addresses: new Set(['one']), withSetup: false, withTeardown: false };
    const some = await run(`name: x\nwatch: {}\nsteps: [ ${SET('one')}, ${SET('two')} ]`, { selection });
    expect([some.calls, some.steps]).toEqual([[], ['one passed']]);
  });

  it('is nothing that a flow whose steps are all skipped did', async () => {
    const { flow } = await run(`name: x\nwatch: {}\nsteps: [ ${SET('one', ', when: "false"')} ]`);
    expect(flow).toMatchObject({ outcome: 'skipped', skip: { kind: 'nothing_ran' } });
  });

  it('watches a flow that is called', async () => {
    const files = { 'lib.yaml': `name: lib\nwatch: { until: "{{one_id}}" }\nsteps: [ ${SET('one')} ]` };
    const { calls, steps } = await run(
      'name: x\nsteps: [ { id: call, action: run_flow, config: { flow: lib.yaml } } ]',
      { files },
    );
    expect(calls).toEqual(['arm call>steps/watch null', 'judge call>steps/watch one']);
    expect(steps).toEqual(['call>one passed', 'call>steps/watch passed', 'call passed']);
  });
});

describe('what watches a step', () => {
  it('stands below it, and sees what it captured', async () => {
    const { calls, events } = await run(`
name: x
steps:
  - ${SET('one')}
  - ${SET('two', ', watch: { from: "{{one_id}}", until: "{{two_id}}" }')}
`);
    expect(calls).toEqual(['arm two/watch one', 'judge two/watch two']);
    expect(findStep(events, 'two/watch')).toMatchObject({ parent: 'two', depth: 1, role: 'watch' });
  });

  it('makes the step fail, whose captures are then not known', async () => {
    const { steps, events } = await run(`
name: x
steps:
  - ${SET('one', ', watch: { fails: late }')}
  - ${SET('two')}
`);
    expect(steps).toEqual(['one/watch failed', 'one failed', 'two skipped: not reached']);
    expect(findStep(events, 'one')).toMatchObject({ captures: [], problems: [{ message: 'too much' }] });
  });

  it('lets the step not run where it cannot look', async () => {
    const { steps, calls } = await run(`name: x\nsteps: [ ${SET('one', ', watch: { fails: early }')} ]`);
    expect(steps).toEqual(['one/watch errored', 'one errored']);
    expect(calls).toEqual(['arm one/watch null']);
  });

  it('begins anew in each round of a loop, once for all attempts', async () => {
    const { calls } = await run(`
name: x
steps:
  - id: each
    action: for_each
    config:
      items: [1, 2]
      steps: [ ${SET('one', ', retry: { max_attempts: 2, delay: 1ms }, assert: ["ATTEMPT == 2"], watch: { from: "{{item}}" }')} ]
`);
    expect(calls).toEqual([
      ...['arm each[0]>one/watch 1', 'judge each[0]>one/watch null'],
      ...['arm each[1]>one/watch 2', 'judge each[1]>one/watch null'],
    ]);
  });
});
