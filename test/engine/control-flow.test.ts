import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { ActionError } from '../../src/model/action/outcome.ts';
import { fakeAction } from '../support/plan-builder.ts';
import { findFlow, findStep, listSteps } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

const refuse = fakeAction(() => {
  throw new ActionError({ kind: 'connection', message: 'refused' });
});
let ticks = 0;
const tick = fakeAction(() => ({ result: { n: ++ticks }, summary: '' }), {
  settings: { schema: z.unknown() },
  result: { keys: { n: 'number' } },
  judges: true,
});
/** Takes a second, as a request may: a signal lets it end. */
const work = fakeAction((_config, io) => io.clock.sleep(1000, io.stop.signal).then(() => undefined), {
  settings: { schema: z.unknown() },
  judges: true,
});
const actions = { tick, work, refuse: { ...refuse, settings: { schema: z.unknown() }, judges: true } };

/** Runs the steps of a flow to their end. */
async function run(steps: string, more: { teardown?: string; env?: string } = {}) {
  const { teardown = '', env = '{ }' } = more;
  const text = `name: x\nenv: ${env}\nsteps:\n${steps}\n${teardown && `teardown:\n${teardown}\n`}`;
  const started = startText(text, { actions });
  await started.finish();
  return { ...started, steps: listSteps(started.events), flow: findFlow(started.events) };
}

const LEFT_FAILS = `
  - id: par
    action: parallel
    on_error: continue
    config:
      branches:
        - name: left
          steps:
            - { id: make, action: set, config: { left: "1" } }
            - { id: break, action: assert, config: { assertions: ["left == 2"] } }
            - { id: after, action: log, config: { message: hello } }
        - name: right
          steps:
            - { id: make, action: set, config: { right: "2" } }
`;

