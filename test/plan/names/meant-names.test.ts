import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

const LOGIN = `name: login
steps:
  - id: log_in
    action: http_request
    config: { url: "http://localhost/login" }
    assert: [status == 200]
    output: { token: $.body.token }
`;
const request = 'action: http_request, config: { url: "http://localhost/" }';
const files = { 'login.yaml': LOGIN };
const head = (env: string, steps: string): string => `name: x\nenv: { ${env} }\nsteps:\n${steps}\n`;

/** The unknown names of a flow and what is said of each. */
function meant(steps: string, env = 'A: "1"'): readonly string[] {
  const { diagnostics } = planText(head(env, steps), { files });
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message, help }) => `${message}: ${help?.join('; ')}`);
}

const auth = (id: string): string => `  - { id: ${id}, action: run_flow, config: { flow: login.yaml } }`;
const log = (text: string): string => `  - { action: log, config: { message: "${text}" } }`;
const look = (assertion: string): string => `  - { id: look, ${request}, assert: ['${assertion}'] }`;

describe('what a flow that is called gives', () => {
  it.each([
    [auth('auth'), log('{{token}}'), '`token`: the flow that `auth` calls gives it: write `auth.token`'],
    [auth('auth'), look('body.t == token'), '`token`: the flow that `auth` calls gives it: write `auth.token`'],
    [auth('log-in'), log('{{token}}'), "`token`: the flow that `log-in` calls gives it: write `steps['log-in'].token`"],
    [auth('auth'), log('{{tokn}}'), '`tokn`: did you mean `auth.token`?'],
  ])('is reached through the step: %s %s', (call, use, said) => {
    expect(meant(`${call}\n${use}`)).toEqual([`unknown name ${said}`]);
  });

  it('is named where it is used too early, too', () => {
    expect(meant(`${log('{{token}}')}\n${auth('auth')}`)).toEqual([
      'unknown name `token`: the flow that `auth` calls gives it: write `auth.token`',
    ]);
  });

  it('is no value where it is declared, and none when a name of the flow is nearer', () => {
    expect(meant(`${auth('auth')}\n${log('{{token}}')}`, 'token: "1"')).toEqual([]);
    expect(meant(`${auth('auth')}\n${log('{{tokn}}')}`, 'tokns: "1"')).toEqual([
      'unknown name `tokn`: did you mean `tokns`?',
    ]);
  });
});

describe('what a flow gives that is called inside a control', () => {
  const inside = (action: string, lists: string): string =>
    `  - { id: outer, action: ${action}, config: { ${lists} } }`;
  const call = '{ id: auth, action: run_flow, config: { flow: login.yaml } }';
  const capture = 'capture it there, `output: {auth_token: $.token}` of `auth`, and write `auth_token` here';
  it.each([
    inside('parallel', `branches: [{ steps: [${call}] }, { steps: [{ action: log, config: { message: x } }] }]`),
    inside('for_each', `items: [1], steps: [${call}]`),
    inside('if', `condition: "1 == 1", then: [${call}]`),
    `  - { id: far, action: parallel, config: { steps: [${inside('for_each', `items: [1], steps: [${call}]`).slice(4)}] } }`,
  ])('is captured there: %s', (control) => {
    expect(meant(`${control}\n${log('{{token}}')}`)).toEqual([
      `unknown name \`token\`: the flow that \`auth\` calls inside \`outer\` gives it: ${capture}`,
    ]);
    expect(meant(`${control}\n${log('{{auth.token}}')}`)).toEqual([
      `\`auth\` is known only inside \`outer\`: ${capture}`,
    ]);
    const captured = control.replace('flow: login.yaml }', 'flow: login.yaml }, output: { auth_token: $.token }');
    expect(meant(`${captured}\n${log('{{auth_token}}')}`)).toEqual([]);
  });

  it('is that of any other step, too', () => {
    const plain = inside('for_each', `items: [1], steps: [{ id: look, ${request}, assert: [status == 200] }]`);
    expect(meant(`${plain}\n${log('{{look.body.items[0].id}}')}`)).toEqual([
      '`look` is known only inside `outer`: capture it there, `output: {look_id: $.body.items[0].id}` of `look`, and write `look_id` here',
    ]);
    expect(meant(`${plain}\n${log('{{look}}')}`)).toEqual([
      '`look` is known only inside `outer`: capture there what is needed here: `output: { name: $.body.id }`',
    ]);
  });
});

