import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

function find(steps: readonly string[], head = ''): readonly string[] {
  const text = `name: n\n${head}\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
  return findingsOf(planText(text)).filter((line) => line.startsWith('TM214'));
}

const asserting = (assertion: string): string => `assert: [${JSON.stringify(assertion)}]`;
const create = (method = 'POST', body = '{ name: Ada }'): string =>
  `{ id: make, action: http_request, config: { method: ${method}, url: "http://localhost/u", body: ${body} }, assert: [status == 201], output: { user_id: $.body.id } }`;
const select = (where: string, assertion: string, columns = '*', params = '["{{user_id}}"]'): string =>
  `{ action: database_query, config: { connection: "postgres://localhost/s", query: 'SELECT ${columns} FROM t WHERE ${where}', params: ${params} }, ${asserting(assertion)} }`;

describe('a number of rows', () => {
  it.each([
    ['id = $1', 'row_count >= 1', '`row_count >= 1` says less than is known: there is at most one row'],
    ['id = $1', 'len(rows) > 0', '`len(rows) > 0` says less than is known: there is at most one row'],
    ['id = $1', '0 < row_count', '`0 < row_count` says less than is known: there is at most one row'],
    [
      'id = $1',
      'row_count > 0 and first_row.a == 1',
      '`row_count > 0` says less than is known: there is at most one row',
    ],
    [
      'user_id = $1',
      'row_count >= 2',
      '`row_count >= 2` passes with too many: `user_id` was made by this flow, which knows how many rows it has',
    ],
  ])('that is known: %s, %s', (where, assertion, expected) => {
    expect(find([create(), select(where, assertion)])).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ['id = $1', 'row_count == 1'],
    ['id = $1', 'row_count >= 2'],
    ['id = $1', 'row_count >= 0'],
    ['id = $1', 'row_count >= 1 or row_count == 0'],
    ['id = $1', 'row_count > LEAST'],
    ['id = $1', 'any([1], row_count >= 1)'],
    ['user_id <> $1', 'row_count >= 1'],
    ['created_at > $1', 'row_count >= 1'],
    ['user_id = $1', 'row_count <= 2'],
    ['user_id = $1', 'first_row.a >= 1'],
  ])('that is not, or says what is meant: %s, %s', (where, assertion) => {
    expect(find([create(), select(where, assertion)], 'env: { LEAST: 0 }')).toEqual([]);
  });

  const none = (verb: string): string => `always holds: ${verb} gives no rows, whatever it does`;
  const unchanged = 'always holds: a SELECT changes no rows';
  const run = (query: string, assertion: string): string =>
    `{ action: database_query, config: { connection: "postgres://localhost/s", query: ${JSON.stringify(query)} }, ${asserting(assertion)} }`;
  it.each([
    ['DELETE FROM t WHERE id = 1', 'row_count == 0', none('DELETE')],
    ['UPDATE t SET a = 1', 'len(rows) == 0', none('UPDATE')],
    ['INSERT INTO t VALUES (1)', 'row_count < 1', none('INSERT')],
    ['INSERT INTO t VALUES (1)', 'first_row == nil', none('INSERT')],
    ['DELETE FROM t', 'rows == []', none('DELETE')],
    ['DELETE FROM t', 'row_count != 1', none('DELETE')],
    ['TRUNCATE t', '0 == row_count', none('TRUNCATE')],
    ['BEGIN; DELETE FROM t; COMMIT', 'row_count == 0', none('COMMIT')],
    ['SELECT id FROM t; SET ROLE x', 'row_count == 0', none('SET')],
    ['BEGIN; SELECT id FROM t; ROLLBACK', 'rows == []', none('ROLLBACK')],
    ['SELECT id FROM t', 'rows_affected == 0', unchanged],
    ['SELECT id FROM t', 'row_count == 1 and rows_affected <= 0', unchanged],
    ['SELECT 1; SELECT id FROM t', 'rows_affected == 0', unchanged],
  ])('that is always none: %s, %s', (query, assertion, expected) => {
    expect(find([run(query, assertion)])).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ['DELETE FROM t RETURNING id', 'row_count == 0'],
    ['DELETE FROM t', 'rows_affected == 0'],
    ['DELETE FROM t', 'row_count >= 0'],
    ['SELECT id FROM t', 'row_count == 0'],
    ['SELECT id FROM t', 'rows == []'],
    ['DELETE FROM t; SELECT id FROM t', 'row_count == 0 and rows_affected == 0'],
    ['WITH d AS (DELETE FROM t RETURNING id) SELECT id FROM d', 'row_count == 0 and rows_affected == 0'],
    ['CALL f()', 'row_count == 0'],
  ])('that may be some: %s, %s', (query, assertion) => {
    expect(find([run(query, assertion)])).toEqual([]);
  });

  it.each([
    ['a value that is made with UUID', 'env: { MAIL: "a-{{UUID}}@x" }', 'MAIL', true],
    ['a value that others may have', 'env: { MAIL: "a@x" }', 'MAIL', false],
    ['a value of today', 'env: { MAIL: "{{DATE}}" }', 'MAIL', false],
  ])('is known of %s: %s', (_title, head, name, isKnown) => {
    const found = find([select('mail = $1', 'row_count >= 1', '*', `["{{${name}}}"]`)], head);
    expect(found).toHaveLength(isKnown ? 1 : 0);
  });

  it('is not known of what the flow only read', () => {
    expect(find([create('GET'), select('user_id = $1', 'row_count >= 1')])).toEqual([]);
  });

  it.each([
    ['count(*)', 'row_count >= 1'],
    ['count(*)', 'row_count == 1'],
    ['count(*) AS n', '1 == row_count'],
    ['count(*) AS n', 'len(rows) == 1'],
    ['count(*)', 'row_count != 0'],
    ['count(*)', 'row_count <= 1'],
    ['count(*)', 'row_count < 2'],
    ['max(b)', 'first_row != nil'],
    ['max(b) AS n', 'nil != first_row'],
    ['COALESCE(SUM(b), 0) AS n', 'row_count == 1'],
  ])('is the same whatever is there, of what sums up all rows: %s, %s', (columns, assertion) => {
    const found = find([create(), select('a = 1', assertion, columns)]);
    expect(found).toEqual([expect.stringContaining(`\`${assertion}\` always holds: the query gives one row`)]);
  });

  it.each([
    ['count(*)', 'row_count == 2'],
    ['count(*)', 'row_count == 0'],
    ['count(*)', 'row_count != 1'],
    ['count(*)', 'first_row == nil'],
    ['count(*)', 'first_row.count != nil'],
    ['count(*) AS n', 'first_row.n == 1'],
    ['b', 'row_count == 1'],
    ['b', 'first_row != nil'],
  ])('may be another one: %s, %s', (columns, assertion) => {
    expect(find([create(), select('a = 1', assertion, columns)])).toEqual([]);
  });

  it('may be asked for while it grows', () => {
    const look = select('user_id = $1', '').replace(/, assert: \[""\]/, '');
    const poll = (rest: string) => `{ action: poll, config: { until: row_count >= 1, step: ${look} }${rest} }`;
    expect(find([create(), poll('')])).toEqual([]);
    expect(find([create(), poll(`, ${asserting('row_count >= 1')}`)])).toHaveLength(1);
  });
});

