import { describe, expect, it } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { compilePath } from '../../src/capture/path.ts';
import { ExactNumber, parseJson, type Value } from '../../src/expr/index.ts';
import { explainPath, findPath } from './support.ts';

const items: Value = {
  max: 10,
  items: [
    { id: 1, price: 5, tags: ['x'], vip: true, discount: 20, deleted_at: null, name: 'axe' },
    { id: 2, price: 20, tags: [], vip: false, name: 'Saw' },
    { id: 3, price: '20', tags: ['x', 'y'], discount: 0, name: '' },
    { id: 4, vip: true },
  ],
};
const names: Readonly<Record<string, Value>> = {
  limit: 10,
  wanted: 2,
  user: { id: 3, ids: [1, 4] },
  word: 'Saw',
  on: true,
  gone: 'gone',
  at: 'at',
  price: 'price',
  first: 0,
  last: 1,
};

/** The ids of the items that satisfy a condition. */
function select(condition: string): Value {
  try {
    return findPath(`$.items[?${condition}].id`, items, names);
  } catch (error) {
    if (error instanceof CaptureError && error.kind === 'missing') return [];
    throw error;
  }
}

describe('a condition that RFC 9535 can read', () => {
  it.each<[string, readonly number[]]>([
    // What is there, whatever it is.
    ['@.discount', [1, 3]],
    ['@.deleted_at', [1]],
    ['@.vip', [1, 2, 4]],
    ['(@.name)', [1, 2, 3]],
    ['!@.discount', [2, 4]],
    ['@.discount || @.vip', [1, 2, 3, 4]],
    ['@.discount && @.vip', [1]],
    ['!(@.discount || @.vip)', []],
    ['@.tags[1]', [3]],
    ['@.tags[?@ == "x"]', [1, 3]],
    ['@.*', [1, 2, 3, 4]],
    // What is missing loses no item, and equals only what is missing.
    ['@.discount > 10 || @.vip == true', [1, 4]],
    ['@.price > 10', [2]],
    ['!(@.price > 10)', [1, 3, 4]],
    ['@.price != 5', [2, 3, 4]],
    ['@.deleted_at == null', [1]],
    ['@.deleted_at <= null', [1]],
    ['@.gone == @.lost', [1, 2, 3, 4]],
    ['@.gone >= @.lost', [1, 2, 3, 4]],
    ['@.gone < @.lost', []],
    ['@.price == $.max', []],
    ['@.price >= $.max', [2]],
    ['@.tags == $.items[0].tags', [1]],
    // Functions.
    ['length(@.tags) >= 1', [1, 3]],
    ['length(@.name) == 0', [3]],
    ['length(@) == 2', [4]],
    ['count(@.tags[*]) == 0', [2, 4]],
    ['count(@..*) >= 8', [1]],
    ['value(@.tags[0:1]) == "x"', [1, 3]],
    ['match(@.name, "a.*")', [1]],
    ['search(@.name, "[aw]")', [1, 2]],
    ['!match(@.name, ".+")', [3, 4]],
    ['match(@.name, @.name)', [1, 2, 3]],
  ])('%s', (condition, expected) => {
    expect(select(condition)).toEqual(expected);
  });

  it('compares numbers by value, digit for digit', () => {
    const list = parseJson('[9007199254740993, 9007199254740992, 0.1, 1.0, 100000000000000000000.5]');
    expect(findPath('$[?@ == 9007199254740993]', list)).toEqual([new ExactNumber('9007199254740993')]);
    expect(findPath('$[?@ == 9007199254740992]', list)).toEqual([9007199254740992]);
    expect(findPath('$[?@ > 9007199254740992 && @ < 9007199254740994]', list)).toHaveLength(1);
    expect(String(findPath('$[?@ == 1e0 || @ == 1e-1]', list))).toBe('0.1,1.0');
    expect(findPath('$[?@ > 100000000000000000000.4]', list)).toHaveLength(1);
  });

  it('matches in linear time, and takes a pattern of the data that is not valid for none', () => {
    expect(findPath('$[?match(@, "(a+)+b")]', [`${'a'.repeat(50_000)}c`, 'aab'])).toEqual(['aab']);
    expect(() => findPath('$.list[?search(@, $.pattern)]', { pattern: '(', list: ['(', 'a'] })).toThrow(CaptureError);
    expect(findPath('$[?match(@, "a.b")]', ['a\rb', 'a\nb', 'a\u2028b'])).toEqual(['a\u2028b']);
    expect(() => findPath('$[?match(@, "a|b")]', ['ax', 'xb'])).toThrow(CaptureError);
  });
});

