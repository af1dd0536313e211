import { describe, expect, it } from 'vitest';
import { type Message, toMessage } from '../../../src/actions/kafka/message.ts';
import { createRules, type MatchSettings, type Rule } from '../../../src/actions/kafka/rules.ts';
import { Sightings } from '../../../src/actions/kafka/sightings.ts';
import type { KafkaRecord } from '../../../src/drivers/kafka/types.ts';
import { compile } from '../../../src/expr/index.ts';
import type { ExpressionAt } from '../../../src/model/expression-at.ts';
import { createSourceFile } from '../../../src/model/source-file.ts';
import { createEnv } from '../../support/fake-io.ts';
import { repeats } from '../../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of sightings', 1, 0) > 0);

const traceId = '0123456789abcdef0123456789abcdef';
const OTHER_TRACE = 'f'.repeat(32);
const since = 'since the beginning of this run';

function message(value: unknown, more: Partial<KafkaRecord> = {}): Message {
  const bytes = typeof value === 'string' ? value : JSON.stringify(value);
  const base = { topic: 'orders', partition: 0, offset: 7n, timestampMs: 1_700_000_000_000, key: null, headers: [] };
  return toMessage({ ...base, value: value === null ? null : Buffer.from(bytes), ...more });
}

function withTraces(...traces: string[]): Message {
  return message('x', { headers: traces.map((id) => ['traceparent', Buffer.from(`00-${id}-0000000000000001-01`)]) });
}

function where(source: string): ExpressionAt {
  const file = createSourceFile('flow.yaml', '/flow.yaml', source);
  const span = { file, start: 0, end: source.length };
  return { expression: compile(source), text: { text: source, span, locate: () => span } };
}

function rules(match: MatchSettings): readonly Rule[] {
  return createRules(match, {
    facts: { traceId },
    expressions: {
      env: createEnv({ limit: 10 }),
      host: { now: () => 0 },
      claim: () => undefined,
      take: () => null,
      check(expression, env) {
        const { parts, value, error } = expression.expression.explain(env, { now: () => 0 });
        if (value === true) return undefined;
        const untyped = parts.map((part) => ({ ...part, type: 'any' }));
        return {
          outcome: 'failed',
          kind: 'assertion',
          message: error?.message ?? 'is false',
          explained: { parts: untyped },
        };
      },
    },
  });
}

function holds(match: MatchSettings, given: Message): boolean {
  return rules(match).every((rule) => rule.measure(given) === 1);
}

