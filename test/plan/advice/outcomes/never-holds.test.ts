import { describe, expect, it } from 'vitest';
import { planText } from '../../../support/plan-text.ts';

function listWarnings(assertion: string, action = 'http_request'): string[] {
  const config =
    action === 'http_request' ? 'url: "http://localhost/"' : 'connection: "postgres://localhost/x", query: "select 1"';
  const { diagnostics } = planText(
    `name: x\nenv: { NAME: Ada }\nsteps:\n  - action: ${action}\n    config: { ${config} }\n    assert: [${JSON.stringify(assertion)}]\n`,
  );
  return diagnostics.map(({ code, message, span, help = [] }) =>
    [code, message, span?.file.text.slice(span.start, span.end), ...help].join(' | '),
  );
}

const redis = (command: string, more = ''): string =>
  `{ action: redis.${command}, ${more}config: { url: "redis://h", key: k } }`;
const CONFIGS: Readonly<Record<string, string>> = {
  http_request: 'url: "http://localhost/"',
  database_query: 'connection: "postgres://localhost/x", query: "SELECT 1"',
  kafka_consumer: 'brokers: "localhost:9092", topic: t, match: { value: 1 }',
  kafka_producer: 'brokers: "localhost:9092", topic: t, value: 1',
  'redis.get': 'url: "redis://h", key: k',
  'redis.set': 'url: "redis://h", key: k, value: 1',
  'redis.del': 'url: "redis://h", key: k',
  'redis.exists': 'url: "redis://h", key: k',
  'redis.command': 'url: "redis://h", command: [INCR, k]',
  poll: `until: exists, step: ${redis('exists')}`,
  parallel: `steps: [ ${redis('exists')} ]`,
  for_each: `items: [1, 2], steps: [ ${redis('exists', 'output: { n: "string(count)" }, ')} ]`,
  if: `condition: "1 < 2", then: [ ${redis('set').replace('key: k', 'key: k, value: 1')} ]`,
  delay: 'duration: 1s',
  log: 'message: m',
};

function planOf(action: string, assertion: string) {
  const step = `{ action: ${action}, config: { ${CONFIGS[action]} }, assert: [${JSON.stringify(assertion)}] }`;
  return planText(`name: x\nsteps:\n  - ${step}\n`);
}

/** What hears of comparisons. */
const findOf = (action: string, assertion: string): readonly string[] => messagesOf(planOf(action, assertion));
const findIn = (step: string, head = ''): readonly string[] =>
  messagesOf(planText(`name: x\n${head}\nsteps:\n  - ${step}\n`));

function messagesOf({ diagnostics }: ReturnType<typeof planText>): readonly string[] {
  return diagnostics.filter(({ code }) => code === 'TM208').map(({ message }) => message);
}

const CONVERSION = 'values of different kinds are never equal: there is no conversion';

describe('a `not` before a comparison', () => {
  it.each([
    ['not status == 404', '`not` belongs to `status` alone: write `status != 404`, or `not (status == 404)`'],
    [
      'not body.name != "x"',
      '`not` belongs to `body.name` alone: write `body.name == "x"`, or `not (body.name != "x")`',
    ],
    ['(not body.ok) == 1', 'values of different kinds are never equal: there is no conversion'],
  ])('takes what is next to it: %s', (assertion, help) => {
    expect(listWarnings(assertion).map((line) => line.split(' | ').at(-1))).toContain(help);
  });
});