describe('parallel', () => {
  it('runs branches at the same time, and the steps of each one after another', async () => {
    const { steps, flow } = await run(`
  - id: par
    action: parallel
    config:
      branches:
        - { name: slow, steps: [ { id: a, action: delay, config: { duration: 2s } }, { id: b, action: log, config: { message: hi } } ] }
        - { name: fast, steps: [ { id: a, action: delay, config: { duration: 1s } }, { id: b, action: log, config: { message: hi } } ] }
`);
    expect(steps).toEqual([
      'par>fast>a passed',
      'par>fast>b passed',
      'par>slow>a passed',
      'par>slow>b passed',
      'par passed',
    ]);
    expect(flow.durationMs).toBe(2000);
  });

  it.each([
    [1, 3000],
    [2, 2000],
    [3, 1000],
  ])('runs %i branches at a time', async (limit, durationMs) => {
    const step = '{ action: delay, config: { duration: 1s } }';
    const { flow, steps } = await run(`
  - { id: par, action: parallel, config: { max_concurrent: ${limit}, steps: [ ${step}, ${step}, ${step} ] } }`);
    expect(flow.durationMs).toBe(durationMs);
    expect(steps).toEqual(['par>step_1 passed', 'par>step_2 passed', 'par>step_3 passed', 'par passed']);
  });

  it('gives its branches what the flow knows, and the flow what the branches captured', async () => {
    const { steps } = await run(
      `
  - id: par
    action: parallel
    config:
      branches:
        - steps: [ { action: set, config: { a: "base + 1" } }, { action: set, config: { b: "a + 1" } } ]
        - steps: [ { action: set, config: { c: "base + 5" } } ]
    assert: ["branches[0].name == 'branch_1'", "branches[0].captures.b == 12", "branches[1].outcome == 'passed'"]
  - { id: use, action: assert, config: { assertions: [a == 11, b == 12, c == 15] } }`,
      { env: '{ base: 10 }' },
    );
    expect(steps.slice(-2)).toEqual(['par passed', 'use passed']);
  });

  it('fails when a branch does; what that one captured is for teardown alone', async () => {
    const { steps, events, flow } = await run(
      `${LEFT_FAILS}
  - { id: use, action: assert, config: { assertions: [right == 2] } }
  - { id: lacks, action: log, config: { message: "{{left}}" } }`,
      { teardown: '  - { id: undo, action: log, config: { message: "remove {{left}} {{right}}" } }' },
    );
    expect(findStep(events, 'use').problems).toEqual([]);
    expect(steps).toEqual([
      'par>left>make passed',
      'par>right>make passed',
      'par>left>break failed',
      'par>left>after skipped: not reached',
      'par failed',
      'use passed',
      'lacks errored',
      'teardown/undo passed',
    ]);
    expect(findStep(events, 'par')).toMatchObject({
      summary: '1 of 2 branches failed',
      problems: [{ outcome: 'failed', kind: 'child', message: 'step `break` failed: `left == 2` is false' }],
      captures: [{ name: 'right', value: 2 }],
    });
    expect(events.find(({ type }) => type === 'log_written')).toMatchObject({ message: 'remove 1 2' });
    expect(flow).toMatchObject({ outcome: 'failed', captures: { right: 2 } });
    expect(flow.captures).not.toHaveProperty('left');
  });

  it('with fail_fast stops the other branches at once', async () => {
    const { steps, events, flow } = await run(`
  - id: par
    action: parallel
    config:
      fail_fast: true
      max_concurrent: 2
      branches:
        - { name: quick, steps: [ { id: break, action: refuse } ] }
        - { name: slow, steps: [ { id: wait, action: delay, config: { duration: 1h } }, { id: more, action: log, config: { message: hi } } ] }
        - { name: late, steps: [ { id: never, action: log, config: { message: hi } } ] }
`);
    expect(steps).toEqual([
      'par>quick>break errored',
      'par>late>never skipped: not reached',
      'par>slow>wait errored',
      'par>slow>more skipped: not reached',
      'par errored',
    ]);
    expect(findStep(events, 'par>slow>wait').problems[0]?.message).toBe(
      'stopped by its control: branch `quick` failed',
    );
    expect(findStep(events, 'par')).toMatchObject({
      summary: '1 of 3 branches failed, 1 stopped',
      problems: [{ kind: 'child' }],
    });
    expect(flow.durationMs).toBe(0);
  });

  it('lets the others finish without it', async () => {
    const { steps } = await run(`
  - id: par
    action: parallel
    config:
      steps: [ { id: break, action: refuse }, { id: slow, action: delay, config: { duration: 1s } } ]`);
    expect(steps).toEqual(['par>break errored', 'par>slow passed', 'par errored']);
  });

  it('is interrupted with all its branches, and waits for none', async () => {
    const branch =
      '{ steps: [ { id: a, action: delay, config: { duration: 1h } }, { id: b, action: delay, config: { duration: 1h } } ] }';
    const started = startText(
      `name: x\nsteps:\n  - { id: par, action: parallel, config: { branches: [ ${branch}, ${branch} ] } }`,
    );
    await started.clock.advance(100);
    started.interrupt();
    await started.finish();
    expect(listSteps(started.events)).toEqual([
      'par>branch_1>a errored',
      'par>branch_2>a errored',
      'par>branch_1>b skipped: not reached',
      'par>branch_2>b skipped: not reached',
      'par errored',
    ]);
    expect(findFlow(started.events)).toMatchObject({ outcome: 'errored', durationMs: 100 });
  });

  it('ends at its own timeout, and its children before it', async () => {
    const { steps, events, flow } = await run(`
  - id: par
    action: parallel
    timeout: 1s
    config: { steps: [ { id: slow, action: delay, config: { duration: 1h } } ] }`);
    expect(steps).toEqual(['par>slow errored', 'par errored']);
    expect(findStep(events, 'par').problems[0]?.message).toBe('step `par` took longer than its timeout of 1000 ms');
    expect(flow.durationMs).toBe(1000);
  });
});

const each = (steps: string, more = ''): string => `
  - id: each
    action: for_each
    config:
      items: "{{list}}"
      steps:
${steps}
${more}`;

