import { describe, expect, it } from 'vitest';
import { compile, ExactNumber, parseJson, type Value } from '../../../src/expr/index.ts';
import { measureCpuMs } from '../../support/cpu-time.ts';
import { createEnv, host } from '../support.ts';

const names: { readonly [name: string]: Value } = {
  status: 200,
  total: 10,
  ok: 'true',
  yes: true,
  wanted: { status: '200', all: ['{"city": "Ulm"}'], nil: 'null', json: '{"city": "Bonn"}' },
  count: '7',
  name: 'Blue Mug',
  nothing: null,
  xs: [1, 2, 3],
  cookies: ['session=ab12; Path=/', 'theme=dark'],
  address: { city: 'Bonn', 'zip-code': '53111' },
  one: ['admin'],
  doubled: ['x', 'x', 'y'],
  empty: [],
  dotted: { meta: { 'total.count': 3 }, 'k.l': [{ 'm.n': 1 }] },
  body: { userId: 3, note: null, items: [{ sku: 'A' }, { sku: 'B' }], tags: ['x', 'y'], deep: { city: 'Ulm' } },
  headers: { 'X-Id': 'r-1', Vary: 'Accept, Origin', type: 'application/json; charset=utf-8' },
  price: '10.00',
  padded: ' 10 ',
  json: '{"id": 7}',
  big: new ExactNumber('9007199254740993'),
  time: '2026-01-31T10:00:00Z',
  person: { first: 'Ada', last: 'Lovelace' },
};

type Cases = readonly (readonly [string, ...RegExp[]])[];

