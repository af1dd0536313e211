import { describe, expect, it } from 'vitest';
import { findFlow, findStep, listSteps } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

async function run(text: string, options: Parameters<typeof startText>[1] = {}) {
  const started = startText(text, options);
  await started.finish();
  const logs = started.events.flatMap((event) => (event.type === 'log_written' ? [event.message] : []));
  return { ...started, steps: listSteps(started.events), logs, flow: findFlow(started.events) };
}

const step = (id: string, more = ''): string =>
  `{ id: ${id}, action: set, config: { ${id}_id: "'${id}'" }, cleanup: { action: log, config: { message: "undo {{${id}_id}}" } }${more} }`;

describe('cleanup', () => {
  it('runs last-first: that of steps, then teardown, then that of setup', async () => {
    const { steps, logs } = await run(`
name: x
setup: [ ${step('base')} ]
steps: [ ${step('one')}, ${step('two')} ]
teardown: [ { id: end, action: log, config: { message: "end {{two_id}}" } } ]
`);
    expect(steps).toEqual([
      ...['setup/base passed', 'one passed', 'two passed'],
      'teardown/two.cleanup passed',
      'teardown/one.cleanup passed',
      'teardown/end passed',
      'teardown/setup/base.cleanup passed',
    ]);
    expect(logs).toEqual(['undo two', 'undo one', 'end two', 'undo base']);
  });

  it('has a phase of its own in the report, without a teardown', async () => {
    const { events } = await run(`name: x\nsteps: [ ${step('one')} ]`);
    expect(events.filter(({ type }) => type === 'phase_started')).toMatchObject([
      { phase: 'steps', stepCount: 1 },
      { phase: 'teardown', stepCount: 1 },
    ]);
    expect(findStep(events, 'teardown/one.cleanup')).toMatchObject({ id: 'one.cleanup', phase: 'teardown', depth: 0 });
  });

  it('runs after a step that failed, and not for one that did not run', async () => {
    const { steps, logs, flow } = await run(`
name: x
steps:
  - { id: fails, action: set, config: { made: "7" }, assert: [made == 8], cleanup: { action: log, config: { message: "undo {{fails.made}}" } } }
  - ${step('later')}
  - ${step('skipped', ', skip: "not now"')}
`);
    expect(steps).toEqual([
      ...['fails failed', 'later skipped: not reached', 'skipped skipped: not reached'],
      'teardown/fails.cleanup passed',
    ]);
    expect(logs).toEqual(['undo 7']);
    expect(flow.outcome).toBe('failed');
  });

  it('has nothing to do when its step captured nothing', async () => {
    const { steps } = await run(`
name: x
steps: [ { id: fails, action: set, config: { made: "7" }, assert: [made == 8], cleanup: { action: log, config: { message: "undo {{made}}" } } } ]
`);
    expect(steps.at(-1)).toBe('teardown/fails.cleanup skipped: needs `made`, which `fails` would have captured');
  });

  it('is a list too, in the order written', async () => {
    const { steps } = await run(`
name: x
steps:
  - id: make
    action: log
    config: { message: hi }
    cleanup:
      - { id: first, action: log, config: { message: a } }
      - { action: log, config: { message: b } }
`);
    expect(steps.slice(1)).toEqual(['teardown/make.first passed', 'teardown/make.cleanup_2 passed']);
  });

  it('sees the names of its own round of a loop, and what the flow made later', async () => {
    const { steps, logs } = await run(`
name: x
steps:
  - id: each
    action: for_each
    config:
      items: [a, b]
      steps:
        - { id: make, action: set, config: { made: "item + '1'" }, cleanup: { action: log, config: { message: "{{item}} {{made}} {{make.made}} {{index}} {{later}}" } } }
        - { id: more, action: set, config: { made: "item + '2'" } }
  - { id: after, action: set, config: { later: "'late'" } }
`);
    expect(steps.slice(-2)).toEqual(['teardown/each[1]>make.cleanup passed', 'teardown/each[0]>make.cleanup passed']);
    expect(logs).toEqual(['b b2 b1 1 late', 'a a2 a1 0 late']);
  });

  it('runs once for a step that was tried several times', async () => {
    const { logs } = await run(`
name: x
steps: [ { id: make, action: set, config: { made: "UUID" }, assert: [false], retry: { max_attempts: 3, delay: 1s }, cleanup: { action: log, config: { message: "undo" } } } ]
`);
    expect(logs).toEqual(['undo']);
  });

  it('that fails makes the flow errored, and the others run', async () => {
    const broken = 'cleanup: { action: assert, config: { assertions: [false] } }';
    const { steps, flow } = await run(`
name: x
steps: [ ${step('one')}, { id: two, action: log, config: { message: hi }, ${broken} } ]
`);
    expect(steps.slice(2)).toEqual(['teardown/two.cleanup failed', 'teardown/one.cleanup passed']);
    expect(flow).toMatchObject({
      outcome: 'errored',
      problems: [{ kind: 'teardown', message: 'teardown step `two.cleanup` failed: `false` is false' }],
    });
  });

  it('runs after an interruption', async () => {
    const run = startText(`
name: x
steps: [ ${step('one')}, { id: slow, action: delay, config: { duration: 1h }, cleanup: { action: log, config: { message: "undo slow" } } } ]
`);
    await run.clock.advance(100);
    run.interrupt('SIGTERM');
    await run.finish();
    expect(listSteps(run.events)).toEqual([
      ...['one passed', 'slow errored', 'teardown/slow.cleanup passed', 'teardown/one.cleanup passed'],
    ]);
  });

  it('of a teardown step runs when teardown has', async () => {
    const { steps } = await run(`
name: x
steps: [ ${step('one')} ]
teardown: [ { id: end, action: log, config: { message: hi }, cleanup: { action: log, config: { message: hi } } } ]
`);
    expect(steps.slice(1)).toEqual([
      ...['teardown/one.cleanup passed', 'teardown/end passed', 'teardown/teardown/end.cleanup passed'],
    ]);
  });

  it('is left out with --keep, and with --only unless teardown is asked for', async () => {
    const text = `name: x\nsteps: [ ${step('one')} ]`;
    const kept = await run(text, { isTeardownSkipped: true });
    expect(kept.steps[1]).toBe('teardown/one.cleanup skipped: what ran is kept');
    const addresses = new Set(['one']);
    const only = { addresses, withSetup: false, withTeardown: false };
    expect((await run(text, { selection: only })).steps).toEqual(['one passed']);
    const both = await run(text, { selection: { ...only, withTeardown: true } });
    expect(both.steps).toEqual(['one passed', 'teardown/one.cleanup passed']);
  });
});