describe('a number of messages', () => {
  const wait = (more: string, assertion: string): string =>
    `{ action: kafka_consumer, config: { brokers: "localhost:9092", topic: t, match: { value: { a: 1 } }${more} }, ${asserting(assertion)} }`;
  it.each([
    ['', 'len(messages) > 0', '`len(messages) > 0` always holds: the wait ends with 1 message, or it fails'],
    ['', 'count >= 1', '`count >= 1` always holds: the wait ends with 1 message, or it fails'],
    ['', 'message != nil', '`message != nil` always holds: the wait ends with 1 message, or it fails'],
    [', count: 3', 'count >= 2', '`count >= 2` always holds: the wait ends with 3 messages, or it fails'],
    [
      ', count: { min: 2, max: 5 }',
      'count >= 2',
      '`count >= 2` always holds: the wait ends with 2 messages, or it fails',
    ],
  ])('that the wait knows:%s %s', (more, assertion, expected) => {
    expect(find([wait(more, assertion)])).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ['', 'count == 1'],
    ['', 'count >= 2'],
    [', count: { max: 5 }', 'count >= 1'],
    [', count: "{{N}}"', 'count >= 1'],
    [', count: 0', 'count >= 0'],
    ['', 'message.offset >= 1'],
    [', count: 0', 'message != nil'],
    [', count: { max: 5 }', 'message != nil'],
  ])('that it does not, or that says more:%s %s', (more, assertion) => {
    expect(find([wait(more, assertion)], 'env: { N: 1 }')).toEqual([]);
  });
});

