import { describe, expect, it } from 'vitest';
import { createSourceFile } from '../../src/model/source-file.ts';
import { toData } from '../../src/source/yaml/node.ts';
import { readYaml } from '../../src/source/yaml/read-yaml.ts';
import { sample } from '../support/sample.ts';

function read(text: string) {
  return readYaml(createSourceFile('flow.yaml', '/flow.yaml', text));
}

/** Each finding as `code «text it points at»`. */
function listFindings(text: string) {
  return read(text).diagnostics.map(({ code, span }) => `${code} «${span ? text.slice(span.start, span.end) : ''}»`);
}

it.each([
  ['- "body.name == "Ann""\n', `- 'body.name == "Ann"'`],
  ['- "body.users[0].name" == "Ann"\n', `- 'body.users[0].name == "Ann"'`],
  ['- "body.name == "Ann" and body.id == "x""\n', `- 'body.name == "Ann" and body.id == "x"'`],
])('quotes around a whole condition are not those of its texts: %j', (source, corrected) => {
  expect(read(source).diagnostics[0]?.help?.at(-1)).toBe(`quote it: \`${corrected}\``);
});

it.each(['{ a: 1', '{ "a": text, b: null'])('a comma is missing at the end of a line: %j', (begin) => {
  const { diagnostics } = read(`body: ${begin}\n  b: 2 }\n`);
  expect(diagnostics[0]?.message).toBe('entries between brackets have commas between them, also at the end of a line');
  expect(diagnostics[0]?.help).toEqual([`write \`body: ${begin},\``]);
});

it('a key below an item that compares belongs to the list above it', () => {
  const { diagnostics } = read('assert:\n- status == 200\n  output:\n    id: $.body.id\n');
  expect(diagnostics[0]).toMatchObject({
    code: 'TM006',
    message: '`output:` is indented as a part of the item `status == 200`',
    help: ['indent `output:` as deeply as the key of the list above it'],
  });
});

describe('a list item that stands further in than the one before', () => {
  it.each([
    ['assert:\n  - a == 1\n    - b == 2\n', 'error', '- b == 2'],
    ['assert:\r\n  - a == 1\r\n    - b == 2\r\n', 'error', '- b == 2'],
    ['poll:\n  until:\n    - a == 1\n        and c\n      - b == 2 # why\n', 'error', '- b == 2'],
    ['serial:\n  - orders\n    - users\n', 'warning', '- users'],
    ['name: a text\n  - and a list in it\n', 'warning', '- and a list in it'],
  ])('is a part of it, which is told: %j', (text, severity, place) => {
    const [finding, ...others] = read(text).diagnostics;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity, code: 'TM027' });
    expect(text.slice(finding?.span?.start, finding?.span?.end)).toBe(place);
  });

  it.each([
    'assert:\n  - a == 1\n  - b == 2\n',
    'assert:\n  - a ==\n    -1\n',
    'assert:\n  - a == b -\n    c\n',
    'assert:\n  - >-\n    a\n    - b == 2\n',
    'assert:\n  - "a\n    - b == 2"\n',
    'name: a\n  text\n',
    'list:\n  - a\n  -   - b\n      - c\n',
  ])('is not in %j', (text) => expect(read(text).diagnostics).toEqual([]));
});