describe('a name of another tool', () => {
  it.each([
    ['now', '`now`: write `now()`'],
    ['randomInt', '`randomInt`: write `random_int(1, 1000)`'],
    ['uuidv4', '`uuidv4`: write `UUID`, or `uuid()` for a new one at each place'],
    ['current.res.body.items[0].id', '`current`: what the step gave needs no prefix: write `body.items[0].id`'],
    ['current.res.rawBody', '`current`: what the step gave needs no prefix: write `body`'],
    [
      'on_failure',
      '`on_failure`: no condition asks how earlier steps ended: what is to run in any case stands under `teardown:`, and `on_error: continue` goes on after a failed step',
    ],
    ['process.env.KEY', '`process`: declare it, `env: {KEY: "${KEY}"}`, and write `KEY`; or write `env("KEY")`'],
  ])('is answered by what stands here: %s', (name, said) => {
    expect(meant(log(`{{${name}}}`))).toEqual([`unknown name ${said}`]);
  });

  it.each(['env.HOST_URL', 'process.env.HOST_URL', 'vars.HOST_URL'])('a variable that is there: %s', (name) => {
    expect(meant(log(`{{${name}}}`), 'HOST_URL: x')).toEqual([
      `unknown name \`${name.split('.')[0]}\`: variables need no prefix: write \`HOST_URL\``,
    ]);
  });
});

describe('a key of the result of an earlier step', () => {
  it('is reached through the step, the last one that has it', () => {
    const first = `  - { id: first_look, ${request}, assert: [status == 200] }`;
    const second = `  - { id: second_look, ${request}, assert: [status == 200] }`;
    expect(meant(`${first}\n${second}\n${log('{{body.id}}')}`)).toEqual([
      'unknown name `body`: it is a key of the result of `second_look`: write `second_look.body`',
    ]);
  });
});

describe('the body by another name', () => {
  it('is `body`', () => {
    expect(meant(look('json.user.id == 1'))).toEqual([
      'unknown name `json`: the answer is in `body`: write `body.user.id`',
    ]);
    const query = `  - { id: q, action: redis.get, config: { url: "redis://h", key: k }, assert: [json.a == 1] }`;
    expect(meant(query)).toEqual([]);
  });

  it('is no key of a step that only writes a line', () => {
    expect(meant(`${log('hi')}\n${log('{{data}}')}`)).toEqual([
      'unknown name `data`: declare it under `env:`, capture it with `output:`, or pass it with `--var data=…`',
    ]);
  });
});

describe('a JSONPath outside of `output`', () => {
  const why = '`$` begins a JSONPath, which `output:` takes';

  it.each([
    ['$.body.x == 1', 'body.x'],
    ['$.status == 200', 'status'],
    ['$.id == 1', 'body.id'],
    ['len($.body.items) == 2', 'body.items'],
    ['$.body.items[0].id == 2', 'body.items[0].id'],
    ['$["body"].id == 2', 'body.id'],
  ])('is written by the keys of the result: %s', (assertion, written) => {
    expect(meant(look(assertion))).toEqual([`unknown name \`$\`: write \`${written}\`: ${why}`]);
  });

  it.each(['$..id == 1', '$ == 1', 'len($.body..id) == 1'])('is told apart where it has no such twin: %s', (text) => {
    const said = meant(look(text)).filter((one) => one.startsWith('unknown name'));
    expect(said).toEqual([
      `unknown name \`$\`: ${why}; an assertion names keys of the result, as in \`body.id\` or \`any(body.items, .id == 1)\``,
    ]);
  });

  it('is nothing in a placeholder, where a step is named', () => {
    expect(meant(log('{{$.body.id}}'))).toEqual([
      `unknown name \`$\`: ${why}; here a name is needed: \`create_user.body.id\` with the id of a step`,
    ]);
  });
});

