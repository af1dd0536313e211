import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../../src/expr/index.ts';
import { remarksOf } from './remarked.ts';

const BODY = {
  ids: [1, 2],
  tags: ['Admin'],
  user: { user_id: 1, name: 'Ada ', sub: { State: 'DELETED' } },
  rows: [{ id: 1, st: 'Failed' }],
  created_at: '2024-01-01T00:00:00Z',
  epoch: 1704067200,
  dur: '5s',
  at: ['2024-01-01T00:00:00Z'],
};

const types = (test: string, one: string, other: string): string =>
  `\`${test}\` compares ${one} with ${other}: they read the same and differ by type alone`;

describe('a date or a duration that has to be none that a text or a number says', () => {
  const now = 'date("2024-01-01T00:00:00Z")';
  it.each([
    [`body.created_at != ${now}`, types(`body.created_at != ${now}`, 'string', 'time.Time')],
    [
      'date(body.created_at) != "2024-01-01T00:00:00Z"',
      types('date(body.created_at) != "2024-01-01T00:00:00Z"', 'time.Time', 'string'),
    ],
    ['date(body.created_at) != "2024-01-01"', types('date(body.created_at) != "2024-01-01"', 'time.Time', 'string')],
    [`body.epoch != ${now}`, types(`body.epoch != ${now}`, 'int', 'time.Time')],
    [`body.epoch * 1000 != ${now}`, types(`body.epoch * 1000 != ${now}`, 'int', 'time.Time')],
    ['body.dur != duration("5s")', types('body.dur != duration("5s")', 'string', 'time.Duration')],
    [
      `${now} not in body.at`,
      `\`${now} not in body.at\` looks for time.Time: an item that reads the same is string, and differs by type alone`,
    ],
    [`none(body.at, # == ${now})`, types(`# == ${now}`, 'string', 'time.Time')],
    [`find(body.at, # == ${now}) == nil`, types(`# == ${now}`, 'string', 'time.Time')],
    [`findIndex(body.at, # == ${now}) == nil`, types(`# == ${now}`, 'string', 'time.Time')],
    [`count(body.at, # == ${now}) == 0`, types(`# == ${now}`, 'string', 'time.Time')],
    [`not any(body.at, # == ${now})`, types(`# == ${now}`, 'string', 'time.Time')],
  ])('is noted: %s', (source, note) => {
    expect(remarksOf(source, { body: BODY })).toEqual([note]);
  });

  it.each([
    'body.created_at != date("2024-01-01T00:00:01Z")',
    'date(body.created_at) != "2024-01-02"',
    'body.epoch != date("2024-01-01T00:00:01Z")',
    'body.dur != duration("6s")',
    'body.dur != date("2024-01-01T00:00:00Z")',
  ])('is not where they say another: %s', (source) => {
    expect(remarksOf(source, { body: BODY })).toEqual([]);
  });
});