describe('comparisons that can never hold', () => {
  it.each([
    [
      "body.id == '#number'",
      'this can never hold: the marker of another tool is a text like any other here',
      "body.id == '#number'",
      'write `is_number(body.id)`',
    ],
    [
      "status == 200 and body == { id: '#number', tags: '#[3]' }",
      'this can never hold: the marker of another tool is a text like any other here',
      "body == { id: '#number', tags: '#[3]' }",
      'write `is_number(body.id) and len(body.tags) == 3`',
    ],
    [
      "type(body) == 'text'",
      'this can never hold: `type(…)` never gives "text"',
      "type(body) == 'text'",
      'did you mean "string"?',
    ],
    [
      "'object' == type(body.x)",
      'this can never hold: `type(…)` never gives "object"',
      "'object' == type(body.x)",
      'did you mean "map"?',
    ],
    [
      "type(body) == 'number'",
      'this can never hold: `type(…)` never gives "number"',
      "type(body) == 'number'",
      'did you mean "int" or "float"?',
    ],
    [
      "type(body) == 'strin'",
      'this can never hold: `type(…)` never gives "strin"',
      "type(body) == 'strin'",
      'did you mean "string"?',
    ],
    [
      "type(body) != 'text'",
      'this always holds: `type(…)` never gives "text"',
      "type(body) != 'text'",
      'did you mean "string"?',
    ],
    [
      "status == '200'",
      'this can never hold: the left side is a number, the right side a string',
      "status == '200'",
      'write `200`, without quotes',
    ],
    [
      "status != '200'",
      'this always holds: the left side is a number, the right side a string',
      "status != '200'",
      'write `200`, without quotes',
    ],
    [
      "len(body) == '3'",
      'this can never hold: the left side is a number, the right side a string',
      "len(body) == '3'",
      'write `3`, without quotes',
    ],
    [
      "is_uuid(body.id) == 'true'",
      'this can never hold: the left side is a bool, the right side a string',
      "is_uuid(body.id) == 'true'",
      'write `true`, without quotes',
    ],
    [
      'string(body.id) == 7',
      'this can never hold: the left side is a string, the right side a number',
      'string(body.id) == 7',
      CONVERSION,
    ],
    [
      'filter(body, .ok) == 1',
      'this can never hold: the left side is an array, the right side a number',
      'filter(body, .ok) == 1',
      CONVERSION,
    ],
    [
      "status == 200 and any(body, len(.tags) == 'x')",
      'this can never hold: the left side is a number, the right side a string',
      "len(.tags) == 'x'",
      CONVERSION,
    ],
  ])('%s', (assertion, message, place, help) => {
    expect(listWarnings(assertion)).toEqual([`TM208 | ${message} | ${place} | ${help}`]);
  });

  it.each([
    "type(body) == 'string'",
    "type(body) == 'time.Time'",
    'type(body) == body.kind',
    'status == 200',
    'status == 200.0',
    'body != nil',
    'content_type != nil',
    'headers["x-id"] != nil',
    '(let status = body; status != nil)',
    "body.status == '200'",
    "body == '200'",
    "len(body) == int('3')",
    "first(body) == '3'",
    "max(body) == 'x'",
    'body.ok == true',
  ])('%s may hold', (assertion) => {
    expect(listWarnings(assertion)).toEqual([]);
  });

  it.each([
    ['http_request', 'status != nil', 'always holds', 'a number', 'write the number that is expected: `status == …`'],
    ['http_request', 'nil == status', 'can never hold', 'a number', 'write the number that is expected: `status == …`'],
    ['http_request', 'headers != nil', 'always holds', 'a map', 'compare what is in it, as in `headers["…"] == …`'],
    ['http_request', 'url != nil', 'always holds', 'a string', 'write the string that is expected: `url == "…"`'],
    [
      'database_query',
      'rows != nil',
      'always holds',
      'an array',
      'write `len(rows) > 0` where there has to be something, `len(rows) == 0` where nothing may be',
    ],
    [
      'database_query',
      'rows_affected != nil',
      'always holds',
      'a number',
      'write the number that is expected: `rows_affected == …`',
    ],
    [
      'redis.get',
      'exists != nil',
      'always holds',
      'a bool',
      'write `exists` where it has to be true, `not exists` where it may not be',
    ],
    ['poll', 'attempts != nil', 'always holds', 'a number', 'write the number that is expected: `attempts == …`'],
  ])('knows the keys of %s that are never nil: %s', (action, assertion, outcome, kind, help) => {
    const found = planOf(action, assertion).diagnostics.filter(({ code }) => code === 'TM208');
    const [name = ''] = assertion.replace('nil == ', '').split(' ');
    expect(found).toMatchObject([
      { message: `this ${outcome}: \`${name}\` is always ${kind}, never nil`, help: [help] },
    ]);
  });

  it.each([
    ['redis.get', 'value != nil'],
    ['redis.get', 'json != nil'],
    ['redis.command', 'value != nil'],
    ['database_query', 'first_row != nil'],
    ['kafka_consumer', 'lag_ms != nil'],
    ['parallel', 'exists != nil'],
  ])('knows those of %s that may be: %s', (action, assertion) => {
    expect(findOf(action, assertion)).toEqual([]);
  });

  it('knows what the action of the step gives', () => {
    expect(listWarnings("row_count == '1'", 'database_query')).toHaveLength(1);
    expect(listWarnings('rows == 1', 'database_query')).toHaveLength(1);
  });

  it.each([
    ['http_request', 'content_type == 1', 'a string or nil, the right side a number'],
    ['http_request', 'timings == 1', 'a map, the right side a number'],
    ['http_request', "size == '1'", 'a number, the right side a string'],
    ['database_query', "first_row == '1'", 'a map or nil, the right side a string'],
    ['database_query', 'columns == 1', 'an array, the right side a number'],
    ['kafka_consumer', "count == '1'", 'a number, the right side a string'],
    ['kafka_consumer', "lag_ms == '1'", 'a number or nil, the right side a string'],
    ['kafka_consumer', 'message == 1', 'a map or nil, the right side a number'],
    ['kafka_producer', "partition == '0'", 'a number, the right side a string'],
    ['kafka_producer', 'topic == 1', 'a string, the right side a number'],
    ['redis.get', 'value == 5', 'a string or nil, the right side a number'],
    ['redis.get', "exists == 'true'", 'a bool, the right side a string'],
    ['redis.exists', 'count == "1"', 'a number, the right side a string'],
    ['redis.exists', 'exists == 1', 'a bool, the right side a number'],
    ['redis.del', "deleted == '1'", 'a number, the right side a string'],
    ['redis.set', "ok == 'OK'", 'a bool, the right side a string'],
    ['redis.command', 'ok == 1', 'a bool, the right side a number'],
    ['delay', "waited_ms == '1'", 'a number, the right side a string'],
    ['log', 'message == 1', 'a string, the right side a number'],
    ['for_each', "count == '2'", 'a number, the right side a string'],
    ['parallel', 'branches == 2', 'an array, the right side a number'],
    ['if', 'branch == 1', 'a string or nil, the right side a number'],
    ['poll', "attempts == '1'", 'a number, the right side a string'],
    ['poll', "count == '1'", 'a number, the right side a string'],
  ])('knows the result of %s: %s', (action, assertion, sides) => {
    expect(findOf(action, assertion)).toEqual([`this can never hold: the left side is ${sides}`]);
  });

  it.each([
    ['redis.get', "value == '5'"],
    ['redis.get', 'value == nil'],
    ['redis.get', "json == '5'"],
    ['redis.command', "value == '5'"],
    ['kafka_consumer', 'lag_ms == message'],
    ['for_each', "n == '1'"],
    ['parallel', "exists == '1'"],
    ['redis.exists', "(let count = '1'; count == '1')"],
  ])('does not know what may be anything in that of %s: %s', (action, assertion) => {
    expect(findOf(action, assertion)).toEqual([]);
  });

  it.each([
    ['redis.exists', "type(count) == 'string'", 'its value is a number', 'it gives "int" or "float"'],
    ['redis.get', "'int' == type(value)", 'its value is a string or nil', 'it gives "string" or "nil"'],
    ['redis.get', "type(value) == 'text'", '`type(…)` never gives "text"', 'did you mean "string"?'],
  ])('knows the type of the result of %s: %s', (action, assertion, what, help) => {
    const found = planOf(action, assertion).diagnostics.filter(({ code }) => code === 'TM208');
    expect(found).toMatchObject([{ message: `this can never hold: ${what}`, help: [help] }]);
  });

  it('knows the last result of several steps that are waited for together', () => {
    const wait = (last: string, condition: string) =>
      findIn(`{ action: wait_until, config: { steps: [ ${redis('get')}, ${last} ], condition: ${condition} } }`);
    expect(wait(redis('exists'), `count == "1"`)).toHaveLength(1);
    expect(wait(redis('exists'), `value == 5`)).toEqual([]);
    expect(wait(redis('exists', 'when: "1 < 2", '), `count == "1"`)).toEqual([]);
    expect(wait(redis('exists', 'output: { count: "string(count)" }, '), `count == "1"`)).toEqual([]);
  });

  it('knows what an expected error gives, and nothing else', () => {
    const step = (assertion: string) =>
      `{ action: redis.exists, config: { url: "redis://h", key: k }, expect_error: true, assert: ['${assertion}'] }`;
    expect(findIn(step('count == "1"'), 'env: { count: "1" }')).toEqual([]);
    expect(findIn(step('error == "refused"'))).toHaveLength(1);
  });

  it('looks at `when` and `until`, with their places', () => {
    const { diagnostics } = planText(`name: x
env: { NAME: Ada }
steps:
  - action: poll
    when: len(NAME) == "3"
    config:
      step: { action: http_request, config: { url: "http://localhost/" } }
      until: ['len(body) == "3"', 'status == "200"']
      fail_when: type(body) == 'text'
    assert: [attempts == "3", status == "201"]
`);
    const places = diagnostics
      .filter(({ code }) => code === 'TM208')
      .map(({ span }) => span?.file.text.slice(span.start, span.end));
    expect(places).toEqual([
      'len(NAME) == "3"',
      'len(body) == "3"',
      'status == "200"',
      "type(body) == 'text'",
      'attempts == "3"',
      'status == "201"',
    ]);
  });
});

