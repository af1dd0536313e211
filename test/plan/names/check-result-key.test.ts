import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const HTTP = 'action: http_request, config: { url: "http://localhost/" }, assert: [status == 200]';
const SQL =
  'action: database_query, config: { connection: "postgres://localhost/x", query: "SELECT 1 AS n" }, assert: [first_row.n == 1]';

/** A flow in which a step with this id comes before one that asserts. */
const flowWith = (step: string, assertion: string): string =>
  `name: x\nsteps:\n  - { id: made, ${step} }\n  - { action: assert, config: { assertions: [${assertion}] } }\n`;

describe('the first part behind a step’s id is checked before the run', () => {
  it('a capture behind a wrong word is not said to be unused, too', () => {
    const flow = flowWith(`${HTTP}, output: { user_id: $.body.id }`, 'steps.made.outputs.user_id == 7');
    expect(planText(flow).diagnostics.map(({ code }) => code)).toEqual(['TM104']);
  });

  it.each([
    ['a key of the result', HTTP, 'made.status == 200 and made.body.whatever == nil and made.response.body.any == nil'],
    [
      'a key of an action whose settings make it',
      HTTP.replace('" }', '", save_to: a.bin }'),
      'made.saved_to == "a.bin"',
    ],
    ['a capture', `${HTTP}, output: { user_id: $.body.id }`, 'made.user_id == 7'],
    [
      'a capture, in other spellings',
      `${HTTP}, output: { user_id: $.body.id }`,
      `'made?.user_id == steps["made"].user_id'`,
    ],
    ['variables of `set`', 'action: set, config: { total: "1 + 1" }', 'made.total == 2'],
    [
      'variables of `assert`',
      'action: assert, config: { data: { total: 2 }, assertions: [total == 2] }',
      'made.total == 2',
    ],
    ['data that only the run knows', `action: assert, config: { data: "{{ {'a': 1} }}" }`, 'made.a == 1'],
    [
      'settings that only the run knows',
      'action: http_request, config: "{{ {} }}", assert: [status == 200]',
      'made.saved_to == nil',
    ],
    [
      'keys of the step of a poll, and its own',
      `action: poll, config: { step: { ${HTTP} }, until: status == 200 }`,
      'made.status == 200 and made.attempts == 1',
    ],
    [
      '`error` with expect_error',
      `${HTTP.replace(/, assert.*/, '')}, expect_error: true, assert: ['error.kind == "tls"']`,
      'made.error.detail == nil',
    ],
    ['a key that goes another way', HTTP, `'let r = made; r.status == 200 and get(r, "body").id == nil'`],
    ['a key below one that goes another way', HTTP, `'(made ?? {}).body.idd == nil and get(made.body, "idd") == nil'`],
    ['a capture that goes another way', `${HTTP}, output: { user_id: $.body.id }`, `'get(made, "user_id") == 7'`],
    ['a key that is computed for `get`', HTTP, `'get(made, "sta" + "tus") == 200 and ("sta" + "tus") in made'`],
    ['an item of a list', HTTP, `'let r = [made]; r[0].no_such_key == nil'`],
    ['a key of what the step is not', HTTP, `'let r = made.status; {"a": made, "no": r}.no == 200'`],
    ['a key that is computed', HTTP, `'made["sta" + "tus"] == 200'`],
    ['a whole result', HTTP, 'made != nil'],
  ])('%s is there', (_, step, assertion) => {
    expect(findingsOf(planText(flowWith(step, assertion)))).toEqual([]);
  });

  it.each([
    ['of another step', HTTP, 'made.no_such_key == nil', 'no_such_key'],
    ['behind `?.`', HTTP, 'made?.no_such_key == nil', 'no_such_key'],
    ['in brackets', HTTP, `'made["no-such-key"] == nil'`, 'no-such-key'],
    ['through `steps`', HTTP, `'steps["made"].no_such_key == nil'`, 'no_such_key'],
    ['through `steps`, with brackets', HTTP, `'steps["made"]["no_such_key"] == nil'`, 'no_such_key'],
    ['through `$env`', HTTP, '$env.made.no_such_key == nil', 'no_such_key'],
    ['in a predicate', HTTP, `'all([1], # != made.no_such_key)'`, 'no_such_key'],
    ['through `let`', HTTP, `'let r = made; r.no_such_key == nil'`, 'no_such_key'],
    ['through `let`, twice', HTTP, `'let r = made; let s = r; s.no_such_key == nil'`, 'no_such_key'],
    ['through `let` of `steps`', HTTP, `'let r = steps; r.made.no_such_key == nil'`, 'no_such_key'],
    ['through `let` of `$env`', HTTP, `'let r = $env; r.steps.made.no_such_key == nil'`, 'no_such_key'],
    ['after `??`', HTTP, `'(made ?? {}).no_such_key == nil'`, 'no_such_key'],
    ['after `??` of `$env`', HTTP, `'($env.made ?? {}).no_such_key == nil'`, 'no_such_key'],
    ['after a choice', HTTP, `'(true ? made : nil).no_such_key == nil'`, 'no_such_key'],
    ['after a choice, below', HTTP, `'(true ? nil : made)?.no_such_key.body == nil'`, 'no_such_key'],
    ['of a query', SQL, 'made.id == nil', 'id'],
    ['of `set`', 'action: set, config: { total: "1 + 1" }', 'made.totals_of_all == nil', 'totals_of_all'],
    [
      'of a loop',
      `action: for_each, config: { items: [1], steps: [{ id: inner, ${HTTP} }] }`,
      'made.inner == nil',
      'inner',
    ],
    [
      'where an error is expected',
      `${HTTP.replace(/, assert.*/, '')}, expect_error: true, assert: ['error.kind == "tls"']`,
      'made.status == nil',
      'status',
    ],
  ])('a key that is not there, %s', (_, step, assertion, key) => {
    const [finding, ...more] = planText(flowWith(step, assertion)).diagnostics;
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: 'error', code: 'TM104', message: `\`made\` has no \`${key}\`` });
    const { file, start, end } = finding?.span ?? {};
    expect(file?.text.slice(start, end)).toBe(key);
  });

  it.each([
    ['made.response.no_such_key == nil', 'no_such_key', 'it has `status`, `body`, `headers`, '],
    ['made.response?.code == nil', 'code', 'write `made.status`'],
    [`'steps["made"].response.json.id == nil'`, 'json', 'write `steps["made"].body.id`'],
  ])('a key of `response`, which has those of the result, that is not there: %s', (assertion, key, help) => {
    const [finding, ...more] = planText(flowWith(HTTP, assertion)).diagnostics;
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ code: 'TM104', message: `\`response\` has no \`${key}\`` });
    expect(finding?.help?.join()).toContain(help);
    expect(finding?.span?.file.text.slice(finding.span.start, finding.span.end)).toBe(key);
  });

  it.each([
    ['response.status_code == 200', 'status_code', 'write `status`'],
    ['response["status_code"] == 200', 'status_code', 'write `status`'],
    ['response?.stat == nil', 'stat', 'it has `status`, `body`, '],
    ['response.json().id == 5', 'json', 'write `body.id`'],
    ['response.ok', 'ok', 'write `status in 200..299`'],
    ['response.elapsed < 500', 'elapsed', 'write `duration_ms`, in milliseconds'],
  ])('a key of the step’s own `response` that is not there: %s', (assertion, key, help) => {
    for (const step of [
      `${HTTP.replace(/, assert.*/, '')}, assert: ['${assertion}']`,
      `action: poll, config: { step: { ${HTTP.replace(/, assert.*/, '')} }, until: '${assertion}' }`,
    ]) {
      const [finding, ...more] = planText(flowWith(step, 'true == true')).diagnostics.filter(
        ({ code }) => code === 'TM104',
      );
      expect(more).toEqual([]);
      expect(finding).toMatchObject({ message: `\`response\` has no \`${key}\`` });
      expect(finding?.help?.join()).toContain(help);
    }
  });

  it.each([
    ['made.json.id == 1', 'write `made.body.id`'],
    [`'made.data.items[0].id == 1'`, 'write `made.body.items[0].id`'],
    ['made.text == "x"', 'write `made.body`'],
    ['made.status_code == 200', 'did you mean `made.status`?'],
    ['made.elapsed < 500', 'write `made.duration_ms`, in milliseconds'],
    ['made.outputs.id == 1', 'a field of what came back is `made.body.id`'],
    ['made.result == 1', 'a field of what came back is `made.body`'],
    ['steps.made.outputs.json == 1', 'write `steps["made"].body`'],
    ['made.total == 1', 'a field of what came back is `made.body.total`'],
  ])('a key by which other tools call what is there: %s', (assertion, help) => {
    const [finding, ...more] = planText(flowWith(HTTP, assertion)).diagnostics;
    expect(more).toEqual([]);
    expect(finding?.help?.[0]).toBe(help);
  });

  it.each([
    ['made.json.id == 1', 'write `body.id`'],
    ['made.response.status_code == 200', 'write `status`'],
    ['made.body.id == 1', 'write `body.id`'],
    ['made == nil', 'write `status`'],
  ])('of the step itself, before it has passed: %s', (assertion, written) => {
    const step = HTTP.replace('[status == 200]', `['${assertion}']`);
    const [finding, ...more] = planText(flowWith(step, 'true == true')).diagnostics.filter(
      ({ severity }) => severity === 'error',
    );
    expect(more).toEqual([]);
    expect(finding?.help).toEqual([`a step sees its own result by its keys: ${written}`]);
  });

  it('the keys of `response` that are there, and what stands below', () => {
    const step = `${HTTP.replace(/, assert.*/, '')}, assert: ['response.status == 200', 'response.body.x == 1', 'response.headers["x"] == "1"', 'type(response) == "map"']`;
    expect(findingsOf(planText(flowWith(step, 'made.response.body.x == 1')))).toEqual([]);
  });

  it.each([
    `get(made, "no_such_key") == nil`,
    `made | get("no_such_key") == nil`,
    `get(steps.made, "no_such_key") == nil`,
    `get($env, "made") | get("no_such_key") == nil`,
    `"no_such_key" not in made`,
    `"no_such_key" in (made ?? {})`,
    `let r = made; "no_such_key" in r`,
    `let r = get(made, "no_such_key"); r.a == r.b`,
  ])('a key that is not there, as a text: %s', (assertion) => {
    const [finding, ...more] = planText(flowWith(HTTP, `'${assertion}'`)).diagnostics;
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ code: 'TM104', message: '`made` has no `no_such_key`' });
    const { file, start, end } = finding?.span ?? {};
    expect(file?.text.slice(start, end)).toBe('"no_such_key"');
  });

  it('is checked in settings, conditions, captures, filters of paths and the output of the flow', () => {
    const plan = planText(`
name: x
steps:
  - { id: made, ${HTTP} }
  - { id: user, when: made.key_a == 1, action: log, config: { message: "{{made.key_b}}" } }
  - { id: last, action: http_request, config: { url: "http://localhost/" }, output: { a: "$.body[?@.id == made.key_c]", b: made.key_d } }
output: { c: made.key_e, d: a, e: b }
`);
    expect(findingsOf(plan)).toEqual(
      [
        '5:28 `made` has no `key_a`',
        '5:80 `made` has no `key_b`',
        '6:112 `made` has no `key_c`',
        '6:129 `made` has no `key_d`',
        '7:19 `made` has no `key_e`',
      ].map((text) => `TM104 ${text}`),
    );
  });

  it.each([
    ['the nearest key', HTTP, 'made.statuss == nil', ['did you mean `made.status`?']],
    [
      'the nearest capture, which is then used',
      `${HTTP}, output: { user_id: $.body.id }`,
      'made.userid == nil',
      ['did you mean `made.user_id`?'],
    ],
    [
      'where fields of the answer are',
      HTTP,
      'made.total == nil',
      [
        'a field of what came back is `made.body.total`',
        'it has `status`, `body`, `headers`, `duration_ms`, `timings`, `size`, `content_type`, `url` and `response`',
      ],
    ],
    [
      'where fields of a row are',
      SQL,
      'made.total == 1',
      [
        'a field of what came back is `made.first_row.total`',
        'it has `rows`, `row_count`, `first_row`, `rows_affected`, `columns` and `duration_ms`',
      ],
    ],
    ['what to leave out', HTTP, 'made.output.body.id == 1', ['write `made.body`, without `output`']],
    [
      'what a step inside captures',
      `action: for_each, config: { items: [1], steps: [{ ${HTTP}, output: { user_id: $.body.id } }] }`,
      'made.user_id == user_id',
      ['`user_id` is a variable by itself: write `user_id`'],
    ],
  ])('suggests %s', (_, step, assertion, help) => {
    expect(planText(flowWith(step, assertion)).diagnostics).toMatchObject([{ code: 'TM104', help }]);
  });

  it('is checked in conditions over the results of several steps', () => {
    const plan = planText(`
name: x
steps:
  - id: both
    action: wait_until
    config: { steps: [ { id: one, ${HTTP} }, { id: two, ${HTTP} } ], condition: one.key_a == two.body.any }
    assert: [one.status == 200, two.key_b == nil, 'get(one, "key_c") == nil']
`);
    expect(findingsOf(plan)).toEqual([
      'TM104 6:237 `one` has no `key_a`',
      'TM104 7:37 `two` has no `key_b`',
      'TM104 7:61 `one` has no `key_c`',
    ]);
  });

  it('reports what a called flow gives', () => {
    const called = (rest: string) => `name: login\nsteps:\n  - { ${HTTP}, output: { token: $.body.token } }\n${rest}`;
    const flow = (key: string) => flowWith('action: run_flow, config: { flow: login.yaml }', `made.${key} == 1`);
    const find = (key: string, rest = '') => planText(flow(key), { files: { 'login.yaml': called(rest) } }).diagnostics;
    expect(find('token')).toEqual([]);
    expect(find('tokken')).toMatchObject([{ message: '`made` has no `tokken`', help: ['did you mean `made.token`?'] }]);
    expect(find('token', 'output: { session: token }')).toMatchObject([
      { message: '`made` has no `token`', help: ['it has `session`'] },
    ]);
  });

  it('leaves a variable of the id’s name alone, and finds the step behind it', () => {
    const plan = planText(`
name: x
steps:
  - { id: token, ${HTTP} }
  - { id: two, ${HTTP}, output: { token: $.body.token } }
  - { action: log, config: { message: "{{token.anything}} {{steps['token'].status}} {{steps['token'].anything}}" } }
`);
    expect(findingsOf(plan)).toEqual(['TM104 6:102 `token` has no `anything`']);
  });

  it('warns of a capture that its step may be skipped without, as by its name', () => {
    const plan = planText(`
name: x
steps:
  - { id: made, when: "1 == 1", ${HTTP}, output: { user_id: $.body.id } }
  - { id: two, action: log, config: { message: "{{made.user_id}}" } }
  - { id: three, when: "1 == 1", action: log, config: { message: "{{made.user_id}}" } }
`);
    expect(findingsOf(plan)).toEqual(['TM205 5:51 `made.user_id` is captured by `made`, which its `when` may skip']);
  });
});