describe('a condition that is an expression', () => {
  it.each<[string, readonly number[]]>([
    ['@.price > limit', [2]],
    ['@.id == user.id', [3]],
    ['@.id in user.ids', [1, 4]],
    ['@.name == {{word}}', [2]],
    ["@.name == '{{word}}'", [2]],
    ['match(@.name, word)', [2]],
    ['match(@.name, "{{word}}")', [2]],
    ["match(@.name, '{{word}}')", [2]],
    ['match(@.name, {{ word }})', [2]],
    ['match(@.name, ${word})', [2]],
    ['match(@.name, <<word>>)', [2]],
    ['!match(@.name, "{{word}}")', [1, 3, 4]],
    ['match(@.name, "{{word}}.+")', []],
    ['search(@.name, "[{{word}}]")', [1, 2]],
    ['search(@.name, "^{{word}}$") and @.id > 1', [2]],
    ['not match(@.name, "{{word}}") and length(@.name) > 0', [1]],
    ['length(@.name) == {{wanted}}', []],
    ['any([@.name ?? ""], search(#, "S")) and length(upper(@.name)) > 1', [2]],
    ['count(@.tags[*]) == wanted', [3]],
    ['@.tags[?@ == "y"] && @.id > wanted', [3]],
    ['"y" in @.tags', [3]],
    ['@.name startsWith "a"', [1]],
    ['not (@.name startsWith "a")', [2, 3, 4]],
    ['len(@.tags) == 2', [3]],
    ['len(@.tags) != 2', [1, 2, 4]],
    ['(@.discount ?? 0) == 0', [2, 3, 4]],
    ['1 < @.id <= 3', [2, 3]],
    ['@.id == len($.items)', [4]],
    ['@.discount + 1 == 1 or @.id == 4', [3, 4]],
    ['any(@.tags ?? [], # == "y")', [3]],
    // Its comparisons are those of RFC 9535 all the same.
    ['@.discount > 10 or @.vip == true', [1, 4]],
    ['@.price != limit', [1, 2, 3, 4]],
    ['@.deleted_at == nil', [1]],
    ['@.deleted_at?.x == nil', [1, 2, 3, 4]],
    // So they are where a key is computed: what is missing is not null.
    ['@["{{gone}}x"] == null', []],
    ['@["deleted_{{at}}"] == null', [1]],
    ['@["deleted_{{at}}"] != null', [2, 3, 4]],
    ['not (@["{{gone}}x"] == null)', [1, 2, 3, 4]],
    ['null == @["{{gone}}x"]', []],
    ['@["{{gone}}x"].y[0] == null', []],
    ['@["{{gone}}x"] == @.lost', [1, 2, 3, 4]],
    ['@["{{gone}}x"] > 1 or @["{{price}}"] == 20', [2]],
    ['@[price] > limit', [2]],
    ['@.name == $[gone]', [4]],
    ['@.name == $[gone] and true', [4]],
    ['$[gone] == nil or @.id == 1', [1]],
    ['@.tags[first] == "x"', [1, 3]],
    ['@.tags[last] == "y"', [3]],
    ['@.tags[wanted] == nil', []],
    ['@[@.name] == nil', []],
    ['@.id == $.items[first].id', [1]],
    // A member by itself is its value, not whether it is there.
    ['@.vip and @.id > 0', [1, 4]],
    ['@.vip && @.id < limit', [1, 4]],
    ['not @.vip', [2, 3]],
    ['@.vip && on', [1, 4]],
  ])('%s', (condition, expected) => {
    expect(select(condition)).toEqual(expected);
  });

  it('tells the names of the flow that it reads, at their places', () => {
    const { names: read } = compilePath(
      '$.items[?(@.id == user.id and @.price < $.max)]..[?@.x[?@ == y["z"]] || @.a > w]',
    );
    expect(read).toMatchObject([
      { name: 'user', offset: 18, path: ['id'] },
      { name: 'y', offset: 61, path: ['z'] },
      { name: 'w', offset: 78 },
    ]);
  });

  it.each<[string, string, readonly string[], number]>([
    ['len(@.id) == 2', '`len(@.id) == 2` cannot be evaluated for item 0 (counted from 0): `len` needs', [], 9],
    ['@.price * 2 > 20', '`@.price * 2 > 20` cannot be evaluated for item 2 (counted from 0): `*` does not fit', [], 9],
    [
      '@.id > 2 and upper(@.name)',
      'for item 2 (counted from 0): `upper(@.name)` gives string, not bool',
      ['compare it'],
      22,
    ],
    [
      'search(@.name, "{{word}}(")',
      'cannot be evaluated for item 0 (counted from 0): the pattern is not valid',
      [],
      24,
    ],
    ['search(@.name, limit)', 'the pattern `limit` is int, not string', ['write `"{{limit}}"`'], 24],
    ['match(@.name, {{limit}})', 'the pattern `{{limit}}` is int, not string', ['write `"{{limit}}"`'], 23],
  ])(
    '%s says which item it cannot be evaluated for, and no default stands for it',
    (condition, message, hints, offset) => {
      const path = `$.items[?${condition}].id`;
      const reported = explainPath(path, items, names);
      expect(reported[0]).toContain(message);
      for (const hint of hints) expect(reported.join()).toContain(hint);
      expect(() => findPath(path, items, names)).toThrow(expect.objectContaining({ kind: 'condition', offset }));
    },
  );
});

describe('a path whose condition takes nothing', () => {
  it.each<[string, readonly string[]]>([
    ['@.prize > 1', ['no item has `@.prize`', 'did you mean `price`?']],
    ['@.tags.length > 1', ['`@.tags` has no key `length`: its length is `length(@.tags)`']],
    ['@.price == "5"', ['`@.price == "5"` compares int with string']],
    ['@.name > limit', ['`@.name > limit` compares string with int', '`limit` is 10']],
    ['search(@.name, "{{word}} x")', ['`"{{word}} x"` is "Saw x"']],
    ['search(@.id, "1")', ['`search(@.id, "1")` looks into texts alone, and got int']],
    ['@.price > 100', ['`@.price > 100` compares string with int']],
    ['count(@.tags) > 1', ['`count(@.tags)` is at most 1: `length(@.tags)` is the number of its items']],
    ['@.id > 100', []],
    [
      '@.gone == null',
      [
        'no item has `@.gone`: the first has `id`, `price`, `tags`, `vip`, `discount`, `deleted_at` and `name`',
        'a missing key is not null: `!@.gone` asks for that',
      ],
    ],
  ])('%s: %j', (condition, hints) => {
    const [message, ...told] = explainPath(`$.items[?${condition}].id`, items, names);
    expect(message).toContain(`no item of \`items\` satisfies \`[?${condition}]\``);
    expect(told).toEqual(hints);
  });
});