describe('names of other tools', () => {
  it.each([
    ['{{FAKER.email}}', 'FAKER', 'made-up data is a function: `FAKER.email` is written `faker("internet.email")`'],
    [
      '{{faker.person.jobTitle}}',
      'faker',
      'made-up data is a function: `faker.person.jobTitle` is written `faker("person.jobTitle")`',
    ],
    ['{{EXECUTION_ID}}', 'EXECUTION_ID', 'write `RUN_ID`'],
    ['{{vars.id}}', 'vars', 'variables need no prefix: write `id`'],
    ['{{env.API}}', 'env', 'declare it, `env: {API: "${API}"}`, and write `API`; or write `env("API")`'],
    ['{{$guid}}', '$guid', 'write `UUID`, or `uuid()` for a new one at each place'],
    ['{{newUuid}}', 'newUuid', 'write `UUID`, or `uuid()` for a new one at each place'],
    ['{{newDate}}', 'newDate', 'write `ISO_TIMESTAMP`, or `now()` for another layout'],
    ['{{$isoTimestamp}}', '$isoTimestamp', 'write `ISO_TIMESTAMP`, or `now()` for another layout'],
    ['{{$randomFirstName}}', '$randomFirstName', 'write `faker("person.firstName")`'],
    ['{{$randomAlphaNumeric}}', '$randomAlphaNumeric', 'write `random_string(8)`'],
    ['{{$randomBoolean}}', '$randomBoolean', 'write `random_int(0, 1) == 1`'],
    [
      '{{$randomLoremWords}}',
      '$randomLoremWords',
      'made-up data is a function: `faker("internet.email")`, `random_string(8)`',
    ],
    ['{{randomString}}', 'randomString', 'write `random_string(8)`'],
    ['{{unixTime}}', 'unixTime', 'write `TIMESTAMP`, which counts seconds, or `now().UnixMilli()`'],
    ['{{__ENV.X}}', '__ENV', 'declare it, `env: {X: "${X}"}`, and write `X`; or write `env("X")`'],
    ['{{tavern.env_vars.X}}', 'tavern', 'declare it, `env: {X: "${X}"}`, and write `X`; or write `env("X")`'],
    ['{{__VU}}', '__VU', 'a flow runs once: a count is the `index` of the steps inside of a `for_each`'],
    ['{{myDate}}', 'myDate', 'declare it under `env:`, capture it with `output:`, or pass it with `--var myDate=…`'],
  ])('%s', (text, name, help) => {
    expect(meant(log(text))).toEqual([`unknown name \`${name}\`: ${help}`]);
    expect(meant(log('{{B}}'), `B: '${text}'`)).toEqual([`unknown name \`${name}\`: ${help}`]);
  });

  it('a row is one of the data, but beside the rows of an answer', () => {
    expect(meant(log('{{row.user}}'))).toEqual([
      'unknown name `row`: a column of `data:` is a name by itself: write `user`',
    ]);
    const query = 'action: database_query, config: { connection: "postgres://h/x", query: "select 1 as id" }';
    expect(meant(`  - { ${query}, assert: ["row.id == 1"] }`)).toEqual(['unknown name `row`: did you mean `rows`?']);
  });

  it.each([
    ['pm.response.code == 200', 'pm', 'a result is read by its keys: `pm.response.code` is written `status`'],
    ['pm.response.json().id == 5', 'pm', 'a result is read by its keys: `pm.response.json().id` is written `body.id`'],
    ['pm.environment.get("x") == 1', 'pm', 'variables need no prefix: `pm.environment.get("x")` is written `x`'],
    ['pm.expect(status).to.equal(200)', 'pm', 'an assertion is one expression, as in `status == 200`'],
    [
      'pm.environment.set("x", 1)',
      'pm',
      'a variable is set by what a step gives: `output: {token: $.body.token}`, or by the action `set`',
    ],
    ['bru.getVar("x y") == 1', 'bru', 'variables need no prefix: `bru.getVar("x y")` is written `$env["x y"]`'],
    ['karate.get("x") == 1', 'karate', 'variables need no prefix: `karate.get("x")` is written `x`'],
    [
      'cy.visit() == 1',
      'cy',
      '`cy` is of another tool: an assertion here reads keys of the result, such as `status` and `body.id`',
    ],
    ['assert.equal(status, 200)', 'assert', 'write `status == 200`'],
    ['res.status == 200', 'res', 'a step sees its own result by its keys: write `status`'],
    ['res.data.items[0].id == 1', 'res', 'a step sees its own result by its keys: write `body.items[0].id`'],
    ['$response.header.X == "1"', '$response', 'a step sees its own result by its keys: write `headers.X`'],
    ['$statusCode == 200', '$statusCode', 'write `status`'],
    ['statusCode == 200', 'statusCode', 'write `status`'],
    ['response_code == 200', 'response_code', 'write `status`'],
    ['responseTime < 100', 'responseTime', 'write `duration_ms`, in milliseconds'],
    ['header.content-type == "x"', 'header', 'write `headers["content-type"]`'],
    ['responseHeaders.X-Request-Id == "x"', 'responseHeaders', 'write `headers["X-Request-Id"]`'],
    ['header.x-a - 5 == 1', 'header', 'write `headers["x-a"]`'],
    ['responseHeaders["x-id"] == "1"', 'responseHeaders', 'write `headers["x-id"]`'],
    ['json.id == 1', 'json', 'the answer is in `body`: write `body.id`'],
    ['JSON.parse(body).id == 1', 'JSON', 'write `fromJSON(body)`'],
    ['json.loads(body).id == 1', 'json', 'write `fromJSON(body)`'],
    ['time.time() > 1', 'time', 'write `now().Unix()`'],
    ['re.match("a", body.x)', 're', 'write `body.x matches "a"`'],
    [
      'req.body.x == 1',
      'req',
      'what is sent is no part of the result: name it under `env:`, and use the name in both places',
    ],
    ['random.uuid != nil', 'random', '`random.uuid` is written `uuid()`'],
    ['random.int != nil', 'random', '`random.int` is written `random_int(1, 1000)`'],
    [
      'random.email != nil',
      'random',
      'made-up data is a function: `random.email` is written `faker("internet.email")`',
    ],
  ])('%s', (assertion, name, help) => {
    expect(meant(look(assertion))).toEqual([`unknown name \`${name}\`: ${help}`]);
  });

  it.each([
    ['prev.body.id', 'prev', 'look.body.id'],
    ['previous.status_code', 'previous', 'look.status'],
    ['response.json().id', 'response', 'look.body.id'],
    ['last', 'last', 'look.body'],
  ])('is an earlier step by its id: %s', (text, name, written) => {
    const use = `${look('status == 200')}\n${log(`{{${text}}}`)}`;
    expect(meant(use)).toEqual([
      `unknown name \`${name}\`: the result of a step is named after its id: write \`${written}\``,
    ]);
  });

  it('`result` is the keys of a step’s own result, or the id of another', () => {
    expect(meant(look('result.body.id == 1'))).toEqual([
      'unknown name `result`: a step sees its own result by its keys: write `body.id`',
    ]);
    expect(meant(`${look('status == 200')}\n${log('{{result.body.id}}')}`)).toEqual([
      'unknown name `result`: the result of a step is named after its id: write `look.body.id`',
    ]);
  });

  it('`result[0]` is the first row or message', () => {
    const query = `  - id: q\n    action: database_query\n    config: { connection: "postgres://localhost/x", query: "SELECT 1 AS a" }\n    assert: ["result[0].a == 1"]`;
    expect(meant(query)).toEqual(['unknown name `result`: a step sees its own result by its keys: write `rows[0].a`']);
  });

  it('are reported once in a file, with the other lines', () => {
    const steps = [
      log('{{EXECUTION_ID}} {{FAKER.email}}'),
      log('{{EXECUTION_ID}}'),
      log('{{FAKER.city}} {{FAKER.email}}'),
    ];
    expect(meant(steps.join('\n'))).toEqual([
      'unknown name `EXECUTION_ID`: write `RUN_ID`; it is also at line 5',
      'unknown name `FAKER`: made-up data is a function: `FAKER.email` is written `faker("internet.email")`; made-up data is a function: `FAKER.city` is written `faker("location.city")`; it is also at line 6',
    ]);
  });
});

