import { describe, expect, it } from 'vitest';
import { type SelectOptions, selectSteps } from '../../../src/plan/select/select-steps.ts';
import { planText } from '../../support/plan-text.ts';

const FLOW = `name: orders
setup:
  - { id: clean, action: log, config: { message: s } }
  - { id: seed, action: log, config: { message: s } }
steps:
  - { id: log_in, action: log, config: { message: a } }
  - id: each
    action: for_each
    config:
      items: [1, 2, 3]
      steps:
        - { id: ask, action: log, config: { message: a } }
        - { id: check_a, action: log, config: { message: a } }
        - { id: check_b, action: log, config: { message: a } }
  - id: wait
    action: poll
    config:
      step: { id: look, action: http_request, config: { url: "http://localhost/" } }
      until: status == 200
  - { id: check_c, action: log, config: { message: a } }
  - { id: end, action: log, config: { message: a } }
teardown:
  - { id: clean, action: log, config: { message: t } }
`;
const [flow] = planText(FLOW).flows;
if (!flow) throw new Error('the flow was not planned');
const plan = flow;

function select(options: Partial<SelectOptions>) {
  const found = selectSteps(plan, { ids: [], withSetup: false, withTeardown: false, ...options });
  const { addresses, withSetup, withTeardown, skipped = [] } = found.selection;
  const wrong = [...found.unknown, ...found.mistakes, ...found.unknownSkips.values()];
  return {
    steps: [...addresses],
    around: [withSetup && 'setup', withTeardown && 'teardown'].filter(Boolean).join(),
    skipped: [...skipped],
    wrong: wrong.map(({ message, help }) => [message, ...(help ?? [])].join(' = ')),
  };
}

describe('--only', () => {
  it.each<[string, readonly string[]]>([
    ['log_in', ['log_in']],
    ['clean', ['setup/clean']],
    ['teardown/clean', ['teardown/clean']],
    ['check_*', ['check_c']],
    ['*', ['log_in', 'each', 'wait', 'check_c', 'end']],
    ['s*d', ['setup/seed']],
    ['setup/*', ['setup/clean', 'setup/seed']],
    ['*/clean', ['setup/clean', 'teardown/clean']],
    ['ask', ['each>ask']],
    ['each[1]>ask', ['each[1]>ask']],
    ['each>check_*', ['each>check_a', 'each>check_b']],
    ['each[2]>check_*', ['each[2]>check_a', 'each[2]>check_b']],
    ['each[*]>ask', ['each>ask']],
    ['*>ask', ['each>ask']],
    ['as*', ['each>ask']],
    ['wait>look', ['wait']],
    ['loo*', ['wait']],
  ])('%s', (id, expected) => {
    expect(select({ ids: [id] })).toEqual({ steps: expected, around: '', skipped: [], wrong: [] });
  });

  it.each([
    ['log_on', 'there is no step `log_on` in "orders" = did you mean `log_in`?'],
    ['chek_c*', 'no step of "orders" fits `chek_c*` = did you mean `check_c`?'],
    [
      'f.yaml:12',
      'there is no step `f.yaml:12` in "orders" = a line is given as a path, without `--only`: testmesh run f.yaml:12',
    ],
    [
      '.*_in',
      'no step of "orders" fits `.*_in` = the flow has the steps `log_in`, `each`, `wait`, `check_c`, `end`, `setup/clean`, `setup/seed` and `teardown/clean`',
    ],
  ])('says what comes near: %s', (id, expected) => {
    expect(select({ ids: [id] }).wrong).toEqual([expected]);
  });
});

describe('a line', () => {
  it.each<[number, readonly string[]]>([
    [3, ['setup/clean']],
    [6, ['log_in']],
    [7, ['each']],
    [11, ['each']],
    [12, ['each>ask']],
    [14, ['each>check_b']],
    [18, ['wait']],
    [21, ['end']],
    [23, ['teardown/clean']],
  ])('%s', (line, expected) => {
    expect(select({ lines: [line] })).toEqual({ steps: expected, around: '', skipped: [], wrong: [] });
  });

  it('says where the nearest step is', () => {
    expect(select({ lines: [22] }).wrong).toEqual([
      'line 22 is not a part of a step in "orders" = the nearest is `end`: flow.yaml:21',
    ]);
  });
});

describe('a range', () => {
  it.each<[Partial<SelectOptions>, readonly string[], string]>([
    [{ from: 'wait' }, ['wait', 'check_c', 'end'], 'setup,teardown'],
    [{ to: 'each' }, ['log_in', 'each'], 'setup,teardown'],
    [{ from: 'each', to: 'wait' }, ['each', 'wait'], 'setup,teardown'],
    [{ from: 'seed', to: 'log_in' }, ['setup/seed', 'log_in'], 'teardown'],
    [{ to: 'clean' }, ['setup/clean'], 'teardown'],
    [{ skip: ['each'] }, ['log_in', 'each', 'wait', 'check_c', 'end'], 'setup,teardown'],
  ])('%j', (options, steps, around) => {
    expect(select(options)).toMatchObject({ steps, around, wrong: [] });
  });

  it.each<[Partial<SelectOptions>, string]>([
    [{ from: 'end', to: 'log_in' }, '`--to log_in` stands before `--from end` = write --from log_in --to end'],
    [
      { from: 'teardown/clean' },
      '`--from teardown/clean` names a step of teardown, which runs behind any range = run it alone: --only teardown/clean',
    ],
    [
      { to: 'each[1]>ask' },
      "`--to each[1]>ask` names a step inside of `each`, and a range is of the flow's own steps = write `--to each`, or run it alone: --only 'each[1]>ask'",
    ],
    [{ from: 'check_*' }, '`--from check_*` fits several steps, and a range ends with one = name one: --from check_c'],
    [{ from: 'log_on' }, 'there is no step `log_on` in "orders" = did you mean `log_in`?'],
  ])('that is none: %j', (options, expected) => {
    expect(select(options).wrong).toEqual([expected]);
  });
});

describe('--skip', () => {
  it.each<[readonly string[], readonly string[]]>([
    [['end'], ['end']],
    [
      ['check_*', 'wait'],
      ['check_c', 'wait'],
    ],
    [['each>check_*'], ['each>check_a', 'each>check_b']],
    [['teardown/clean'], ['teardown/clean']],
  ])('%j', (skip, skipped) => {
    expect(select({ skip })).toMatchObject({ skipped, wrong: [] });
  });

  it.each<[readonly string[], string]>([
    [['ennd'], 'there is no step `ennd` in "orders" = did you mean `end`?'],
    [
      ['each[1]>ask'],
      "`--skip each[1]>ask` names one round of a loop, and a step is left out of all = write --skip 'each>ask', or choose the rounds that run with `--only`",
    ],
    [['*'], '`--skip` leaves no step of "orders" = leave out fewer of its 8 steps'],
  ])('that cannot be: %j', (skip, expected) => {
    expect(select({ skip }).wrong).toEqual([expected]);
  });
});