describe('text that YAML eats', () => {
  it.each([
    // [source, code, what it points at, the corrected line]
    ['- !body.x\n', 'TM011', '!body.x', '- "!body.x"'],
    ['- !flag && other\n', 'TM011', '!flag && other', '- "!flag && other"'],
    ['- any(body.items, # > 1)\n', 'TM012', 'any(body.items, # > 1)', '- "any(body.items, # > 1)"'],
    ['- a\n- all(xs, #.b == 1) # c\n', 'TM012', 'all(xs, #.b == 1) # c', '- "all(xs, #.b == 1) # c"'],
    ['- body.color == #fff\n', 'TM012', 'body.color == #fff', '- "body.color == #fff"'],
    ['k: matches_partial(x, {a: []})\n', 'TM013', 'matches_partial(x, {a: []})', 'k: "matches_partial(x, {a: []})"'],
    ['- matches_partial(x, {a: []})\n', 'TM013', 'matches_partial(x, {a: []})', '- "matches_partial(x, {a: []})"'],
    ['- m(x, {a: [1, {b: 2}]})\n', 'TM013', 'm(x, {a: [1, {b: 2}]})', '- "m(x, {a: [1, {b: 2}]})"'],
    ['- body.t == "a #1"\n', 'TM012', 'body.t == "a #1"', `- 'body.t == "a #1"'`],
    ["- body.t == 'a #1'\n", 'TM012', "body.t == 'a #1'", `- "body.t == 'a #1'"`],
    ['- body.x == "a: b"\n', 'TM013', 'body.x == "a: b"', `- 'body.x == "a: b"'`],
    ['assert:\n  - body.x ? 1 : 2\n', 'TM013', 'body.x ? 1 : 2', '- "body.x ? 1 : 2"'],
    [
      '- matches_partial(body, {a: 1})\n',
      'TM013',
      'matches_partial(body, {a: 1})',
      '- "matches_partial(body, {a: 1})"',
    ],
    ['when: f(x, {a: 1})\n', 'TM013', 'f(x, {a: 1})', 'when: "f(x, {a: 1})"'],
    ['text: foo: bar\n', 'TM013', 'foo: bar', 'text: "foo: bar"'],
    ['user_id: {{x}}\n', 'TM010', '{{x}}', 'user_id: "{{x}}"'],
    ['url: {{BASE}}/x\n', 'TM010', '{{BASE}}/x', 'url: "{{BASE}}/x"'],
    ['url: {{BASE}}/x # why\n', 'TM010', '{{BASE}}/x', 'url: "{{BASE}}/x" # why'],
    ['- {{x}} == 1\n', 'TM010', '{{x}} == 1', '- "{{x}} == 1"'],
    ['- {{x}} == "a"\n', 'TM010', '{{x}} == "a"', `- '{{x}} == "a"'`],
    ['q: [{{x}}, 1]\n', 'TM010', '{{x}}', 'q: ["{{x}}", 1]'],
    ['q: {url: {{BASE}}/x, b: 1}\n', 'TM010', '{{BASE}}/x', 'q: {url: "{{BASE}}/x", b: 1}'],
    ['q: {url: http://{{H}}/x}\n', 'TM010', 'http://{{H}}/x', 'q: {url: "http://{{H}}/x"}'],
    ['body: {\n  user: {{x}}/y,\n  z: 1\n}\n', 'TM010', '{{x}}/y', 'user: "{{x}}/y",'],
    ['{{x}}: 1\n', 'TM010', '{{x}}', '"{{x}}": 1'],
    ['zip: 02134\n', 'TM014', '02134', 'zip: "02134"'],
    ['n: .inf\n', 'TM014', '.inf', 'n: ".inf"'],
    ['at: @home\n', 'TM015', '@home', 'at: "@home"'],
    ['at: `x`\n', 'TM015', '`x`', 'at: "`x`"'],
    ['q: { path: $.items[0].id, b: 1 }\n', 'TM025', '$.items[0].id', 'q: { path: "$.items[0].id", b: 1 }'],
    ['q: [a[0], b]\n', 'TM025', 'a[0]', 'q: ["a[0]", b]'],
    ['q: [status in [201, 503]]\n', 'TM025', 'status in [201, 503]', 'q: ["status in [201, 503]"]'],
    [
      'q: [a == 1, status in [201, 503], b]\n',
      'TM025',
      'status in [201, 503]',
      'q: [a == 1, "status in [201, 503]", b]',
    ],
    ['q: [\n  a in [1, 2],\n  b\n]\n', 'TM025', 'a in [1, 2]', '"a in [1, 2]",'],
    ['q: {until: [a in [1, 2]], b: 1}\n', 'TM025', 'a in [1, 2]', 'q: {until: ["a in [1, 2]"], b: 1}'],
    ['q: [body == {a: 1}]\n', 'TM025', 'body == {a: 1}', 'q: ["body == {a: 1}"]'],
    ['q: [any(xs, {.id == 1}), b]\n', 'TM025', 'any(xs, {.id == 1})', 'q: ["any(xs, {.id == 1})", b]'],
    [
      '- { id: a, assert: [f(x, {.id == "a, b"}), b] }\n',
      'TM025',
      'f(x, {.id == "a, b"})',
      `- { id: a, assert: ['f(x, {.id == "a, b"})', b] }`,
    ],
    [
      'q: { path_regex: ^/u/[0-9]{1,3}$, b: 1 }\n',
      'TM025',
      '^/u/[0-9]{1,3}$',
      'q: { path_regex: "^/u/[0-9]{1,3}$", b: 1 }',
    ],
    ['q: { path_regex: [a-z]+, b: 1 }\n', 'TM025', '[a-z]+', 'q: { path_regex: "[a-z]+", b: 1 }'],
    ['path_regex: [a-z]+/x\n', 'TM025', '[a-z]+/x', 'path_regex: "[a-z]+/x"'],
    ['- [1, 2] == body.x # why\n', 'TM025', '[1, 2] == body.x', '- "[1, 2] == body.x" # why'],
    ['at: %d\n', 'TM015', '%d', 'at: "%d"'],
    ['sql: >- select 1\n', 'TM015', '>- select 1', 'sql: "select 1"'],
    ['- *x\n', 'TM016', '*x', '- "*x"'],
    ['- *x == 1\n', 'TM016', '*x == 1', '- "*x == 1"'],
    ['password: &secret\n', 'TM017', '&secret', 'password: "&secret"'],
    ['- "a" == body.x\n', 'TM019', '"a" == body.x', `- '"a" == body.x'`],
    ['- "{{TS}}" == "x"\n', 'TM019', '"{{TS}}" == "x"', `- '"{{TS}}" == "x"'`],
    [
      '- "a" in body.tags and body.x == "y"\n',
      'TM019',
      '"a" in body.tags and body.x == "y"',
      `- '"a" in body.tags and body.x == "y"'`,
    ],
    ['a: "\u0024{x}" and more\n', 'TM019', '"\u0024{x}" and more', 'a: \'"\u0024{x}" and more\''],
  ])('%j', (source, code, pointed, corrected) => {
    const { diagnostics, documents } = read(source);
    expect(listFindings(source)).toEqual([`${code} «${pointed}»`]);
    expect(diagnostics[0]?.severity).toBe('error');
    expect(diagnostics[0]?.help?.at(-1)).toBe(`quote it: \`${corrected}\``);
    // The rest is read as if it were quoted, and the corrected line is right.
    expect(documents.map(toData)).toEqual(
      readCorrected(source.replace(pointed, quoteLike(corrected, source, pointed))),
    );
  });

  it.each([
    '- status == 200 # why\n',
    "text: it's fine # isn't it\n",
    "text: 'it''s' # \"quoted\"\n",
    'text: a "b" c # d\n',
    'time: 12:30\nurl: http://x/y\n',
    "sql: select 'a' where x = :name\n",
    'n: 0\nm: 0.5\nv: -0.25\nzero: 00:00\n',
    'phone: "+49123456789"\nplus: +5\n',
    'a: &anchor {b: 1}\nc: *anchor\n',
    'headers: {"X-A: b": c}\nb: "{{x}}"\nlist: ["{{x}}", \'{{y}}\']\n',
    'a: |\n  {{x}}: "b\n  - !x # y"\n',
    'map: {ends: "a: b"}\nkey with spaces: 1\nx/y-z.1: 2\n',
    '- expression: a == b\n  message: text\n',
    'a: x{{y}}z\nb: x}}y\n',
  ])('leaves %j alone', (source) => {
    expect(read(source).diagnostics).toEqual([]);
  });

  it('warns of a plus sign that is lost, and keeps the number', () => {
    const { diagnostics, documents } = read('phone: +49123456789\n');
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'TM014' }]);
    expect(documents.map(toData)).toEqual([{ phone: 49123456789 }]);
  });

  it('finds every mistake of a file at once', () => {
    const source = '- a: {{x}}\n  b: @y\n- c: "z" y\n- !q\n- d: e: f\n- zip: 007\n';
    expect(listFindings(source)).toEqual([
      'TM010 «{{x}}»',
      'TM015 «@y»',
      'TM019 «"z" y»',
      'TM011 «!q»',
      'TM013 «e: f»',
      'TM014 «007»',
    ]);
    expect(read(source).documents.map(toData)).toEqual([
      [{ a: '{{x}}', b: '@y' }, { c: '"z" y' }, '!q', { d: 'e: f' }, { zip: '007' }],
    ]);
  });
});