describe('for_each', () => {
  it('runs its steps for each item, with the item and its position', async () => {
    const { steps, events } = await run(
      `${each(
        `        - { id: make, action: set, config: { name: "'n' + string(item) + '-' + string(index)" } }
        - { id: check, action: assert, config: { assertions: ["make.name == name"] } }`,
        `    assert: [count == 2, passed == 2, failed == 0, "results[1].captures.name == 'n8-1'", "results[0].item == 7"]`,
      )}
  - { id: last, action: assert, config: { assertions: ["name == 'n8-1'"] } }`,
      { env: '{ list: [7, 8] }' },
    );
    expect(steps).toEqual([
      'each[0]>make passed',
      'each[0]>check passed',
      'each[1]>make passed',
      'each[1]>check passed',
      'each passed',
      'last passed',
    ]);
    expect(findStep(events, 'each[1]>make')).toMatchObject({ id: 'make', depth: 1, result: { name: 'n8-1' } });
  });

  it('takes a list of expressions, and other names', async () => {
    const { steps } = await run(`
  - id: outer
    action: for_each
    config:
      items: [["{{1 + 1}}", 3], [4]]
      item_name: row
      index_name: r
      steps:
        - id: inner
          action: for_each
          config:
            items: "{{row}}"
            item_name: cell
            index_name: c
            steps:
              - { id: check, action: assert, config: { assertions: ["cell == row[c]", "row == [[2, 3], [4]][r]"] } }`);
    expect(steps).toEqual([
      'outer[0]>inner[0]>check passed',
      'outer[0]>inner[1]>check passed',
      'outer[0]>inner passed',
      'outer[1]>inner[0]>check passed',
      'outer[1]>inner passed',
      'outer passed',
    ]);
  });

  it.each<[string, string, string[]]>([
    ['ends at the first item that fails', '', ['each[0]>check passed', 'each[1]>check failed', 'each failed']],
    [
      'goes on with continue_on_error, and still fails',
      '      continue_on_error: true',
      ['each[0]>check passed', 'each[1]>check failed', 'each[2]>check passed', 'each failed'],
    ],
  ])('%s', async (_title, more, expected) => {
    const step = '        - { id: check, action: assert, config: { assertions: [item != 2] } }';
    const { steps, events } = await run(each(step, more), { env: '{ list: [1, 2, 3] }' });
    expect(steps).toEqual(expected);
    expect(findStep(events, 'each').summary).toBe(
      more === '' ? '3 items, 1 of them failed, 1 not reached' : '3 items, 1 of them failed',
    );
  });

  it('runs several items at a time; the last item’s captures count, not those that came last', async () => {
    const step = `        - { action: delay, config: { duration: "{{4 - item}}s" } }
        - { action: set, config: { mine: item } }`;
    const { steps, flow } = await run(
      `${each(step, '      max_concurrent: 3')}
  - { id: last, action: assert, config: { assertions: [mine == 3] } }`,
      { env: '{ list: [1, 2, 3] }' },
    );
    expect(steps.filter((line) => line.includes('step_2'))).toEqual([
      'each[2]>step_2 passed',
      'each[1]>step_2 passed',
      'each[0]>step_2 passed',
    ]);
    expect(steps.at(-1)).toBe('last passed');
    expect(flow.durationMs).toBe(3000);
  });

  it.each([
    ['for any item', 'action: for_each, config: { items: [1, 2], steps: [STEP] }'],
    ['inside', 'action: parallel, config: { branches: [{ name: a, steps: [STEP] }] }'],
    ['inside', 'action: if, config: { condition: true, then: [STEP], else: [STEP] }'],
  ])('says that no step ran %s: %s', async (where, control) => {
    const step = (when: string) => `{ action: log, when: ${when}, config: { message: hi } }`;
    const notesOf = async (when: string) => {
      const { events } = await run(`  - { id: c, ${control.replaceAll('STEP', step(when))} }`);
      return findStep(events, 'c').notes ?? [];
    };
    expect(await notesOf('1 > 2')).toEqual([`no step ran ${where}, since all were skipped: nothing was checked`]);
    expect(await notesOf('1 < 2')).toEqual([]);
  });

  it('passes with nothing to do, and says so', async () => {
    const { steps, events } = await run(each('        - { id: check, action: log, config: { message: hi } }'), {
      env: '{ list: [] }',
    });
    expect(steps).toEqual(['each>check skipped: not reached: there are no items', 'each passed']);
    expect(findStep(events, 'each')).toMatchObject({
      summary: '0 items',
      notes: ['there are no items: nothing was done, and nothing was checked'],
      result: { count: 0, passed: 0, failed: 0, results: [] },
    });
  });

  it.each([
    ['seven', 'got string "seven"'],
    ['{ a: 1 }', 'got a map'],
    ['null', 'got nothing'],
  ])('is errored when the items are %s', async (list, got) => {
    const { steps, events } = await run(each('        - { action: log, config: { message: hi } }'), {
      env: `{ list: ${list} }`,
    });
    expect(steps).toEqual(['each errored']);
    expect(findStep(events, 'each').problems[0]?.message).toContain('expected a list');
    expect(findStep(events, 'each').problems[0]?.message).toContain(got);
  });

  it('starts no further item once the flow is interrupted', async () => {
    const started = startText(
      `name: x\nenv: { list: [1, 2, 3] }\nsteps:\n${each('        - { id: wait, action: work }')}`,
      { actions },
    );
    await started.clock.advance(500);
    started.interrupt();
    await started.finish();
    expect(listSteps(started.events)).toEqual([
      'each[0]>wait passed',
      'each[1]>wait skipped: not reached',
      'each errored',
    ]);
    expect(findFlow(started.events).outcome).toBe('errored');
  });

  it('has other random values in each round, whichever comes first', async () => {
    const step = '        - { id: make, action: set, config: { key: UUID } }';
    const list = { env: '{ list: [1, 2, 3] }' };
    const keysOf = async (more: string) => {
      const { events } = await run(each(step, more), list);
      return [0, 1, 2].map((round) => JSON.stringify(findStep(events, `each[${round}]>make`).result));
    };
    const keys = await keysOf('');
    expect(new Set(keys).size).toBe(3);
    expect(await keysOf('      max_concurrent: 3')).toEqual(keys);
  });

  it('is tried again as a whole', async () => {
    const { steps } = await run(
      each(
        '        - { id: check, action: assert, config: { assertions: [item < 2] } }',
        '    retry: { max_attempts: 2, delay: 1s }',
      ),
      { env: '{ list: [1, 2] }' },
    );
    expect(steps).toEqual([
      'each[0]>check passed',
      'each[1]>check failed',
      'each[0]>check passed',
      'each[1]>check failed',
      'each failed',
    ]);
  });
});