describe('the item of a predicate, as other languages call it', () => {
  it.each([
    ['any(body.items, item.id == 1)', 'item', 'a field of the item is written `.id`'],
    ['all(body.items, it["id"] == 1)', 'it', 'a field of the item is written `.id`'],
    ['any(body.items, x == 1)', 'x', 'the item itself is written `#`'],
    ['any(body.items, price == 1)', 'price', 'a field of the item is written `.price`'],
  ])('%s', (assertion, name, help) => {
    expect(meant(look(assertion))).toEqual([`unknown name \`${name}\`: ${help}`]);
  });
});

describe('a key of the own result in `when`', () => {
  const when = (condition: string, id = 'b') =>
    `  - { id: ${id}, ${request}, when: '${condition}', assert: [status == 200] }`;
  const before = '`when` is asked before the step runs, and there is no result yet';
  const use = 'write the condition under `assert`, which is asked of the result';
  it('is asked too early', () => {
    expect(meant(when('status == 200'))).toEqual([`unknown name \`status\`: ${before}: ${use}`]);
    expect(meant(when('body.id == 7'))).toEqual([`unknown name \`body\`: ${before}: ${use}`]);
  });

  it('may be that of an earlier step', () => {
    const said = meant(`${look('status == 200')}\n${when('status == 200')}`);
    expect(said).toEqual([
      `unknown name \`status\`: ${before}: ${use}; it is a key of the result of \`look\`: write \`look.status\``,
    ]);
  });

  it('is none where the flow has the name, or where it stands elsewhere', () => {
    expect(meant(when('status == 200'), 'status: 200')).toEqual([]);
    expect(meant(when('colour == 200'))).toEqual([expect.stringContaining('declare it under `env:`')]);
    expect(meant(log('{{status}}'))).toEqual([expect.stringContaining('declare it under `env:`')]);
  });
});

