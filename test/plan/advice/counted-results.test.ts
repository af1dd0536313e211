import { describe, expect, it } from 'vitest';
import { childrenAndCleanups, listPhases, listSteps } from '../../../src/model/walk-steps.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';

const wait = (config: string, more = ''): string =>
  `  - id: heard\n    action: kafka_consumer\n    config: { brokers: "b:1", topic: t, match: { trace: current }${config} }\n${more}`;
const flow = (steps: string): string => `name: f\nsteps:\n${steps}`;
const check = (condition: string): string => `  - { action: assert, config: { assertions: ['${condition}'] } }\n`;
const write = (conditions: string): string => `    assert: ['${conditions.replaceAll("'", "''")}']\n`;

/** Whether the wait of a flow looks for more than it needs, and the finding that says so. */
function plan(text: string, files: Record<string, string> = {}) {
  const planned = planText(text, { files });
  const errors = findingsOf(planned).filter((finding) => finding.startsWith('TM1'));
  expect(errors).toEqual([]);
  const steps = listSteps(planned.flows.flatMap(listPhases), childrenAndCleanups);
  const isCounted = steps.some(({ uses }) => uses?.isCounted);
  const findings = findingsOf(planned).filter((finding) => finding.startsWith('TM217'));
  expect(findings.length > 0).toBe(isCounted);
  return { isCounted, findings };
}