describe('the rules of `match`', () => {
  it.each<{ what: string; match: MatchSettings; given: Message; does: boolean }>([
    { what: 'the key', match: { key: 'a' }, given: message('x', { key: Buffer.from('a') }), does: true },
    { what: 'another key', match: { key: 'b' }, given: message('x', { key: Buffer.from('a') }), does: false },
    { what: 'a key that is a number', match: { key: 5 }, given: message('x', { key: Buffer.from('5') }), does: false },
    {
      what: 'a key in JSON',
      match: { key: { id: 1 } },
      given: message('x', { key: Buffer.from('{"id":1}') }),
      does: true,
    },
    {
      what: 'some fields of one',
      match: { key: { id: 1 } },
      given: message('x', { key: Buffer.from('{"t":2, "id":1.0}') }),
      does: true,
    },
    {
      what: 'another one',
      match: { key: { id: 2 } },
      given: message('x', { key: Buffer.from('{"id":1}') }),
      does: false,
    },
    { what: 'a list as key', match: { key: [1, 2] }, given: message('x', { key: Buffer.from('[1,2]') }), does: true },
    {
      what: 'a header in JSON',
      match: { headers: { by: { id: 1 } } },
      given: message('x', { headers: [['by', Buffer.from('{"id":1}')]] }),
      does: true,
    },
    { what: 'a number that is text', match: { value: 42 }, given: message('42'), does: false },
    { what: 'no key', match: { key: null }, given: message('x'), does: true },
    {
      what: 'a header in any case',
      match: { headers: { TYPE: 'x' } },
      given: message('x', { headers: [['type', Buffer.from('x')]] }),
      does: true,
    },
    { what: 'a header that is not there', match: { headers: { type: 'x' } }, given: message('x'), does: false },
    { what: 'some fields', match: { value: { a: { b: 1 } } }, given: message({ a: { b: 1, c: 2 }, d: 3 }), does: true },
    { what: 'a field of another type', match: { value: { a: '1' } }, given: message({ a: 1 }), does: false },
    { what: 'a field more than there is', match: { value: { a: 1, b: 2 } }, given: message({ a: 1 }), does: false },
    { what: 'text', match: { value: 'hello' }, given: message('hello'), does: true },
    { what: 'a tombstone', match: { value: null }, given: message(null), does: true },
    {
      what: 'an expression',
      match: { where: where('value.total > limit and key == nil') },
      given: message({ total: 11 }),
      does: true,
    },
    {
      what: 'an expression that is false',
      match: { where: where('value.total > limit') },
      given: message({ total: 9 }),
      does: false,
    },
    {
      what: 'an expression that does not fit the message',
      match: { where: where('value.a.b > 1') },
      given: message('x'),
      does: false,
    },
    {
      what: 'an expression that gives no bool',
      match: { where: where('value.total') },
      given: message({ total: 9 }),
      does: false,
    },
    {
      what: 'the json of a bare number',
      match: { where: where('json == 42 and value == "42"') },
      given: message('42'),
      does: true,
    },
    {
      what: 'a place in the value',
      match: { path: { '$.items[*].sku': 'A1' } },
      given: message({ items: [{ sku: 'B2' }, { sku: 'A1' }] }),
      does: true,
    },
    {
      what: 'a place that holds something else',
      match: { path: { '$.items[0].sku': 'A1' } },
      given: message({ items: [{ sku: 'B2' }] }),
      does: false,
    },
    { what: 'a place that is not there', match: { path: { '$.none': 'A1' } }, given: message({}), does: false },
    { what: 'the trace of this run', match: { trace: 'current' }, given: withTraces(traceId), does: true },
    { what: 'no trace', match: { trace: 'current' }, given: message('x'), does: false },
    {
      what: 'the trace of this run beside another',
      match: { trace: 'current' },
      given: withTraces(OTHER_TRACE, traceId),
      does: true,
    },
    { what: 'another trace', match: { trace: 'current' }, given: withTraces(OTHER_TRACE), does: false },
  ])('look at $what: $does', ({ match, given, does }) => expect(holds(match, given)).toBe(does));
});