const kinds: Readonly<Record<string, Cases>> = {
  types: [
    [
      'status == "200"',
      /^int 200 is not string "200": a number never equals a text; leave out the quotes, or compare `string\(status\)`$/,
    ],
    ['"200" == status', /^int 200 is not string "200".*`string\(status\)`$/],
    [
      'count == 7',
      /^string "7" is not int 7: a text never equals a number; quote the expected value, or compare `int\(count\)`$/,
    ],
    [
      'wanted.status == status',
      /^string "200" is not int 200: .*; compare `int\(wanted.status\)`, or `string\(status\)`$/,
    ],
    [
      'status == wanted.status',
      /^int 200 is not string "200": .*; compare `string\(status\)`, or `int\(wanted.status\)`$/,
    ],
    ['body.deep in wanted.all', /is close: `body.deep` is a map, .*: compare `fromJSON\(wanted.all\[0\]\)`$/],
    ['{"n": 0 - status} == {"n": "-200"}', /leave out the quotes/],
    ['{"n": string(0 - status)} == {"n": -200}', /quote the expected value/],
    ['{"status": status} == wanted', /int 200 is .*; compare `string\(status\)`, or `int\(…\)`$/],
    ['{"status": status} == {"status": "200"}', /int 200 is .*; leave out the quotes, or compare/],
    ['yes == ok', /^bool true is not string "true": compare `string\(yes\)`$/],
    ['ok == yes', /^string "true" is not bool true: compare `string\(yes\)`$/],
    ['nothing == wanted.nil', /^nil is not the text "null": the value was turned into text somewhere$/],
    ['body.deep == wanted.json', /^`body.deep` is a map, not JSON text: compare `fromJSON\(wanted.json\)`$/],
    ['count == 7.5', /^string "7" is not float 7.5: a number never equals a text$/],
    ['ok == true', /^string "true" is not bool true: the value is a text: quote the expected value$/],
    ['yes == "true"', /^bool true is not string "true": leave out the quotes$/],
    ['yes == 1', /^bool true is not int 1: there is no truthiness$/],
    ['status in ["200", "201"]', /^int 200 is never string "200"$/],
    ['status > "100"', /^leave out the quotes around 100$/],
    ['price > 5', /^`price` is a text: convert it with `float\(price\)`$/],
    ['price * 2 > 5', /^`price` is a text: convert it with `float\(price\)`$/],
    ['padded > 5', /^`padded` is a text: convert it with `int\(trim\(padded\)\)`$/],
    ['count > 5', /^`count` is a text: convert it with `int\(count\)`$/],
    ['any(person, # == "Ada")', /^`person` is a map: its values are `values\(person\)`$/],
    ['sum("[1, 2]") == 3', /^`"\[1, 2\]"` is a text that begins like JSON: read it with `fromJSON\("\[1, 2\]"\)`$/],
    ['name > 5', /^`name` is a text that is not a number$/],
    ['status matches "2.."', /^`status` is int: convert it with `string\(status\)`$/],
    ['"9" > "10" and "10" > "9"', /^texts are ordered character by character/],
    [
      '"2024-05-06T12:00:00+02:00" < "2024-05-06T11:00:00Z"',
      /^texts are ordered character by character, which is not the order of these times: compare `date\("2024-05-06T12:00:00\+02:00"\) < date\("2024-05-06T11:00:00Z"\)`$/,
    ],
    ['date(time) == time', /^time.Time is not string/],
    ['status', /^the value is int, not bool: compare it with something, as in `status == 200`$/],
    ['xs', /as in `len\(xs\) > 0`$/],
    ['nothing', /as in `nothing != nil`$/],
  ],
  keys: [
    ['body.user_id == 3', /^`body` has no `user_id`, but it has `userId`$/],
    ['body.nope == 3', /^`body` has no `nope`: did you mean `note`\? its keys are `userId`, `note`/],
    ['{"value": {"id": 1}, "offset": 1}.body == 3', /has no `body`: did you mean `.*\.value`\?$/],
    ['status.code == 200', /^`status` is int and has no keys: compare it itself, as in `status == …`$/],
    ['body.zzz == 3', /^`body` has no `zzz`; its keys are `userId`, `note`, `items`, `tags`, `deep`$/],
    ['body.city == "Ulm"', /^`body` has no `city`, but `body.deep.city` is there$/],
    [
      'dotted.meta.total.count == 3',
      /^`dotted.meta` has no `total`, but `dotted.meta\["total.count"\]` is there$/,
      /^use `\?\.`/,
    ],
    ['dotted.k.l[0].m.n == 3', /^`dotted` has no `k`, but `dotted\["k.l"\]` is there$/, /^use `\?\.`/],
    [
      'dotted["k.l"][0].m.n == 3',
      /^`dotted\["k.l"\]\[0\]` has no `m`, but `dotted\["k.l"\]\[0\]\["m.n"\]` is there$/,
      /^use `\?\.`/,
    ],
    ['body.length == 5', /^`body` has no `length`: did you mean `len\(body\)`\?$/],
    ['body.missing?.deep == 1', /^`body` has no `missing`/],
    ['body.missing.deep == 1', /^`body` has no `missing`/, /^use `\?\.` where nil is expected$/],
    ['body.note == 1', /^`body.note` is there, and it is nil \(null\)$/],
    ['body.note.x == 1', /^`body.note` is there, and it is nil \(null\)$/],
    ['len(body.note) == 1', /^`body.note` is there, and it is nil \(null\)$/],
    ['nothing > 1', /^`nothing` is nil: give it a value with `\?\?`/],
    ['nothing == ""', /^nil is not "": compare `\(nothing \?\? ""\)`/],
    ['nothing == "null"', /^nil is not the text "null": leave out the quotes$/],
    ['status == nothing', /^the expected value, `nothing`, is nil$/],
    ['"user_id" in body', /^`body` has no key "user_id", but has "userId"$/],
    ['"r-1" in headers', /^`in` looks at the keys of a map; `X-Id` has that value$/],
  ],
  lists: [
    [
      'body.items.sku == "A"',
      /^`body.items` is an array of 2 items: take one, as in `body.items\[0\].sku`, or test them with `all\(body.items, .sku == …\)`$/,
    ],
    ['empty.sku == "A"', /^`empty` is an empty array: it has no item to read `sku` of$/],
    ['xs["0"] == 1', /leave out the quotes, as in `xs\[0\]`$/],
    ['xs.length == 3', /^`xs` is an array: did you mean `len\(xs\)`\?$/],
    ['xs[3] == 3', /^indexes count from 0: the last item is `xs\[2\]`, or `xs\[-1\]`$/],
    ['xs[7] == 3', /^the items are `xs\[0\]` to `xs\[2\]`$/],
    ['one[5] == ""', /^the only item is `one\[0\]`$/],
    ['empty[0] == 1', /^`empty` is an empty array$/],
    ['any(empty, # > 1)', /^`empty` is an empty array: there is no item to look at$/],
    ['xs == 1', /^`xs` is an array, and `xs\[0\]` is the expected value/],
    ['xs == 9', /^`xs` is an array: take an item, as in `xs\[0\]`, or test with `… in xs`$/],
    ['"admin" == one', /`one\[0\]` is the expected value/],
    ['name == ["Blue Mug"]', /^`name` is one of the expected items: test with `name in …`$|^`name` is one text/],
    [
      'headers["X-Id"][0] == "r"',
      /is one text, not an array: leave out the index; a part of it is taken with `headers\["X-Id"\]\[0:1\]`$/,
    ],
    [
      'headers.Vary == ["Accept", "Origin"]',
      /is one text, not an array: take it apart with `split\(headers.Vary, ", "\)`$/,
    ],
    ['"Accept" in headers.Vary', /^`headers.Vary` is a text: test with `headers.Vary contains "Accept"`$/],
    ['address contains "Bonn"', /^`address` is a map: test `address.city contains "Bonn"`$/],
    ['address startsWith "53"', /^`address` is a map: test `address\["zip-code"\] startsWith "53"`$/],
    ['address contains "city"', /^`address` is a map: test for a key with `"city" in address`$/],
    ['address contains "Köln"', /^`address` is a map: name a key of it, as in `address.name contains …`$/],
    [
      'address contains {"city": "Bonn"}',
      /^`address` is a map: test with `matches_partial\(address, {"city": "Bonn"}\)`$/,
    ],
    ['cookies contains "session="', /^`cookies` is an array: test with `any\(cookies, # contains "session="\)`$/],
    ['cookies startsWith "sess"', /^`cookies` is an array: test with `any\(cookies, # startsWith "sess"\)`$/],
    ['body.tags contains "x"', /^`body.tags` is an array: test with `"x" in body.tags`$/],
    ['body.tags contains ["x"]', /test with `contains_all\(body.tags, \["x"\]\)`$/],
    [
      '"A" in body.items',
      /^the items are maps, and `sku` of one has that value: test with `any\(body.items, .sku == "A"\)`$/,
    ],
    [
      '"X" in body.tags',
      /^item `\[0\]` is close: the texts differ only in case: compare `lower\(body.tags\[0\]\)`, with the other side in small letters too$/,
    ],
    ['"Admim" in one', /^"admin" is close to "Admim"$/],
    ['body.tags == ["y", "x"]', /^if the order does not matter, compare with `same_items\(body.tags, …\)`$/],
    ['all(xs, # < 3)', /^for `xs\[2\]` both sides are equal, which `<` excludes: `# <= …` includes it$/],
    ['doubled == ["y", "x"]', /^`doubled\[0\]` is an expected item: the order differs as well$/],
    ['len(xs) > 3', /^both sides are equal, which `>` excludes: `len\(xs\) >= …` includes it$/],
    [
      'body == {user_id: 3, note: nil, items: [], tags: [], deep: {}}',
      /^`body.user_id` is missing, but `body.userId` is there$/,
    ],
    ['body.deep == {town: "Ulm"}', /^`body.deep.town` is missing, but `body.deep.city` has its value$/],
    [
      '{first: "Lovelace", last: "Ada"} == {first: person.first, last: person.last}',
      /^`…?\.?first` and `…?\.?last` have each other's value: were they swapped\?$/,
    ],
    ['all(body.items, .Sku == "A")', /^`body.items\[0\]` has no `Sku`, but it has `sku`$/],
    ['all(body.items, .sku.x == "A")', /^`body.items\[0\].sku` is a text and has no keys$/],
  ],
  numbers: [
    [
      '0.1 + 0.2 == 0.3',
      /^they differ by 5.6e-17, as calculations with floats do: compare `approx\(0.1 \+ 0.2, …, 0.000001\)`$/,
    ],
    ['big == 9007199254740992', /^they differ only beyond the 15 to 17 digits that a float keeps/],
    ['total * 599.8 == 59.98', /^one is exactly 100 times the other/],
    ['1500 == 1.5', /^one is exactly 1000 times the other/],
    ['1769853600 == 1769857200', /^as points in time they are exactly 1 h apart/],
    ['1769853600 == time', /^the number is the same point in time in seconds/],
    ['1769853600000 == time', /^the number is the same point in time in milliseconds/],
    ['status == 201'],
    ['status == 20.5'],
    ['total == -10', /^they differ only in sign$/],
    ['0.19 == total * 1.9', /^one is exactly 100 times the other: a share and a percentage\?$/],
    ['total == 9.98', /^the value is the expected one, rounded to a whole number$/],
    ['total * 2.998 == 29.9', /^the expected value is this one, cut off after 1 decimal place$/],
    ['"12,50" == 12.5', /; it is the same number, with a comma$/],
    ['"1.234,50" == 1234.5', /; it is the same number, with a comma$/],
    ['"1,2" == 12.5', /a number never equals a text$/],
    ['"" + "" == nothing', /^an empty text is not nil$/],
  ],
  JSON: [
    [
      'json == {id: 7}',
      /^`json` is a text that holds JSON, and that is the expected value: compare `fromJSON\(json\)`$/,
    ],
    ['json == {id: 8}', /^`json` is a text that holds JSON: compare `fromJSON\(json\)`$/],
    ['json.id == 7', /^`json` is a text that holds JSON: read it with `fromJSON\(json\).id`$/],
    [
      '"[{" .id == 7',
      /^`"\[\{"` is a text that begins like JSON, but is not JSON: it ends before the `\{` at character 2 is closed/,
    ],
    ['"[1}".id == 7', /but is not JSON: the `\}` at character 3 does not close any open bracket$/],
    ['\'{"a": }\'.id == 7', /but is not JSON: line 1, column 7: expected a value, got `}`$/],
    [`json == '{"id":7}'`, /^the texts are the same JSON/],
    [`body.deep == '{"city": "Ulm"}'`, /^`body.deep` is a map, not JSON text/],
  ],
  patterns: [
    ['name matches "^blue"', /`\(\?i\)`$/],
    ['name + " " matches "Mug$"', /^it matches without the spaces at the ends/],
    ['"a\\nb" matches "a.b"', /`\(\?s\)`$/],
    ['"a\\nb" matches "^b$"', /`\(\?m\)`/],
    ['"ORD-x" matches "^ORD-\\\\d+$"', /^the pattern matches up to `\^ORD-`; then `\\d\+\$` does not fit$/],
    ['"ORD-1x" matches "^ORD-\\\\d+$"', /^the pattern matches except for `\$`: the text "ORD-1x" goes on after it$/],
    ['"my ORD-1" matches "^ORD"', /leave out `\^`/],
    ['"x" matches "^(ab|cd)$"'],
    ['name startsWith "blue"', /ignored: test `lower\(name\)`$/],
    ['name startsWith "Mug"', /^it has "Mug", but "Blue " before it$/],
    ['name endsWith "Blue"', /^it has "Blue", but goes on with " Mug"$/],
    ['name startsWith "Red"', /^it begins with "Blu"$/],
    ['name endsWith "Jar"', /^it ends with "Mug"$/],
    ['name contains "mug"', /test `lower\(name\) contains …`$/],
    ['json contains \'{"id":7\'', /^it is there with different spaces/],
    ['nothing contains "a"', /^`nothing` is nil$/],
  ],
};