describe('how many messages there are is asked', () => {
  it.each([
    'count == 1',
    '1 == count',
    'count != 2',
    'count < 2',
    'count <= 1',
    '2 > count',
    'not (count > 1)',
    'not (count >= 2 or false)',
    'count in [1]',
    '1 <= count <= 3',
    'count >= 1 and count <= 3',
    'len(messages) == 1',
    'len(filter(messages, .value.id == 1)) == 1',
    'count(messages, .value.id == 1) == 1',
    'seen == 1',
    'seen == count',
    'messages[1] == nil',
    'messages[-1].value.id == 1',
    'len(messages[1:]) == 0',
    'all(messages, .value.id == 1)',
    'none(messages, .value.is_bad)',
    'one(messages, .value.id == 1)',
    'not any(messages, .value.is_bad)',
    'find(messages, .value.is_bad) == nil',
    'last(messages).value.id == 1',
    'map(messages, .value.id) == [1]',
    '(count > 0) == true',
    'count > 0 ? count < 2 : false',
    '$env.count == 1',
    '$env["count"] == 1',
    '$env?.count == 1',
    'get($env, "count") == 1',
    '$env | get("count") == 1',
    'let r = $env; r.count == 1',
    'let found = messages; len(found) == 1',
  ])('by %s', (condition) => {
    const { findings } = plan(flow(wait('', write(condition))));
    expect(findings).toEqual([
      expect.stringMatching(
        /^TM217 6:\d+ `.*` (asks|takes all of `heard`, and with it) how many there are, but `heard` ends/,
      ),
    ]);
  });

  it.each([
    'count >= 1',
    'count > 0',
    '1 <= count',
    'not (count < 1)',
    'len(messages) >= 1 and count > 0',
    'len(filter(messages, .value.id == 1)) > 0',
    'any(messages, .value.id == 1)',
    'not none(messages, .value.id == 1)',
    'message.value.id == 1',
    'messages[0].value.id == 1',
    'first(messages).value.id == 1',
    'lag_ms == nil or lag_ms < 1000',
    'message.value.count == 1',
    '$env.message.value.id == 1',
    '$env.count >= 1',
    'get(message, "count") == 1',
  ])('but not by %s', (condition) => {
    expect(plan(flow(wait('', write(condition))))).toMatchObject({ isCounted: false });
  });

  it.each([', exactly: true', ', count: { min: 1, max: 3 }', ', count: 0'])(
    'and not where the wait says it:%s',
    (config) => {
      expect(plan(flow(wait(config, write('count == 1'))))).toMatchObject({ isCounted: false });
    },
  );

  it('takes the messages that the wait has in any case for given', () => {
    expect(plan(flow(wait(', count: 2', write('messages[1].value.id == 2')))).isCounted).toBe(false);
    expect(plan(flow(wait(', count: 2', write('messages[2] == nil')))).isCounted).toBe(true);
  });

  it.each<[string, string]>([
    [
      'a later assertion',
      '  - { id: two, action: http_request, config: { url: "http://h/" }, assert: [heard.count == 1] }\n',
    ],
    [
      'its result by `steps`',
      `  - { id: two, action: http_request, config: { url: "http://h/" }, assert: ['len(steps["heard"].messages) == 1'] }\n`,
    ],
    ['an `assert` step', '  - { id: two, action: assert, config: { assertions: [heard.count == 1] } }\n'],
    ['a condition', '  - { id: two, action: log, when: heard.count < 2, config: { message: hi } }\n'],
    [
      'a choice',
      '  - { id: two, action: if, config: { condition: heard.count == 1, then: [{ action: log, config: { message: hi } }] } }\n',
    ],
    [
      'a loop over all that came',
      '  - { id: two, action: for_each, config: { items: "{{heard.messages}}", steps: [{ action: log, config: { message: "{{item.offset}}" } }] } }\n',
    ],
    [
      'a function that flows add',
      '  - { id: two, action: http_request, config: { url: "http://h/" }, assert: ["approx(heard.count, 1, 0)"] }\n',
    ],
    [
      'a variable that has all of it',
      '  - { id: two, action: set, config: { n: "[heard]" } }\n  - { action: log, config: { message: "{{n}}" } }\n',
    ],
    [
      'a placeholder that is a variable',
      '  - { id: two, action: assert, config: { data: { n: { a: "{{heard}}" } }, assertions: [n.a.count == 1] } }\n',
    ],
    [
      'a variable',
      '  - { id: two, action: set, config: { n: heard.count } }\n  - { action: log, config: { message: "{{n}}" } }\n',
    ],
  ])('by %s', (_title, step) => {
    expect(plan(flow(wait('', write('message.value.id == 1')) + step)).isCounted).toBe(true);
  });

  it.each([
    'heard.count == 1',
    '$env.heard.count == 1',
    '$env["heard"]["count"] == 1',
    '$env.steps.heard.count == 1',
    'get(heard, "count") == 1',
    'heard | get("count") == 1',
    'get(steps["heard"], "count") == 1',
    'get(steps, "heard").count == 1',
    'let r = heard; r.count == 1',
    'let s = steps; s.heard.count == 1',
    '(heard ?? {}).count == 1',
    '(true ? heard : nil).count == 1',
    'heard == {"count": 1}',
    '[heard][0].count == 1',
    '{"a": heard}.a.count == 1',
    'len(toJSON(heard)) == 900',
    'heard["co" + "unt"] == 1',
    'any([1], # == heard.count)',
  ])('by its id elsewhere, in %s', (condition) => {
    expect(plan(flow(wait('') + check(condition))).isCounted).toBe(true);
  });

  it.each([
    'heard.message.value.id == 1',
    '$env.heard.messages[0].value.id == 1',
    'get(heard, "message").value.id == 1',
    'heard != nil',
    'heard.count >= 1',
    'get(heard, "count") > 0',
    'steps.two.count == 1',
    '$env.two.count == 1',
    'get(steps, "two").count == 1',
    'two.heard.count == 1',
    'len(steps.two) == 0',
  ])('but not in %s', (condition) => {
    const two = `  - { id: two, action: assert, config: { data: "{{ {'count': 1} }}" } }\n`;
    expect(plan(flow(wait('') + two + check(condition))).isCounted).toBe(false);
  });

  it.each<[string, boolean]>([
    ['$', true],
    ['$.*', true],
    ['$..count', true],
    ["$['count']", true],
    ["$['count','seen']", true],
    ["$['message','count']", true],
    ['[count]', true],
    ['$env', true],
    ['$.message', false],
    ['$.count', true],
    ['count', true],
    ['len(messages)', true],
    ['$.messages[*].value.id', true],
    ['$.messages[0].value.id', false],
    ['$.message.value.id', false],
    ['message.value.id', false],
  ])('by the capture %s: %s', (path, isCounted) => {
    const log = '  - { action: log, config: { message: "{{taken}}" } }\n';
    const { findings, ...found } = plan(flow(wait('', `    output: { taken: "${path}" }\n${log}`)));
    expect(found.isCounted).toBe(isCounted);
    if (isCounted) expect(findings[0]).toMatch(/` (asks|takes all of `heard`, and with it) how many there are/);
  });

  it('in a branch, in a poll, in a clean-up, in teardown, in a called flow', () => {
    const look = 'action: kafka_consumer, config: { brokers: "b:1", topic: t, match: { trace: current } }';
    const branch = `  - { action: parallel, config: { steps: [{ id: heard, ${look}, assert: [count == 1] }] } }\n`;
    expect(plan(flow(branch)).isCounted).toBe(true);
    const poll = `  - { action: poll, config: { timeout: 5s, until: count == 1, step: { id: heard, ${look} } } }\n`;
    expect(plan(flow(poll)).isCounted).toBe(true);
    const cleanup = `  - { action: log, config: { message: hi }, cleanup: [{ id: heard, ${look}, assert: [count == 1] }] }\n`;
    expect(plan(flow(cleanup)).isCounted).toBe(true);
    const last = `  - { action: log, config: { message: hi } }\nteardown:\n${wait('', write('count == 1'))}`;
    expect(plan(flow(last)).isCounted).toBe(true);
    const files = { 'lib.yaml': flow(wait('', write('count == 1'))) };
    expect(plan(flow('  - { action: run_flow, config: { flow: lib.yaml } }\n'), files).isCounted).toBe(true);
  });

  it('by what is given to a called flow', () => {
    const files = { 'lib.yaml': `name: l\nsteps:\n${check('w.count == 1')}` };
    const call = (input: string) => `  - { action: run_flow, config: { flow: lib.yaml, input: { w: "${input}" } } }\n`;
    expect(plan(flow(wait('') + call('{{heard}}')), files).isCounted).toBe(true);
    expect(plan(flow(wait('') + call('{{heard.message.value}}')), files).isCounted).toBe(false);
  });

  it('is worded as what it is where all of the result is handed on', () => {
    const { findings } = plan(flow(wait('') + check('let r = heard; r.count == 1')));
    expect(findings).toEqual([
      'TM217 6:47 `let r = heard; r.count == 1` takes all of `heard`, and with it how many there are, but `heard` ends as soon as there are enough: it keeps looking for a moment',
    ]);
  });

  it('by no map that looks like an expression', () => {
    const body = '{ expression: count == 1, text: { ast: 1 } }';
    const post = `  - { id: two, action: http_request, config: { url: "http://h/", method: POST, body: ${body} }, assert: [status == 200] }\n`;
    expect(plan(flow(wait(`, since: "step:two"`) + post)).isCounted).toBe(false);
  });

  it('and what is only written about it does not', () => {
    const log = '{ action: log, config: { message: "{{heard.count}}" } }';
    expect(plan(flow(`${wait('')}  - ${log}\n`)).isCounted).toBe(false);
    const loop = `  - { action: for_each, config: { items: [1], steps: [${log}] } }\n`;
    expect(plan(flow(wait('') + loop)).isCounted).toBe(false);
  });

  describe('of a stub', () => {
    const asked = (config: string, more = ''): string =>
      `  - { id: st, action: mock_server_start, config: {} }\n  - id: v\n    action: mock_server_verify\n    config: { server: st, path: /a${config} }\n${more}`;
    it.each([
      ['by the step itself', asked(', within: 2s', write('count == 1'))],
      ['where nothing is waited for', asked('', write('count == 1'))],
      ['by the length of the list', asked(', within: 2s', write('len(requests) == 1'))],
      ['by a later step', asked(', within: 2s') + check('v.count == 1')],
      ['with a lower bound', asked(', within: 2s, count: {min: 1}', write('none(requests, .body.bad)'))],
    ])('%s', (_title, steps) => {
      const { findings } = plan(flow(steps));
      expect(findings).toEqual([expect.stringMatching(/^TM217 .*`v` ends as soon as there are enough/)]);
    });

    it.each([
      ['that says how many', asked(', within: 2s, count: 1', write('count == 1'))],
      ['that has an upper bound', asked(', within: 2s, count: {max: 2}', write('count == 1'))],
      ['of which there are enough', asked(', within: 2s', write('count >= 1'))],
      ['of which one is looked at', asked(', within: 2s', write('requests[0].body.a == 1'))],
    ])('but not of one %s', (_title, steps) => {
      expect(plan(flow(steps)).isCounted).toBe(false);
    });
  });
});