function readCorrected(text: string) {
  const { documents, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  return documents.map(toData);
}

/** The corrected form of the stretch, taken from the corrected line. */
function quoteLike(corrected: string, source: string, pointed: string): string {
  const line =
    source
      .split('\n')
      .find((one) => one.includes(pointed))
      ?.trimStart() ?? '';
  const before = line.indexOf(pointed);
  const after = line.length - before - pointed.length;
  return corrected.slice(before, corrected.length - after);
}

describe('YAML that does not parse', () => {
  it.each([
    ['a: "x\nb: 1\n', ['TM007 «"x»']],
    ["a: 'x\nb: 1\n", ["TM007 «'x»"]],
    ['a: "x\nb: "y"\n', ['TM007 «"x»']],
    ['a:\n\tb: 1\n', ['TM005 «\t»']],
    ['a:\n  - b\n\t- c\n', ['TM005 «\t»']],
    ['a:\n  b:\n\t- c: d\n\t  e: f\n', ['TM005 «\t»']],
    ['a:\n  b: c\n\t\td: e\n', ['TM005 «\t\t»']],
    ['a:\n  b: 1\n c: 2\n', ['TM006 «c: 2»']],
    ['a: 1\n  b: 2\n', ['TM006 «b: 2»']],
    ['a: - x\n', ['TM006 «- x»']],
    ['a: 1\n- y\n', ['TM006 «- y»']],
    ['a: [1, 2\nb: 3\n', ['TM008 «[»']],
    ['a: {x\n', ['TM008 «{»']],
    ['key:value\nb: 1\n', ['TM022 «key:value»']],
    ['a: x\nfoo\nb: 1\n', ['TM022 «foo»']],
    ['a: "\\d+"\n', ['TM020 «\\d»']],
    ['a: 1\nb: 2\na: 3\n', ['TM009 «a»']],
    ['x: &x 1\n<<: *x\n', ['TM023 «*x»']],
    ['? [a, b]\n: 1\n', ['TM021 «[a, b]»']],
    ['a: &a [*a]\n', ['TM018 «*a»']],
    ['a: {{x}}\nb:\n  c: 1\n d: 2\ne: {{y}}\n', ['TM010 «{{x}}»', 'TM006 «d: 2»']],
  ])('%j', (source, expected) => {
    expect(listFindings(source)).toEqual(expected);
  });

  it.each([
    ['', '`flow.yaml` is empty'],
    ['\n \n', '`flow.yaml` is empty'],
    ['# only\n---\n', '`flow.yaml` holds nothing but comments'],
  ])('says that %j holds nothing', (source, message) => {
    expect(read(source)).toMatchObject({ documents: [], diagnostics: [{ code: 'TM003', message, path: 'flow.yaml' }] });
  });

  it('suggests the alias that was meant', () => {
    expect(read('a: &user {x: 1}\nb: *usr\n').diagnostics[0]?.help).toContain('did you mean `*user`?');
  });

  it.each(
    sample(
      'hostile layouts of YAML',
      [
        [
          'nested aliases',
          `a: &a [1,1,1,1,1,1,1,1,1,1]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[index]}`)}]\n`).join('')}`,
          'TM018',
        ],
        ['many brackets', '['.repeat(20_000), 'TM024'],
        ['many dashes', '- '.repeat(20_000), 'TM024'],
        ['many levels', Array.from({ length: 500 }, (_, level) => `${' '.repeat(level)}a:\n`).join(''), 'TM024'],
      ],
      { count: 1 },
    ),
  )('bounds %s', (_name, source, code) => {
    const started = performance.now();
    expect(read(source).diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

it.each([
  ['steps:\n  - id: a\n    x: 1\n  id: b\n  x: 2\n', 'begin the next item of the list with `- `: `- id: b`'],
  ['steps:\n  - id: a\n    x: 1\n\n    id: b\n', 'where it begins the next item of the list, put `- ` before it'],
  ['a:\n  b: 1\n c: 2\n', 'keys of one map and items of one list begin in the same column'],
  ['a: 1\nb: 2\na: 3\n', 'the first one is on line 1: keep one of them'],
])('an item without its dash is told how it is written: %j', (text, help) => {
  expect(read(text).diagnostics[0]?.help?.at(-1)).toBe(help);
});
