import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

/** What is said of unknown keys, and what else is an error. */
function say(step: string): readonly string[] {
  const { diagnostics } = planText(`name: x\nsteps:\n  - { id: s, ${step} }\n`);
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message, help = [] }) => `${message.replace(/^unknown key (`\w+`).*/, '$1')}: ${help.join('; ')}`);
}

const log = '{ action: log, config: { message: "{{x}}" } }';

describe('settings of other tools', () => {
  it.each([
    ['fault_set', `proxy: "{{'g'}}", faults: { latency: 1s }, duration: 5s`, ['`duration`: did you mean `for`?']],
    ['mock_server_start', 'routes: [{ url: /l }]', ['`url`: did you mean `path`?']],
    [
      'unchanged',
      'table: [shop.orders], connection: "postgres://h/x", steps: [{ action: log, config: { message: a } }]',
      ['`table`: did you mean `tables`?'],
    ],
    ['fault_proxy_start', 'upstream: "localhost:80", port: 1', ['`port`: did you mean `listen`?']],
    [
      'mock_server_start',
      'routes: [{ path: /n, callbacks: [] }]',
      ['`callbacks`: write `then: [{after: 200ms, http: {url: …}}]`'],
    ],
    [
      'kafka_consumer',
      'brokers: "h:1", topic: t, match: { value.order_id: x }',
      ['unknown key `value.order_id` in `match` of `kafka_consumer`: write `value: {order_id: …}`'],
    ],
    [
      'database_query',
      'database: c, query: "SELECT 1"',
      ['`database`: write one address: `connection: "postgres://user:password@host:5432/database"`'],
    ],
    ['http_request', 'url: "http://h", json: {a: 1}', ['`json`: did you mean `body`?']],
    ['http_request', 'url: "http://h", params: {a: 1}', ['`params`: did you mean `query`?']],
    [
      'http_request',
      'url: "http://h", verify: false',
      ['`verify`: write `tls: {insecure: true}` to take any certificate'],
    ],
    [
      'http_request',
      'url: "http://h", allow_redirects: false',
      ['`allow_redirects`: did you mean `follow_redirects`?'],
    ],
    ['http_request', 'uri: "http://h"', ['`uri`: did you mean `url`?']],
    ['http_request', 'url: "http://h", bearer: x', ['`bearer`: write `auth: {bearer: "{{TOKEN}}"}`']],
    [
      'http_request',
      'url: "http://h", tls: {verify: false}',
      ['`verify`: write `insecure: true` to take any certificate'],
    ],
    [
      'http_request',
      'url: "http://h", expected_status: 200',
      ['`expected_status`: a result is tested with `assert:` beside `config`, as in `assert: [status == 200]`'],
    ],
    [
      'http_request',
      'url: "http://h", retries: 3',
      ['`retries`: a step is tried again with `retry: {max_attempts: 3}` beside `config`'],
    ],
    [
      'database_query',
      'dsn: "postgres://h/x", sql: "select 1", args: [1]',
      ['`dsn`: did you mean `connection`?', '`sql`: did you mean `query`?', '`args`: did you mean `params`?'],
    ],
    [
      'kafka_consumer',
      'brokers: "h:1", topic: a, filter: {value: 1}, max_messages: 2, offset: earliest',
      [
        '`filter`: did you mean `match`?',
        '`max_messages`: did you mean `count`?',
        '`offset`: write `since: earliest` for all that is there, `since: flow` for what came since the flow began',
      ],
    ],
    [
      'poll',
      'step: { action: http_request, config: { url: "http://h" } }, until: "status == 200", every: 1s, retries: 3',
      ['`every`: did you mean `interval`?', '`retries`: did you mean `max_attempts`?'],
    ],
    ['for_each', `items: [1], as: x, steps: [${log}]`, ['`as`: did you mean `item_name`?']],
    [
      'for_each',
      'in: [1], do: [{ action: log, config: { message: a } }]',
      ['`in`: did you mean `items`?', '`do`: did you mean `steps`?'],
    ],
    ['if', 'test: "1 == 1", then: [{ action: log, config: { message: a } }]', ['`test`: did you mean `condition`?']],
    ['delay', 'seconds: 5', ['`seconds`: write `duration: 5s`']],
    ['redis.set', 'url: "redis://h", key: a, value: b, expire: 5s', ['`expire`: did you mean `ttl`?']],
    [
      'mock_server_start',
      'routes: [{ path: /a, status: 200, body: {a: 1} }]',
      [
        '`status`: write it below `response:`, as in `response: {status: 200, body: {id: 1}}`',
        '`body`: write it below `response:`, as in `response: {status: 200, body: {id: 1}}`',
      ],
    ],
    ['mock_server_start', 'routes: [{ path: /a, response: { code: 200 } }]', ['`code`: did you mean `status`?']],
    [
      'kafka_consumer',
      'brokers: "h:1", topic: a, match: {user_id: 1}',
      ['`user_id`: a field of the message stands below `value:`, as in `{value: {user_id: …}}`'],
    ],
    [
      'for_each',
      'items: 1..3, steps: [{ action: log, config: { message: a } }]',
      ['`items` of `for_each`: expected a list, got string "1..3": a range is an expression: `"{{1..3}}"`'],
    ],
    ['mock_server_start', 'stubs: []', ['`stubs`: did you mean `routes`?']],
  ])('%s {%s}', (action, config, said) => {
    expect([...say(`action: ${action}, config: { ${config} }`)].sort()).toEqual([...said].sort());
  });

  it('are listed where nothing is near', () => {
    expect(say('action: log, config: { message: a, colour: b }')).toEqual([
      '`colour`: it takes `message`, `level` and `data`',
    ]);
  });
});