describe('Sightings', () => {
  inFullRun('tells the three nearest of many, with each rule that holds and does not', () => {
    const match = {
      key: 'o1',
      headers: { type: 'placed' },
      value: { order: { total: 60, currency: 'EUR' } },
      where: where('value.order.total > limit'),
    };
    const sightings = new Sightings(rules(match));
    for (let offset = 0; offset < 500; offset++) sightings.note(message({ other: offset }, { offset: BigInt(offset) }));
    sightings.note(message('not json', { offset: 500n, partition: 1, key: Buffer.from('o1') }));
    sightings.note(
      message(
        { order: { total: 59.98, currency: 'EUR' } },
        { offset: 501n, partition: 1, key: Buffer.from('o1'), headers: [['type', Buffer.from('placed')]] },
      ),
    );
    sightings.note(
      message({ order: { total: 6 } }, { offset: 502n, partition: 1, headers: [['kind', Buffer.from('x')]] }),
    );
    sightings.note(
      message({ order: { total: 60, currency: 'EUR' } }, { offset: 503n, partition: 1, key: Buffer.from('o2') }),
    );
    expect(sightings.describe(since)).toEqual([
      {
        title: 'messages',
        lines: [`504 seen ${since}: orders [0] offsets 0 to 499 (500), orders [1] offsets 500 to 503 (4)`],
      },
      {
        title: 'nearest 3 messages',
        lines: [
          'orders [1] offset 501, key "o1", 2023-11-14T22:13:20.000Z',
          '  ✓ key string "o1"',
          '  ✓ header type string "placed"',
          '  ✗ value.order.total: expected int 60, got float 59.98',
          '  ✓ where `value.order.total > limit`',
          '  value {"order":{"total":59.98,"currency":"EUR"}}',
          'orders [1] offset 503, key "o2", 2023-11-14T22:13:20.000Z',
          '  ✗ key: expected string "o1", got string "o2"',
          '  ✗ header type: expected string "placed", got nothing (it has no headers)',
          '  ✓ value',
          '  ✓ where `value.order.total > limit`',
          '  value {"order":{"total":60,"currency":"EUR"}}',
          'orders [1] offset 500, key "o1", 2023-11-14T22:13:20.000Z',
          '  ✓ key string "o1"',
          '  ✗ header type: expected string "placed", got nothing (it has no headers)',
          '  ✗ value: expected map {"order": {"total": 60, "currency": "EUR"}}, got string "not json"',
          '  ✗ where `value.order.total > limit`: value is string "not json"',
          '  value "not json"',
        ],
      },
    ]);
  });

  it('tells the newest when none is near', () => {
    const sightings = new Sightings(rules({ key: 'k' }));
    sightings.note(message({ a: 1 }));
    sightings.note(message(null, { offset: 8n, timestampMs: -1 }));
    expect(sightings.describe(since)).toEqual([
      { title: 'messages', lines: [`2 seen ${since}: orders [0] offsets 7 to 8 (2)`] },
      {
        title: 'newest message',
        lines: [
          'orders [0] offset 8, no key, no timestamp',
          '  ✗ key: expected string "k", got nil',
          '  value nil (a tombstone)',
        ],
      },
    ]);
  });

  const ID = '6d0b6f2b-e4e2-45f6-b27c-1e5326d37ab2';
  const header = [['Order-Id', Buffer.from(ID)]] as KafkaRecord['headers'];
  it.each<[string, MatchSettings, Message, readonly string[]]>([
    [
      'deeper',
      { value: { order_id: ID } },
      message({ data: { order_id: ID } }),
      ['value.order_id', 'value.data.order_id'],
    ],
    ['in a list', { value: { order_id: ID } }, message({ ids: [1, ID] }), ['value.order_id', 'value.ids[1]']],
    ['in another spelling', { value: { order_id: ID } }, message({ orderId: ID }), ['value.order_id', 'value.orderId']],
    [
      'under a name with a blank',
      { value: { id: ID } },
      message({ 'order id': ID }),
      ['value.id', 'value["order id"]'],
    ],
    [
      'in a header',
      { value: { order_id: ID } },
      message({ n: 1 }, { headers: header }),
      ['value.order_id', 'header Order-Id'],
    ],
    ['in the key', { value: { order_id: ID } }, message({ n: 1 }, { key: Buffer.from(ID) }), ['value.order_id', 'key']],
    ['in the value', { key: ID }, message({ order_id: ID }), ['key', 'value.order_id']],
    ['in another header', { headers: { id: ID } }, message('x', { headers: header }), ['header id', 'header Order-Id']],
    [
      'where no path leads',
      { path: { '$.order_id': ID } },
      message({ o: { id: ID } }),
      ['value.order_id', 'value.o.id'],
    ],
    [
      'as a long number',
      { value: { order_id: 1234567 } },
      message({ data: { id: 1234567 } }),
      ['value.order_id', 'value.data.id'],
    ],
  ])(
    'shows the message that has the expected value elsewhere, and where: %s',
    (_title, match, meant, [expected, place]) => {
      const sightings = new Sightings(rules(match));
      sightings.note(meant);
      for (let offset = 8n; offset < 20n; offset++) sightings.note(message({ n: 1 }, { offset }));
      const shown = sightings.describe(since)[1];
      expect(shown?.title).toBe('nearest message');
      expect(shown?.lines[0]).toContain('orders [0] offset 7,');
      expect(shown?.lines.at(-2)).toBe(`  what ${expected} was to be is at ${place}`);
    },
  );

  it('prefers it to one of the same type', () => {
    const sightings = new Sightings(rules({ value: { type: 'OrderPlaced', order_id: ID } }));
    sightings.note(message({ kind: 'OrderPlaced', data: { order_id: ID } }));
    for (let offset = 8n; offset < 20n; offset++)
      sightings.note(message({ type: 'OrderPlaced', order_id: 'x' }, { offset }));
    expect(sightings.describe(since)[1]?.lines[0]).toContain('offset 7,');
  });

  it.each<[string, MatchSettings, unknown]>([
    ['short words', { value: { status: 'new' } }, { state: 'new' }],
    ['small numbers and bools', { value: { n: 1, ok: true } }, { m: 1, fine: true }],
    ['what stands at its place too', { value: { id: ID, a: 1 } }, { id: ID, ref: ID }],
  ])('says nothing of %s', (_title, match, given) => {
    const sightings = new Sightings(rules(match));
    sightings.note(message(given));
    expect(sightings.describe(since)[1]?.lines.join()).not.toContain('was to be');
  });

  it('sums up a topic of many partitions', () => {
    const sightings = new Sightings(rules({ key: 'k' }));
    for (let partition = 0; partition < 128; partition++) sightings.note(message('x', { partition }));
    expect(sightings.describeRanges()).toBe('orders on 128 partitions (128)');
    sightings.note(message('x', { partition: 77, offset: 9n }));
    sightings.note(message('x', { partition: 3, topic: 'others' }));
    expect(sightings.describeRanges()).toBe(
      'orders on 128 partitions (129), most on [77] offsets 7 to 9 (2), others [3] offset 7',
    );
  });

  it.each<{ match: MatchSettings; given: unknown; line: string }>([
    {
      match: { value: { user_id: 'u1' } },
      given: { userId: 'u1' },
      line: '✗ value.user_id: expected string "u1", got nothing (`userId` is string "u1")',
    },
    {
      match: { value: { order: { items: [{ skuCode: 'a' }] } } },
      given: { order: { items: [{ sku_code: 'b' }] } },
      line: '✗ value.order.items[0].skuCode: expected string "a", got nothing (`sku_code` is string "b")',
    },
    {
      match: { value: { 'total amount': 5 } },
      given: { 'totl amount': 5 },
      line: '✗ value["total amount"]: expected int 5, got nothing (`totl amount` is int 5)',
    },
    // What is asked for itself is not what another was meant to be.
    {
      match: { value: { user_id: 'u1', userId: 'u1' } },
      given: { userId: 'u1' },
      line: '✗ value.user_id: expected string "u1", got nothing',
    },
    {
      match: { value: { user: { password: 'zq7-Kw2mTp' } } },
      given: { user: { password: 'zq7-Kw2mTq' } },
      line: '✗ value.user.password: expected string "***", got string "***"',
    },
    {
      match: { value: { pass_word: 'zq7-Kw2mTp' } },
      given: { password: 'zq7-Kw2mTq' },
      line: '✗ value.pass_word: expected string "zq7-Kw2mTp", got nothing (`password` is string "***")',
    },
    {
      match: { path: { '$..password': ['zq7-Kw2mTp'] } },
      given: { user: { password: 'zq7-Kw2mTq' } },
      line: '✗ path $..password: expected array (1) ["***"], got array (1) ["***"]',
    },
    {
      match: { where: where('value.password == 1') },
      given: { password: 'zq7-Kw2mTq' },
      line: '✗ where `value.password == 1`: value.password is string "***"',
    },
    { match: { value: { id: 1 } }, given: { colour: 1 }, line: '✗ value.id: expected int 1, got nothing' },
    {
      match: { path: { '$.user_id': 'u1' } },
      given: { userId: 'u1' },
      line: '✗ path $.user_id: expected string "u1", got nothing (did you mean `$.userId`?)',
    },
  ])('names the field that $match may mean', ({ match, given, line }) => {
    expect(rules(match)[0]?.explain(message(given))).toEqual([line]);
  });

  it.each<[string, MatchSettings, Message, string]>([
    [
      'a key of another type',
      { key: 5 },
      message('x', { key: Buffer.from('5') }),
      '✗ key: expected int 5, got string "5" (it is text: write "5", or `string(…)` of a name)',
    ],
    ['the trace', { trace: 'current' }, withTraces(traceId), `✓ trace string "${traceId}"`],
    [
      'another trace',
      { trace: 'current' },
      withTraces(OTHER_TRACE),
      `✗ trace: expected string "${traceId}", got string "${OTHER_TRACE}"`,
    ],
    [
      'no trace',
      { trace: 'current' },
      message('x'),
      `✗ trace: expected string "${traceId}", got nothing: it has no header \`traceparent\`, which its sender has to take over from the request`,
    ],
    [
      'a bare number',
      { value: 42 },
      message('42'),
      '✗ value: expected int 42, got string "42" (it is text: write "42", or `string(…)` of a name)',
    ],
    [
      'a bare bool',
      { value: true },
      message(' true'),
      '✗ value: expected bool true, got string " true" (it is text: write "true", or `string(…)` of a name)',
    ],
    [
      'a JSON text',
      { value: 'hello' },
      message('"hello"'),
      `✗ value: expected string "hello", got string "\\"hello\\"" (it is a JSON text: write it with its quotes, '"hello"')`,
    ],
    [
      'a field of a JSON key',
      { key: { id: 2 } },
      message('x', { key: Buffer.from('{"id":1}') }),
      '✗ key.id: expected int 2, got int 1',
    ],
    [
      'broken JSON',
      { value: { id: 1 } },
      message('{"id":1,}'),
      '✗ value: expected map {"id": 1}, got string "{\\"id\\":1,}" (it is not JSON: ',
    ],
    [
      'JSON in JSON',
      { value: { id: 1 } },
      message('"{\\"id\\":1}"'),
      '(it is JSON inside a JSON text: it was encoded twice)',
    ],
    [
      'a number in eight bytes',
      { key: 42 },
      message('x', { key: Buffer.from([0, 0, 0, 0, 0, 0, 0, 42]) }),
      '(8 bytes, 42 as a whole number: they match by the text that is shown)',
    ],
    [
      'a number in four bytes',
      { key: 200 },
      message('x', { key: Buffer.from([0, 0, 0, 200]) }),
      'got string "AAAAyA==" (4 bytes, 200 as a whole number: they match by the text that is shown)',
    ],
    [
      'a schema registry',
      { value: { id: 1 } },
      message('x', { value: Buffer.from([0, 0, 0, 0, 7, 2, 255, 65]) }),
      '(bytes as serializers of a schema registry write them, with schema 7: Avro and Protobuf are not decoded)',
    ],
    [
      'other bytes',
      { value: { id: 1 } },
      message('x', { value: Buffer.from([1, 255, 3]) }),
      '(3 bytes that are not text: they match by the text that is shown)',
    ],
    [
      'a text like base64',
      { key: 'ada1' },
      message('x', { key: Buffer.from('bob1') }),
      '✗ key: expected string "ada1", got string "bob1"',
    ],
    ['plain text', { value: { id: 1 } }, message('hello'), '✗ value: expected map {"id": 1}, got string "hello"'],
  ])('hints at what text holds: %s', (_title, match, given, line) => {
    const said = rules(match)[0]?.explain(given)[0];
    expect(said).toContain(line);
    if (!line.includes('(')) expect(said).toBe(line);
  });

  it('says that nothing came', () => {
    expect(new Sightings([]).describe(since)).toEqual([{ title: 'messages', lines: [`none was seen ${since}`] }]);
  });

  inFullRun('keeps three of ten thousand', () => {
    const sightings = new Sightings(rules({ value: { n: -1, kind: 'x' } }));
    for (let n = 0; n < 10_000; n++) sightings.note(message({ n, kind: 'x' }, { offset: BigInt(n) }));
    const lines = sightings.describe(since)[1]?.lines ?? [];
    expect(lines.filter((line) => line.startsWith('orders'))).toHaveLength(3);
    expect(lines[0]).toContain('offset 9999');
  });
});