describe('a number of keys or messages that the step itself names', () => {
  const redis = (action: string, key: string, assertion: string): string =>
    `{ action: redis.${action}, config: { url: "redis://h", key: ${key} }, ${asserting(assertion)} }`;
  const send = (messages: string, assertion: string): string =>
    `{ action: kafka_producer, config: { brokers: "localhost:9092", topic: t, messages: ${messages} }, ${asserting(assertion)} }`;
  it.each([
    [redis('exists', 'k', 'count >= 1'), '`count >= 1` says less than is known: 1 key is named'],
    [redis('exists', '"cart:{{ID}}"', 'count > 0'), '`count > 0` says less than is known: 1 key is named'],
    [redis('exists', '[a, b, a]', 'count >= 2'), '`count >= 2` says less than is known: 2 keys are named'],
    [redis('del', 'k', 'deleted >= 1'), '`deleted >= 1` says less than is known: 1 key is named'],
    [send('[{ value: 1 }]', 'count >= 1'), '`count >= 1` always holds: 1 message is sent, or the step fails'],
    [
      send('[{ value: 1 }, { value: 2 }]', 'len(messages) > 0'),
      '`len(messages) > 0` always holds: 2 messages are sent, or the step fails',
    ],
  ])('%s', (step, expected) => {
    expect(find([step], 'env: { ID: 7 }')).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    redis('exists', 'k', 'count == 1'),
    redis('exists', '[a, b]', 'count >= 1'),
    redis('exists', '"{{KEYS}}"', 'count >= 1'),
    redis('del', 'k', 'deleted >= 0'),
    send('[{ value: 1 }]', 'count >= 2'),
    send('"{{ALL}}"', 'count >= 1'),
  ])('not: %s', (step) => {
    expect(find([step], 'env: { KEYS: [a, b], ALL: [{ value: 1 }] }')).toEqual([]);
  });
});

describe('a number that the request sends', () => {
  const place = (body: string, assertion: string, method = 'POST'): string =>
    `{ action: http_request, config: { method: ${method}, url: "http://localhost/o", body: ${body} }, ${asserting(assertion)} }`;
  const body = '{ items: [{ sku: A1, quantity: 2 }] }';
  it.each([
    [
      body,
      'body.items[0].quantity >= 1',
      '`body.items[0].quantity >= 1` passes with other numbers: the request sends 2',
    ],
    [body, 'body.items[0].quantity > 0', 'the request sends 2'],
    [body, 'body.order.items[0].quantity >= 1', 'the request sends 2'],
    ['{ quantity: 2 }', 'body.quantity >= 1', 'the request sends 2'],
    [body, 'len(body.items) > 0', '`len(body.items) > 0` passes with other numbers: the request sends 1'],
  ])('%s, %s', (sent, assertion, expected) => {
    expect(find([place(sent, assertion)])).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    [body, 'body.total >= 1', 'POST'],
    [body, 'body.items[0].quantity >= 3', 'POST'],
    [body, 'headers.quantity >= 1', 'POST'],
    ['{ items: [{ quantity: 2 }, { quantity: 3 }] }', 'body.items[0].quantity >= 1', 'POST'],
    ['{ items: [{ quantity: "{{N}}" }] }', 'body.items[0].quantity >= 1', 'POST'],
    [body, 'body.items[0].quantity >= 1', 'GET'],
    ['{ customer: { id: 7 } }', 'body.id > 0', 'POST'],
    ['{ jsonrpc: "2.0", id: 1, method: add }', 'body.result.id > 0', 'POST'],
    ['{ customer_id: 7 }', 'body.customer_id > 0', 'POST'],
    ['{ query: { size: 20 } }', 'body.size >= 1', 'POST'],
    ['{ cart: { items: [1, 2] } }', 'len(body.items) >= 1', 'POST'],
    [body, 'body[0] >= 1', 'POST'],
  ])('is not known: %s, %s, %s', (sent, assertion, method) => {
    expect(find([place(sent, assertion, method)], 'env: { N: 2 }')).toEqual([]);
  });
});

describe('what every answer has', () => {
  const get = (assertion: string): string =>
    `{ action: http_request, config: { url: "http://localhost/o" }, ${asserting(assertion)} }`;
  const status = 'the status of every answer is from 100 to 599';
  it.each([
    ['status > 0', status],
    ['status < 600', status],
    ['600 > status', status],
    ['status >= 100', status],
    ['status != 0', status],
    ['status == 200 and status < 600', status],
    ['len(headers) > 0', 'every answer has headers'],
    ['len(headers) != 0', 'every answer has headers'],
  ])('%s', (assertion, why) => {
    expect(find([get(assertion)])).toEqual([expect.stringContaining(`always holds: ${why}`)]);
  });

  it.each(['status == 200', 'status < 500', 'status >= 200', 'status != 500', 'len(headers) > 3', 'len(body) > 0'])(
    'not: %s',
    (assertion) => expect(find([get(assertion)])).toEqual([]),
  );

  it('is so of every method', () => {
    const post = get('status < 600').replace('config: {', 'config: { method: POST, body: { a: 1 },');
    expect(find([post])).toEqual([expect.stringContaining(`always holds: ${status}`)]);
  });

  it('is said once of what no number can be', () => {
    expect(find([get('status >= 0')])).toEqual([]);
  });
});
