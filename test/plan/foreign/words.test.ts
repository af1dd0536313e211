import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

function findHelp(text: string) {
  return planText(text).diagnostics.map(({ code, message, help }) => `${code} ${message}: ${help?.join('; ')}`);
}

describe('words of other tools', () => {
  const request = 'action: http_request, config: { url: "http://localhost/" }';

  it.each(['until', 'while', 'retry_on'])('are explained in a policy of tries: %s', (word) => {
    const retry = `retry: { max_attempts: 3, ${word}: "status == 200" }`;
    expect(findHelp(`name: x\nsteps:\n  - { ${request}, assert: [status == 200], ${retry} }\n`)).toEqual([
      expect.stringContaining('to repeat it until something holds write `action: poll`'),
    ]);
  });

  it('that are left out before an item are told with its first line', () => {
    expect(findHelp('name: x\nsteps:\n  id: a\n  action: log\n')).toEqual([
      expect.stringContaining(': begin each item with `- `: `- id: a`'),
    ]);
    expect(findHelp('name: x\nsteps:\n  a:\n    action: log\n')).toEqual([
      expect.stringMatching(/: begin each item with `- `$/),
    ]);
  });

  it.each([
    ['expect', 'assert'],
    ['check', 'assert'],
    ['validate', 'assert'],
    ['extract', 'output'],
    ['capture', 'output'],
    ['register', 'output'],
    ['if', 'when'],
    ['with', 'config'],
  ])('as the key `%s` of a step mean `%s`, and nothing follows from it', (word, meant) => {
    expect(findHelp(`name: x\nsteps:\n  - { ${request}, assert: [status == 200], ${word}: [x] }\n`)).toEqual([
      `TM101 unknown key \`${word}\` in a step: did you mean \`${meant}\`?`,
    ]);
  });

  it.each([
    ['continue_on_error: true', 'write `on_error: continue`'],
    ['loop: [1]', 'write `action: for_each`, with `items:` and the step below `steps:` in its `config:`'],
    ['for_each: [1]', 'write `action: for_each`, with `items:` and the step below `steps:` in its `config:`'],
    ['depends_on: a', 'steps run in the order in which they are written: leave it out'],
    ['if: "1 == 1"', 'did you mean `when`?'],
    ['retries: 3', 'write `retry: {max_attempts: 3}`'],
    ['delay: 5s', 'a pause is a step of its own: `action: delay`, `config: {duration: 1s}`'],
    ['finally: []', 'write `cleanup:`, whose steps run in the end; or `teardown:` of the flow'],
    ['tags: [a]', 'tags are of a flow: `tags: [smoke]` beside its `name:`'],
    ['skip_if: "1 == 1"', 'write `when: not (CONDITION)`'],
    ['disabled: true', 'write `skip: "why"`'],
    ['until: "status == 200"', 'write `action: poll`, with `step:` and `until:` in its `config:`'],
    ['vars: { a: 1 }', 'variables are declared below `env:` of the flow; a step with `action: set` makes more'],
    ['request: { method: GET }', 'did you mean `config`?'],
    ['response: { status_code: 200 }', 'an answer is tested with `assert`, as in `assert: [status == 200]`'],
  ])('are explained as a key of a step: %s', (key, help) => {
    const [word] = key.split(':');
    expect(findHelp(`name: x\nsteps:\n  - { ${request}, assert: [status == 200], ${key} }\n`)).toEqual([
      `TM101 unknown key \`${word}\` in a step: ${help}`,
    ]);
  });

  it.each(['assert: [status == 200]', 'output: { a: $.body.a }', 'when: "1 == 1"', 'retry: { max_attempts: 2 }'])(
    'of a step belong beside `config`, and nothing follows from it: %s',
    (key) => {
      const [word] = key.split(':');
      const step = `{ action: http_request, config: { url: "http://localhost/", ${key} } }`;
      const found = findHelp(`name: x\nsteps:\n  - ${step}\n`).filter((line) => !line.startsWith('TM204'));
      expect(found).toEqual([
        `TM101 unknown key \`${word}\` in \`config\` of \`http_request\`: \`${word}\` is a key of the step: write it beside \`config\`, in the same column`,
      ]);
    },
  );

  it('of a step are none where the action has a setting of nearly that name', () => {
    const step = '{ action: assert, config: { assert: ["1 == 1"] } }';
    expect(findHelp(`name: x\nsteps:\n  - ${step}\n`)).toEqual([
      'TM101 unknown key `assert` in `config` of `assert`: did you mean `assertions`?',
    ]);
  });

  it.each([
    [
      '{ url: "http://localhost/" }',
      'url',
      'it is a setting of `http_request`, `redis.get`, `redis.set` and 3 more: name the action, and write `url` below `config:`',
    ],
    [
      '{ topic: orders }',
      'topic',
      'it is a setting of `kafka_consumer`, `kafka_producer` and `kafka_group`: name the action, and write `topic` below `config:`',
    ],
    ['{ if: "1 == 1" }', 'if', 'did you mean `when`?'],
    ['{ if: { condition: "1 == 1" } }', 'if', 'write `action: if`, and its settings below `config:`'],
    [
      '{ http: { url: "http://localhost/", check: { status: 200 } } }',
      'http',
      'write `action: http_request`, and its settings below `config:`',
    ],
    [
      '{ request: { url: "http://localhost/" } }',
      'request',
      'write `action: http_request`, and its settings below `config:`',
    ],
    ['{ loop: [1] }', 'loop', 'write `action: for_each`, with `items:` and the step below `steps:` in its `config:`'],
    ['{ log: hello }', 'log', 'write `action: log`, and its settings below `config:`'],
  ])('are explained without an action: %s', (step, word, help) => {
    expect(findHelp(`name: x\nsteps:\n  - ${step}\n`)[0]).toBe(`TM101 unknown key \`${word}\` in a step: ${help}`);
  });

  it('leave nothing to report but themselves: a step with `request` and `response` lacks no action and no assertion', () => {
    const step = '{ request: { url: "http://localhost/" }, response: { status_code: 200 } }';
    expect(findHelp(`name: x\nsteps:\n  - ${step}\n`)).toEqual([
      'TM101 unknown key `request` in a step: write `action: http_request`, and its settings below `config:`',
      'TM101 unknown key `response` in a step: an answer is tested with `assert`, as in `assert: [status == 200]`',
    ]);
  });

  it('are no guess where they are a setting', () => {
    expect(
      findHelp(
        'name: x\nsteps:\n  - { action: parallel, config: { steps: [{ action: log, config: { message: m } }] }, branches: [] }\n',
      )[0],
    ).toBe('TM101 unknown key `branches` in a step: it is a setting of `parallel`: write it below `config:`');
  });

  it.each([
    ['vars', 'did you mean `env`?'],
    ['variables', 'did you mean `env`?'],
    ['before', 'did you mean `setup`?'],
    ['after', 'did you mean `teardown`?'],
    ['input', 'what a caller gives becomes variables: use them by name, or declare them under `env:`'],
    ['inputs', 'what a caller gives becomes variables: use them by name, or declare them under `env:`'],
  ])('as the key `%s` of a flow', (word, help) => {
    expect(findHelp(`name: x\n${word}: {}\nsteps: [{ action: log, config: { message: m } }]\n`)).toEqual([
      `TM101 unknown key \`${word}\` in a flow: ${help}`,
    ]);
  });

  it.each([
    ['wait', 'delay'],
    ['sleep', 'delay'],
    ['sql', 'database_query'],
    ['print', 'log'],
    ['call', 'run_flow'],
    ['mysql_query', 'database_query'],
    ['switch', 'if'],
    ['publish', 'kafka_producer'],
    ['consume', 'kafka_consumer'],
  ])('as the action `%s` mean `%s`', (word, meant) => {
    expect(findHelp(`name: x\nsteps: [{ action: ${word}, config: {} }]\n`)).toEqual([
      `TM105 unknown action \`${word}\`: did you mean \`${meant}\`?`,
    ]);
  });

  it.each([
    ['http.get', 'write `action: http_request`, and `method: GET` below `config:`'],
    ['http_get', 'write `action: http_request`, and `method: GET` below `config:`'],
    ['DELETE', 'write `action: http_request`, and `method: DELETE` below `config:`'],
    ['transform', '`set` gives variables from expressions, `output:` takes them from a result'],
    ['graphql_query', 'write `http_request` with `method: POST` and `body: {query: …, variables: …}`'],
    ['kafka', '`kafka_producer` sends messages, `kafka_consumer` waits for them'],
    ['mock_server_stop', 'a stub ends with its flow: leave the step out'],
    ['mock_verify', 'did you mean `mock_server_verify`?'],
    ['configure_stub', 'did you mean `mock_server_configure`?'],
    ['restart_service', 'did you mean `service_restart`?'],
    ['mock_server', 'a stub is started by `mock_server_start`'],
    ...['while', 'do_while', 'loop', 'paginate'].map((word): [string, string] => [
      word,
      '`repeat` does steps until a condition holds, with values that go on from round to round; `for_each` does them for each item of a list',
    ]),
    ['redis.expire', '`redis.command` sends any command: `command: [EXPIRE, …]`'],
    ['redis_hget', '`redis.command` sends any command: `command: [HGET, …]`'],
    ['s3.get', 'there is no such action: the protocols are HTTP, SQL, Kafka and Redis'],
    ['websocket.send', 'there is no such action: the protocols are HTTP, SQL, Kafka and Redis'],
  ])('as the action `%s` have something near', (word, help) => {
    expect(findHelp(`name: x\nsteps: [{ action: ${word}, config: {} }]\n`)).toEqual([
      `TM105 unknown action \`${word}\`: ${help}`,
    ]);
  });

  it.each(['contract_verify', 'contract_generate', 'spans'])('come later: `%s`, reported once in a file', (word) => {
    const step = `  - { action: ${word}, config: {} }\n`;
    const found = findHelp(`name: x\nsteps:\n${step}${step}${step}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`TM113 \`${word}\` is not in this version: it comes with a later one: until then`);
    expect(found[0]).toContain('; it is also at lines 4, 5');
  });

  it('are told as missing when they stand for what a flow needs', () => {
    expect(findHelp('name: x\ntestcases: [{ action: log, config: { message: m } }]\n')).toEqual([
      'TM101 unknown key `testcases` in a flow: did you mean `steps`?',
    ]);
  });
});