describe('if', () => {
  const cond = (condition: string, more = ''): string => `
  - id: cond
    action: if
    config:
      condition: ${condition}
      then: [ { id: yes_, action: set, config: { got: "'then'" } } ]
      ${more}`;
  const otherwise = `else: [ { id: no_, action: set, config: { got: "'else'" } }, { id: more, action: log, config: { message: hi } } ]`;

  it.each([
    [
      'n > 3',
      [
        'cond>yes_ passed',
        'cond>no_ skipped: not taken: the condition is true',
        'cond>more skipped: not taken: the condition is true',
        'cond passed',
      ],
      'then',
    ],
    [
      'n < 3',
      ['cond>yes_ skipped: not taken: the condition is false', 'cond>no_ passed', 'cond>more passed', 'cond passed'],
      'else',
    ],
  ])('%s', async (condition, expected, got) => {
    const { steps, events, flow } = await run(cond(condition, otherwise), { env: '{ n: 5 }' });
    expect(steps).toEqual(expected);
    expect(flow.captures).toEqual({ got });
    expect(findStep(events, 'cond').result).toEqual({ condition: got === 'then', branch: got });
  });

  it('passes without `else` when there is nothing to do', async () => {
    const { steps, events } = await run(cond('n < 3'), { env: '{ n: 5 }' });
    expect(steps).toEqual(['cond>yes_ skipped: not taken: the condition is false', 'cond passed']);
    expect(findStep(events, 'cond')).toMatchObject({ summary: 'false: nothing to do', result: { branch: null } });
  });

  it.each([
    ['n', '`n` is not a bool: expected true or false, got int', ['n']],
    ['n.x > 3', '`n.x > 3` cannot be evaluated: ', ['n']],
    ['string(n) > 3', '`string(n) > 3` cannot be evaluated: ', ['string(n)', 'n']],
  ])('is errored by `condition: %s`, and shows its values', async (condition, message, parts) => {
    const { steps, events } = await run(cond(condition), { env: '{ n: 5 }' });
    expect(steps).toEqual(['cond errored']);
    const [problem] = findStep(events, 'cond').problems;
    expect(problem?.message).toContain(message);
    expect(problem?.explained?.parts.map(({ text }) => text)).toEqual(parts);
  });

  it('fails with the branch that it took; what ran in it is known to teardown', async () => {
    const { steps, events } = await run(
      `
  - id: cond
    action: condition
    config:
      condition: true
      then: [ { id: make, action: set, config: { user: "7" } }, { id: break, action: refuse } ]`,
      { teardown: '  - { id: undo, action: log, config: { message: "remove {{user}}" } }' },
    );
    expect(steps).toEqual(['cond>make passed', 'cond>break errored', 'cond errored', 'teardown/undo passed']);
    expect(events.find(({ type }) => type === 'log_written')).toMatchObject({ message: 'remove 7' });
  });
});

describe('wait_until', () => {
  it('repeats its steps until the condition holds over what they captured, and keeps that', async () => {
    const { steps, events, flow } = await run(`
  - id: wait
    action: wait_until
    config:
      condition: n == 3
      interval: 1s
      steps:
        - { id: look, action: tick }
        - { id: keep, action: set, config: { n: look.n } }
    assert: [attempts == 3]
  - { id: use, action: assert, config: { assertions: [n == 3] } }`);
    expect(steps.slice(-3)).toEqual(['wait>probe passed', 'wait passed', 'use passed']);
    expect(findStep(events, 'wait>probe>keep')).toMatchObject({ role: 'look', depth: 2 });
    expect(flow.durationMs).toBe(2000);
  });

  it('takes a look whose steps fail for "not yet", whatever the condition says', async () => {
    const { steps, events, flow } = await run(`
  - { id: wait, action: wait_until, config: { condition: "true", timeout: 2s, interval: 1s, steps: [ { id: look, action: refuse } ] } }`);
    expect(new Set(steps)).toEqual(new Set(['wait>probe>look errored', 'wait>probe errored', 'wait errored']));
    expect(findStep(events, 'wait').problems[0]?.message).toContain('every look errored');
    expect(flow.outcome).toBe('errored');
  });
});