describe('a predicate that reads nothing of an item', () => {
  const anItem = 'an item is `#`, and what it has is `.key`';
  it.each([
    ["sortBy(body.items, 'price') == body.items", "'price'", 'sortBy', 'write `.price`'],
    ["len(groupBy(body.items, 'state')) == 1", "'state'", 'groupBy', 'write `.state`'],
    ['len(groupBy(body.items, 1)) == 1', '1', 'groupBy', anItem],
    ["'x' in map(body.items, 'owner.name')", "'owner.name'", 'map', 'write `.owner.name`'],
    ["sum(body.items, '.price') == 3", "'.price'", 'sum', 'write `.price`'],
    ["count(body.items, 'paid') == 3", "'paid'", 'count', 'write `.paid`'],
    ['none(body.items, status == 500)', 'status == 500', 'none', anItem],
    ['all(body.items, body)', 'body', 'all', 'write `.body`'],
    ['all(body.orders, all(.items, status == 200))', 'status == 200', 'all', anItem],
  ])('is warned of: %s', (assertion, place, name, help) => {
    const message = `\`${place}\` is the same for each item: \`${name}\` reads nothing of it`;
    expect(listWarnings(assertion)).toContain(`TM208 | ${message} | ${place} | ${help}`);
  });

  it.each([
    'count(body.items, true) == 3',
    'sum(body.items, 1) == 3',
    'map(body.items, 1) == body.ones',
    'map(1..3, "x") == body.xs',
    'map(["a", "b"], "x") == body.xs',
    'map(body.items, NAME) == body.names',
    'map(body.items, #index) == body.places',
    'all(body.items, .name in [NAME])',
    'none(body.items, {let o = .owner; o.vip})',
    'filter(body.items, random_int(1, 9) > 3) != body.items',
    'reduce(body.items, #acc + 1, 0) == 3',
  ])('is not where it is meant: %s', (assertion) => {
    expect(listWarnings(assertion)).toEqual([]);
  });
});