describe('a key that no message has', () => {
  const misspelt = (match: MatchSettings, ...messages: readonly Message[]): readonly string[] => {
    const sightings = new Sightings(rules(match));
    for (const one of messages) expect(sightings.note(one)).toBe(false);
    return sightings.describeMisspelt();
  };
  const given = message(
    { user_id: 'u-1', user: { name: 'Ann' }, items: [{ sku: 'A1' }] },
    { headers: [['event-type', Buffer.from('a')]] },
  );
  const note = (key: string, near: string) =>
    `no message that was seen has \`${key}\`; orders [0] offset 7 has \`${near}\``;

  it.each<[string, MatchSettings, string]>([
    ['value', { value: { user_idd: 'u-1' } }, note('value.user_idd', 'value.user_id')],
    ['value, inside', { value: { user: { nam: 'Ann' } } }, note('value.user.nam', 'value.user.name')],
    ['a path', { path: { '$.userId': 'u-1' } }, note('value.userId', 'value.user_id')],
    ['where', { where: where("value.user_idd == 'u-1'") }, note('value.user_idd', 'value.user_id')],
    ['headers', { headers: { 'event-typ': 'a' } }, note('headers["event-typ"]', 'headers["event-type"]')],
    ['a list', { value: { items: [{ skuu: 'A1' }] } }, note('value.items[0].skuu', 'value.items[0].sku')],
    ['a path over a list', { path: { '$.itemz[*].sku': 'A1' } }, note('value.itemz', 'value.items')],
    ['a path into a list', { path: { '$.items[*].skuu': 'A1' } }, note('value.items[0].skuu', 'value.items[0].sku')],
    [
      'a path with a position',
      { path: { "$['items'][0].skuu": 'A1' } },
      note('value.items[0].skuu', 'value.items[0].sku'),
    ],
    [
      'where, in a list',
      { where: where("value.items[0].skuu == 'A1'") },
      note('value.items[0].skuu', 'value.items[0].sku'),
    ],
    ['one that stands elsewhere', { value: { data: { user_id: 'u-1' } } }, note('value.data.user_id', 'value.user_id')],
    ['one that stands further in', { value: { sku: 'A1' } }, note('value.sku', 'value.items[0].sku')],
    ['a header that is in the value', { headers: { user_id: 'u-1' } }, note('headers.user_id', 'value.user_id')],
    [
      'one of the value that is a header',
      { value: { 'event-type': 'a' } },
      note('value["event-type"]', 'headers["event-type"]'),
    ],
    ['where, on the way', { where: where("value.usr?.name == 'Ann'") }, note('value.usr', 'value.user')],
  ])('is told with the one that may be meant: %s', (_what, match, text) => {
    expect(misspelt(match, given)).toEqual([text]);
    expect(misspelt(match, given, message({ id: 1 }))).toEqual([text]);
  });

  const typed = message({ run: 'r', n: 5, items: [{ sku: 7 }] }, { key: Buffer.from('12') });
  const slip = (text: string) => `orders [0] offset 7 differs by type alone: ${text}`;
  it.each<[string, MatchSettings, string]>([
    ['value', { value: { run: 'r', n: '5' } }, slip('`value.n` is int 5, and `match` has string "5"')],
    [
      'value, in a list',
      { value: { items: [{ sku: '7' }] } },
      slip('`value.items[0].sku` is int 7, and `match` has string "7"'),
    ],
    ['a path', { path: { '$.n': '5' }, value: { run: 'r' } }, slip('`path $.n` is int 5, and `match` has string "5"')],
    [
      'a path over a list',
      { path: { '$.items[*].sku': '7' } },
      slip('`path $.items[*].sku` is int 7, and `match` has string "7"'),
    ],
    ['the key', { key: 12 }, slip('`key` is string "12", and `match` has int 12')],
    [
      'where',
      { where: where("value.run == 'r' and value.n == '5'") },
      "orders [0] offset 7 may be meant: `value.n == '5'` compares int with string: they read the same and differ by type alone",
    ],
  ])('or that differs by its type alone: %s', (_what, match, text) => {
    expect(misspelt(match, typed)).toEqual([text]);
  });

  const written = message(
    { s: 'x ', id: 'AB-1', at: '2026-01-01T00:00:00Z', state: 'failed', payload: '{"order": 1, "b": 2}' },
    { key: Buffer.from('A '), headers: [['t', Buffer.from('Order')]] },
  );
  const other = (by: string, place: string, sides: readonly [string, string]) =>
    `orders [0] offset 7 differs by ${by} alone: \`${place}\` is string "${sides[0]}", and \`match\` has string "${sides[1]}"`;
  it.each<[string, MatchSettings, string]>([
    ['blanks of a value', { value: { s: 'x' } }, other('blanks', 'value.s', ['x ', 'x'])],
    ['letter case of an id', { value: { id: 'ab-1' } }, other('letter case', 'value.id', ['AB-1', 'ab-1'])],
    [
      'spelling of a time',
      { value: { at: '2026-01-01T00:00:00.000Z' } },
      other('how a time is written', 'value.at', ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z']),
    ],
    ['letter case and blanks of the key', { key: 'a' }, other('letter case and blanks', 'key', ['A ', 'a'])],
    ['letter case of a header', { headers: { t: 'order' } }, other('letter case', 'header t', ['Order', 'order'])],
    [
      'letter case, by a path',
      { path: { '$.state': 'Failed' } },
      other('letter case', 'path $.state', ['failed', 'Failed']),
    ],
    [
      'letter case, by a condition',
      { where: where("value.state == 'FAILED'") },
      'orders [0] offset 7 may be meant: "failed" and "FAILED" are one text but for letter case: `lower(value.state) == lower(\'FAILED\')` compares what they say',
    ],
    [
      'JSON in a text',
      { value: { payload: { order: 1 } } },
      'orders [0] offset 7 may be meant: `value.payload` is a text that holds this JSON',
    ],
  ])('or that says the same in another way: %s', (_what, match, text) => {
    expect(misspelt(match, written)).toEqual([text]);
  });

  it.each<[string, string, RegExp]>([
    [
      'JSON in a text of JSON',
      JSON.stringify('{"id": 1, "b": 2}'),
      /^orders \[0\] offset 7 may be meant: `value` is a text that holds this JSON$/,
    ],
    ['no JSON', '{"id": 1 trailing', /^orders \[0\] offset 7 may be meant: `value` is no JSON: /],
  ])('or whose value is %s', (_what, value, text) => {
    expect(misspelt({ value: { id: 1 } }, message(value))).toEqual([expect.stringMatching(text)]);
    expect(misspelt({ value: { id: 1 }, key: 'other' }, message(value))).toEqual([]);
  });

  it.each<[string, MatchSettings]>([
    ['the JSON in a text differs', { value: { payload: { order: 2 } } }],
    ['a word differs', { value: { state: 'fails' } }],
    ['two parts differ, one of them by more', { value: { state: 'FAILED', id: 'other' } }],
  ])('but not where %s', (_what, match) => {
    expect(misspelt(match, written)).toEqual([]);
  });

  it.each<[string, MatchSettings]>([
    ['another part differs', { value: { run: 's', n: '5' } }],
    ['another rule differs', { value: { n: '5' }, key: 'x' }],
    ['another condition is false', { where: where("value.run == 's' and value.n == '5'") }],
    ['the value differs', { value: { n: '6' } }],
  ])('but not where %s', (_what, match) => {
    expect(misspelt(match, typed)).toEqual([]);
  });

  it.each<[string, MatchSettings, readonly Message[]]>([
    ['one has it', { value: { user_idd: 'u-2' } }, [given, message({ user_idd: 'u-1' })]],
    ['it is there, with another value', { value: { user_id: 'u-2' } }, [given]],
    ['nothing is like it', { value: { order: 'u-2' } }, [given]],
    ['nothing came', { value: { user_idd: 'u-2' } }, []],
    ['the value is no map', { value: { user_idd: 'u-2' } }, [message('x')]],
  ])('is not where %s', (_what, match, messages) => {
    expect(misspelt(match, ...messages)).toEqual([]);
  });
});