describe('what differs below the top of a value by type, letter case, blanks or the spelling of a key alone', () => {
  const equal = (left: string, right: string, by: string): string =>
    `\`${left}\` and \`${right}\` are equal but for ${by}`;
  it.each([
    ['body.ids != ["1","2"]', equal('body.ids', '["1","2"]', 'type (`[0]` is 1, not "1")')],
    ['not (body.ids == ["1", 2])', equal('body.ids', '["1", 2]', 'type (`[0]` is 1, not "1")')],
    [
      'not same_items(body.ids, ["2","1"])',
      '`same_items(body.ids, ["2","1"])` is so but for type (`[1]` is 2, not "2")',
    ],
    ['not same_items(body.ids, [2,"1"])', '`same_items(body.ids, [2,"1"])` is so but for type (`[0]` is 1, not "1")'],
    ['not contains_all(body.ids, ["1"])', '`contains_all(body.ids, ["1"])` is so but for type (`[0]` is 1, not "1")'],
    [
      'not contains_all(body.tags, ["admin"])',
      '`contains_all(body.tags, ["admin"])` is so but for letter case (`[0]` is "Admin", not "admin")',
    ],
    [
      'not matches_partial(body.user, {user_id: "1"})',
      '`matches_partial(body.user, {user_id: "1"})` is so but for type (`user_id` is 1, not "1")',
    ],
    [
      'not matches_partial(body.user, {userId: 1})',
      '`matches_partial(body.user, {userId: 1})` is so but for the spelling of a key (`userId` is there as `user_id`)',
    ],
    [
      'not matches_partial(body.user, {sub: {State: "deleted"}})',
      '`matches_partial(body.user, {sub: {State: "deleted"}})` is so but for letter case (`sub.State` is "DELETED", not "deleted")',
    ],
    [
      'none(body.rows, matches_partial(#, {st: "failed"}))',
      '`matches_partial(#, {st: "failed"})` is so but for letter case (`st` is "Failed", not "failed")',
    ],
    [
      '{id: 1, st: "failed"} not in body.rows',
      '`{id: 1, st: "failed"} not in body.rows` looks for map: an item is equal but for letter case (`[0].st` is "Failed", not "failed")',
    ],
    [
      'body.rows[0] != {id: 1, st: "failed"}',
      equal('body.rows[0]', '{id: 1, st: "failed"}', 'letter case (`st` is "Failed", not "failed")'),
    ],
    [
      'body.rows != [{st: "failed ", id: "1"}]',
      equal(
        'body.rows',
        '[{st: "failed ", id: "1"}]',
        'letter case and blanks and type (`[0].st` is "Failed", not "failed ")',
      ),
    ],
    [
      'body.user.sub != {State: "deleted"}',
      equal('body.user.sub', '{State: "deleted"}', 'letter case (`State` is "DELETED", not "deleted")'),
    ],
    [
      'body.user.sub != {state: "DELETED"}',
      equal('body.user.sub', '{state: "DELETED"}', 'the spelling of a key (`state` is there as `State`)'),
    ],
    [
      'map(body.rows, .st) != ["failed"]',
      equal('map(body.rows, .st)', '["failed"]', 'letter case (`[0]` is "Failed", not "failed")'),
    ],
    [
      'uniq(map(body.rows, .st)) != ["failed"]',
      equal('uniq(map(body.rows, .st))', '["failed"]', 'letter case (`[0]` is "Failed", not "failed")'),
    ],
    [
      'values(body.user.sub) != ["deleted"]',
      equal('values(body.user.sub)', '["deleted"]', 'letter case (`[0]` is "DELETED", not "deleted")'),
    ],
    ['groupBy(body.rows, .st)["failed"] == nil', '`groupBy(body.rows, .st)` has no `failed`; there is `Failed`'],
    ['"failed" not in keys(groupBy(body.rows, .st))', '`groupBy(body.rows, .st)` has no `failed`; there is `Failed`'],
    [
      'not (body.user.sub.State in {deleted: true})',
      '`body.user.sub.State in {deleted: true}` looks for string: it and "deleted" are one text but for letter case',
    ],
    [
      'not matches_schema(body.user, {required: ["userId"]})',
      '`matches_schema(body.user, {required: ["userId"]})` is so but for the spelling of a key (`userId` is there as `user_id`)',
    ],
    [
      'not matches_schema(body, {properties: {user: {properties: {sub: {required: ["state"]}}}}})',
      '`matches_schema(body, {properties: {user: {properties: {sub: …` is so but for the spelling of a key (`state` is there as `user.sub.State`)',
    ],
    [
      '[date(body.created_at)] != body.at',
      equal('[date(body.created_at)]', 'body.at', 'type (`[0]` is 2024-01-01T00:00:00Z, not "2024-01-01T00:00:00Z")'),
    ],
  ])('is noted: %s', (source, note) => {
    expect(remarksOf(source, { body: BODY })).toEqual([note]);
  });

  it.each(['one(body.rows, .st == "failed") == false', 'findIndex(body.rows, .st == "failed") == nil'])(
    'is noted of each item: %s',
    (source) => {
      expect(remarksOf(source, { body: BODY })).toEqual([
        '"Failed" and "failed" are one text but for letter case: `lower(.st) == lower("failed")` compares what they say',
      ]);
    },
  );

  it.each([
    'body.ids != ["1", "3"]',
    'body.ids != ["1"]',
    'not same_items(body.ids, ["1", "3"])',
    'not contains_all(body.ids, ["3"])',
    'not matches_partial(body.user, {userId: 2})',
    'not matches_partial(body.user, {user_id: "1", sub: {State: "ready"}})',
    'body.rows[0] != {id: 2, st: "failed"}',
    'body.rows[0] != {id: 1, st: "Failed", at: 3}',
    'body.user.sub != {Status: "DELETED"}',
    '{id: 2, st: "failed"} not in body.rows',
    'body.rows != []',
    'groupBy(body.rows, .st)["ready"] == nil',
    'one(body.rows, .st == "ready") == false',
    'not (body.user.sub.State in {ready: true})',
    'not matches_schema(body.user, {required: ["email"]})',
    'not matches_schema(body.user, {required: ["userId"], properties: {name: {type: "integer"}}})',
    'body.ids == [1, 2] or body.ids != ["1", "2"]',
  ])('is not where something else differs, too, or it need not differ: %s', (source) => {
    expect(remarksOf(source, { body: BODY })).toEqual([]);
  });

  it('is looked for no further than it can be quick', () => {
    const listOf = (length: number, write: (index: number) => string | number) =>
      Array.from({ length }, (_, index) => write(index));
    const compare = (length: number) =>
      remarksOf('a != b', { a: listOf(length, (index) => index), b: listOf(length, (index) => String(index)) });
    expect(compare(1000)).toEqual(['`a` and `b` are equal but for type (`[0]` is 0, not "0")']);
    expect(compare(100_000)).toEqual([]);
  });
});

describe('what a database gives and a text says otherwise', () => {
  it.each([
    [
      'a != "2024-01-01 00:00:00"',
      '"2024-01-01T00:00:00.000" and "2024-01-01 00:00:00" are one point in time, written differently: `date(a) != date("2024-01-01 00:00:00")` compares what they say',
    ],
    ['n != "1.5"', types('n != "1.5"', 'float', 'string')],
    ['n != "1.500"', types('n != "1.500"', 'float', 'string')],
    [
      'bytes != "abc"',
      '"YWJj" and "abc" are one text, once in base64: `fromBase64(bytes) != "abc"` compares what they say',
    ],
  ])('is noted: %s', (source, note) => {
    const data = { a: '2024-01-01T00:00:00.000', n: new ExactNumber('1.50'), bytes: 'YWJj' };
    expect(remarksOf(source, data)).toEqual([note]);
  });

  it.each(['a != "2024-01-01 00:00:01"', 'a != "2024-01-01T00:00:00Z"', 'n != "1.51"', 'bytes != "abd"'])(
    'is not where it says something else: %s',
    (source) => {
      const data = { a: '2024-01-01T00:00:00.000', n: new ExactNumber('1.50'), bytes: 'YWJj' };
      expect(remarksOf(source, data)).toEqual([]);
    },
  );
});