describe('what a condition asks of its own step, which is not over', () => {
  const poll = (until: string): string =>
    `  - { action: poll, config: { timeout: 1s, interval: 50ms, until: '${until}', step: { ${request} } } }`;
  const over = 'that is known when the step is over';
  it.each([
    [
      'attempts > 3',
      'attempts',
      `${over}: write \`max_attempts:\` beside \`until\` to bound it, or ask for it under \`assert\``,
    ],
    [
      'tries > 3',
      'tries',
      `${over}: write \`max_attempts:\` beside \`until\` to bound it, or ask for it under \`assert\``,
    ],
    ['waited_ms > 3', 'waited_ms', `${over}: ask for it under \`assert\``],
  ])('%s', (until, name, said) => {
    const one = `unknown name \`${name}\`: ${said}`;
    expect(meant(poll(until))).toEqual([one]);
    expect(meant(`${poll('status == 200').replace('{ action', '{ id: first, action')}\n${poll(until)}`)).toEqual([one]);
  });

  it('says the same of a wait for messages', () => {
    const wait = `  - { action: kafka_consumer, config: { brokers: "h:1", topic: t, match: { where: 'count > 1' } } }`;
    expect(meant(wait)).toEqual([
      `unknown name \`count\`: ${over}: write \`count:\` beside \`match\` to bound it, or ask for it under \`assert\``,
    ]);
  });
});

describe('what steps of a loop are given, as other tools call it', () => {
  const loop = (use: string, settings = ''): string =>
    `  - { id: all, action: for_each, config: { items: [{ sku: a }], ${settings}steps: [{ action: log, config: { message: "${use}" } }] } }`;
  const given = '`all` gives its steps `item` and, from 0, `index`: write ';
  it.each([
    ['{{loop.index}}', 'loop', '`index`'],
    ['{{loop_index}}', 'loop_index', '`index`'],
    ['{{i}}', 'i', '`index`'],
    ['{{idx}}', 'idx', '`index`'],
    ['{{it.sku}}', 'it', '`item.sku`'],
    ['{{loop.item.sku}}', 'loop', '`item.sku`'],
    ['{{each.value}}', 'each', '`item`'],
    ['{{forEach.index}}', 'forEach', '`index`'],
  ])('%s', (use, name, word) => {
    expect(meant(loop(use))).toEqual([`unknown name \`${name}\`: ${given}${word}`]);
  });

  it('has the names that the loop chose', () => {
    expect(meant(loop('{{it.sku}}', 'item_name: order, index_name: n, '))).toEqual([
      'unknown name `it`: `all` gives its steps `order` and, from 0, `n`: write `order.sku`',
    ]);
  });

  it('is nothing outside of loops', () => {
    expect(meant(log('{{i}}')).join()).toContain('--var i=');
  });
});

it('does not call a capture unused that was read with a prefix', () => {
  const make = `  - { id: make, ${request}, assert: [status == 200], output: { uid: $.body.id } }`;
  const { diagnostics } = planText(head('A: "1"', `${make}\n${log('{{vars.uid}} {{A}}')}`), { files });
  expect(diagnostics.map(({ code }) => code)).toEqual(['TM104']);
});