const texts: readonly (readonly [string, string, RegExp | undefined])[] = [
  ['Ada ', 'Ada', /spaces at one end: the value ends with a space \(U\+0020\); compare `trim\(a\)`$/],
  ['Ada', '\nAda', /the expected value begins with a line feed \(U\+000A\); remove it$/],
  ['a\r\nb', 'a\nb', /only in line endings: the value has CR LF/],
  ['a  b', 'a b', /spaces and line feeds: at character 2 the value has " {2}", the expected value has " "$/],
  ['a b c', 'a b\nc', /at character 4 the value has " ", the expected value has "\\n"$/],
  ['CANCELLED', 'CANCELED', /^the texts differ in one letter: the value has one more `L`, at character 7$/],
  ['Zürch', 'Zürich', undefined],
  ['Zürichs', 'Zürichts', /the expected value has one more `t`, at character 7$/],
  ['pendnig', 'pending', /^two letters are swapped, at character 5: the value has `ni`$/],
  ['order-12', 'order-21', undefined],
  ['http://h/x?b=2&a=1', 'http://h/x?a=1&b=2', /^it is the same address, with its parameters in a different order$/],
  ['http://h:80/x', 'http://h/x', /^it is the same address, written differently$/],
  ['https://h/x', 'http://h/x', /^the addresses differ only in the protocol: got "https:", not "http:"$/],
  ['http://h/x?a=1', 'http://i/y', undefined],
  ['31.01.2026', '2026-01-31', /^it is the same day, written differently$/],
  ['2026-01-31', '1/31/2026', /^it is the same day, written differently$/],
  ['31.01.2025', '2026-01-31', undefined],
  ['2026-03-02', '2026-02-03', /^the day and the month are swapped$/],
  ['ADA', 'ada', /only in case: compare `lower\(a\)`$/],
  ['Ada', 'ADA', /only in case: compare `lower\(a\)`, with the other side in small letters too$/],
  [' ADA', 'ada', /case and in spaces/],
  ['Zu\u0308rich', 'Zürich', /the value is decomposed Unicode/],
  ['Zürich', 'Zu\u0308rich', /the value is composed Unicode/],
  ['A\u200bda', 'Ada', /the value has a zero-width space \(U\+200B\) at character 2$/],
  ['10\u00a0EUR', '10 EUR', /a no-break space \(U\+00A0\) at character 3$/],
  ['\ufeffid', 'id', /a byte order mark \(U\+FEFF\) at character 1$/],
  ['id', 'i\u00add', /the expected value has a soft hyphen/],
  ['\u0430dmin', 'admin', /character 1 is `а` \(U\+0430\), not `a` \(U\+0061\)/],
  ['it\u2019s', "it's", /character 3 is `’`/],
  ['JÃ¼rgen', 'Jürgen', /^the value is UTF-8 that was read as Latin-1: `Ã¼` stands for `ü`$/],
  ['5 â‚¬', '5 €', /read as Latin-1: `â‚¬` stands for `€`/],
  ['JÃƒÂ¼rgen', 'Jürgen', /encoded as UTF-8 twice/],
  ['Jürgen', 'JÃ¼rgen', /^the expected value is UTF-8 that was read as Latin-1/],
  ['J\ufffdrgen', 'Jürgen', /U\+FFFD/],
  ['J?rgen', 'Jürgen', /has `\?` where/],
  ['aGVsbG8gd29ybGQ=', 'hello world', /in base64: compare `base64_decode\(a\)`$/],
  ['hello world', 'aGVsbG8gd29ybGQ=', /^the expected value is this one, in base64$/],
  ['a%2Fb+c', 'a/b c', /as a part of a URL$/],
  ['a &amp; b', 'a & b', /entities of HTML$/],
  ['"quoted"', 'quoted', /encoded twice$/],
  ['a\\nb', 'a\nb', /escapes of JSON/],
  ["'id'", 'id', /extra quotes around/],
  [
    '2026-01-31T11:00:00+01:00',
    '2026-01-31T10:00:00Z',
    /same point in time, written differently: compare `date\(a\) == date\(…\)`/,
  ],
  ['2026-01-31T10:00:00.000Z', '2026-01-31T10:00:00Z', /same point in time/],
  ['2026-01-31T12:00:00Z', '2026-01-31T10:00:00Z', /exactly 2 h apart/],
  ['2026-01-31T10:00:00+02:00', '2026-01-31T10:00:00Z', /the clock times are the same, but the time zones differ/],
  ['2026-01-31T10:00:00', '2026-01-31T10:00:00Z', /one side has no time zone/],
  ['2026-01-31 10:00:00', '2026-01-31T10:00:00', /written differently/],
  ['2026-01-31T10:00:00.123456Z', '2026-01-31T10:00:00.123Z', /fractions of a second/],
  ['2026-01-30', '2026-01-31', /one day apart/],
  ['2026-01-31T10:00:00Z', '2026-01-31', /same day/],
  ['7.0', '7', /the same number, written differently: compare `float\(a\)` with a number/],
  ['in-progress', 'IN_PROGRESS', /case, `_`, `-` or spaces/],
  ['/orders/', '/orders', /a `\/` at the end/],
  ['application/json; charset=utf-8', 'application/json', /goes on with "; charset=utf-8": compare `a startsWith …`/],
  ['The quick brow', 'The quick brown', /ends after 14 of 15 characters/],
  ['an error: timeout', 'error', /compare `a contains …`/],
  ['apple', 'pear', undefined],
  ['', 'x', undefined],
];

describe.each(Object.entries(kinds))('hints at %s', (_, cases) => {
  it.each(cases.map(([source, ...expected]) => ({ source, expected })))('$source', ({ source, expected }) => {
    const { value, hints } = compile(source).explain(createEnv(names), host);
    expect(value).not.toBe(true);
    expect(hints).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(hints[index]).toMatch(pattern);
  });
});

describe('hints at texts', () => {
  it.each(texts)('%j is not %j', (a, b, expected) => {
    const { hints } = compile('a == b').explain(createEnv({ a, b }), host);
    expect(hints).toHaveLength(expected ? 1 : 0);
    if (expected) expect(hints[0]).toMatch(expected);
  });

  it('name the place in data, each cause once', () => {
    const actual = parseJson('[{"n": "A "}, {"n": "B "}, {"n": "JÃ¼"}]');
    const expected = parseJson('[{"n": "A"}, {"n": "B"}, {"n": "Jü"}]');
    const { hints } = compile('a == b').explain(createEnv({ a: actual, b: expected }), host);
    expect(hints).toEqual([
      'the texts differ only in spaces at one end: the value ends with a space (U+0020); compare `trim(a[0].n)`',
      '`a[2].n`: the value is UTF-8 that was read as Latin-1: `Ã¼` stands for `ü`',
    ]);
  });

  it('are none when the assertion holds', () => {
    expect(compile('status == 200').explain(createEnv(names), host).hints).toEqual([]);
  });

  it('come in time for large texts', async () => {
    const env = createEnv({ a: 'ab'.repeat(2_500_000), b: 'ba'.repeat(2_500_000) });
    const explainAll = () => {
      for (const source of ['a == b', 'a contains "zz"', 'a matches "^zz"']) compile(source).explain(env, host);
    };
    expect(await measureCpuMs(explainAll)).toBeLessThan(5_000);
  });
});
