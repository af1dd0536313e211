import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ExactNumber } from '../../src/expr/index.ts';
import { createSourceFile } from '../../src/model/source-file.ts';
import { findEntry, findNode, type Node, toData } from '../../src/source/node.ts';
import { readYaml } from '../../src/source/read-yaml.ts';

function read(text: string) {
  return readYaml(createSourceFile('flow.yaml', '/flow.yaml', text));
}

function readData(text: string) {
  const { documents, diagnostics } = read(text);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return documents.map(toData);
}

function sourceOf(node: Node | undefined) {
  return node?.span.file.text.slice(node.span.start, node.span.end);
}

/** Each finding as `code «text it points at»`. */
function listFindings(text: string) {
  return read(text).diagnostics.map(({ code, span }) => `${code} «${span ? text.slice(span.start, span.end) : ''}»`);
}

describe('readYaml', () => {
  it.each([
    ['a: 1\nb: [x, true, ~, 1.5]\n', [{ a: 1, b: ['x', true, null, 1.5] }]],
    [
      'a: yes\nb: on\nc: 0x1F\nd: 0o17\ne: 1e3\nf: "1"\ng: !!str 1\nh: !!int "7"\n',
      [{ a: 'yes', b: 'on', c: 31, d: 15, e: 1000, f: '1', g: '1', h: 7 }],
    ],
    ['a:\nb: ""\nc: !!str\n', [{ a: null, b: '', c: '' }]],
    ['---\na: 1\n---\n---\n# only a comment\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['1: one\ntrue: two\n"x y": three\n', [{ 1: 'one', true: 'two', 'x y': 'three' }]],
    ['a: &x {k: 1}\nb: *x\n', [{ a: { k: 1 }, b: { k: 1 } }]],
    [
      'base: &b {x: 1, y: 2}\nm:\n  <<: *b\n  y: 3\nn:\n  z: 0\n  <<: [{y: 9}, *b]\n',
      [{ base: { x: 1, y: 2 }, m: { x: 1, y: 3 }, n: { z: 0, y: 9, x: 1 } }],
    ],
    ['"<<": 1\n', [{ '<<': 1 }]],
    ['a: <<name>>\nb: \u0024{X:-y}\n', [{ a: '<<name>>', b: '\u0024{X:-y}' }]],
    ['\ufeffa: 1\n', [{ a: 1 }]],
    ['a: 1\r\nb:\r\n  - x\r\n', [{ a: 1, b: ['x'] }]],
  ])('reads %j', (text, expected) => {
    expect(readData(text)).toEqual(expected);
  });

  it.each([
    ['9007199254740993', '9007199254740993'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['-12345678901234567890.50', '-12345678901234567890.50'],
    ['.12345678901234567890', '0.12345678901234567890'],
    ['0xFFFFFFFFFFFFFFFFF', '295147905179352825855'],
    ['1e400', '1e400'],
  ])('keeps the digits of %s', (written, text) => {
    const [data] = readData(`n: ${written}\n`);
    const value = (data as { n: unknown }).n;
    expect(value).toBeInstanceOf(ExactNumber);
    expect((value as ExactNumber).text).toBe(text);
  });

  it.each([
    ['59.9800', 59.98],
    ['123456789012345', 123456789012345],
    ['0.1', 0.1],
    ['-0', -0],
  ])('reads %s as a double', (written, value) => {
    expect(readData(`n: ${written}\n`)).toEqual([{ n: value }]);
  });

  it('reads what the library writes', () => {
    const anyData = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme' }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(anyData, (data) => {
        const json = JSON.stringify({ data });
        fc.pre(json.isWellFormed() && !/\\[ud]/.test(json));
        expect(
          read(stringify({ data }, { lineWidth: 40, defaultKeyType: 'QUOTE_DOUBLE' })).documents.map(toData),
        ).toEqual([JSON.parse(json)]);
        expect(read(json).documents.map(toData)).toEqual([JSON.parse(json)]);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws, whatever the text', () => {
    const anySource = fc.array(
      fc.constantFrom(
        'a',
        ':',
        ' ',
        '\n',
        '  ',
        '- ',
        '{{',
        '}}',
        '"',
        "'",
        '#',
        '|',
        '>',
        '&a ',
        '*a',
        '!t ',
        '[',
        ']',
        '{',
        '}',
        ',',
        '\t',
        '<<: ',
        '? ',
        '---\n',
        '%',
        '@',
        '\r\n',
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(anySource, (parts) => {
        const text = parts.join('');
        const { documents, diagnostics } = read(text);
        for (const { span } of diagnostics) {
          if (!span) continue;
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
        documents.map(toData);
        if (documents.length === 0) expect(diagnostics.length).toBeGreaterThan(0);
      }),
      { numRuns: 1500 },
    );
  });

  it('gives every value its place', () => {
    const text =
      'flow:\n  id: one # why\n  steps:\n    - a: "x"\n      b: |\n        text\n\n    - [1, 22]\n  last: {k: v}\n';
    const [root] = read(text).documents;
    if (!root) throw new Error('nothing read');
    expect(sourceOf(findNode(root, ['flow', 'id']))).toBe('one');
    expect(sourceOf(findNode(root, ['flow', 'steps', 0, 'a']))).toBe('"x"');
    expect(sourceOf(findNode(root, ['flow', 'steps', 0, 'b']))).toBe('|\n        text');
    expect(sourceOf(findNode(root, ['flow', 'steps', 0]))).toBe('a: "x"\n      b: |\n        text');
    expect(sourceOf(findNode(root, ['flow', 'steps', 1, 1]))).toBe('22');
    expect(sourceOf(findNode(root, ['flow', 'last']))).toBe('{k: v}');
    expect(sourceOf(findEntry(root, 'flow')?.key)).toBe('flow');
    expect(findNode(root, ['flow', 'nothing', 'k'])).toBeUndefined();
  });

  it('marks what stands below !raw', () => {
    const [root] = read(
      'x: &x {u: "{{u}}"}\na: !raw\n  b: ["{{c}}"]\n  d: 5\n  e: *x\nf: !raw "{{g}}"\nh: 1\n',
    ).documents;
    if (!root) throw new Error('nothing read');
    expect(toData(root)).toMatchObject({ a: { b: ['{{c}}'], d: 5 }, f: '{{g}}' });
    const isRaw = (path: (string | number)[]) => findNode(root, path)?.isRaw;
    expect([isRaw(['a']), isRaw(['a', 'b', 0]), isRaw(['a', 'e', 'u']), isRaw(['f'])]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([isRaw([]), isRaw(['h']), isRaw(['x', 'u'])]).toEqual([false, false, false]);
  });

  it('takes __proto__ for a key like any other', () => {
    const [data] = readData('__proto__: {polluted: true}\n');
    expect(Object.keys(data as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('text that YAML eats', () => {
  it.each([
    // [source, code, what it points at, the corrected line]
    ['- !body.x\n', 'TM011', '!body.x', '- "!body.x"'],
    ['- !flag && other\n', 'TM011', '!flag && other', '- "!flag && other"'],
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
    ['at: %d\n', 'TM015', '%d', 'at: "%d"'],
    ['sql: >- select 1\n', 'TM015', '>- select 1', 'sql: ">- select 1"'],
    ['- *x\n', 'TM016', '*x', '- "*x"'],
    ['- *x == 1\n', 'TM016', '*x == 1', '- "*x == 1"'],
    ['password: &secret\n', 'TM017', '&secret', 'password: "&secret"'],
    ['- "a" == body.x\n', 'TM019', '"a" == body.x', `- '"a" == body.x'`],
    ['a: "\u0024{x}" and more\n', 'TM019', '"\u0024{x}" and more', 'a: \'"\u0024{x}" and more\''],
  ])('%j', (source, code, pointed, corrected) => {
    const { diagnostics, documents } = read(source);
    expect(listFindings(source)).toEqual([`${code} «${pointed}»`]);
    expect(diagnostics[0]?.severity).toBe('error');
    expect(diagnostics[0]?.help?.at(-1)).toBe(`quote it: \`${corrected}\``);
    // The rest is read as if it were quoted, and the corrected line is right.
    expect(documents.map(toData)).toEqual(readData(source.replace(pointed, quoteLike(corrected, source, pointed))));
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
    ['x: &x 1\n<<: *x\n', ['TM023 «1»']],
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

  it.each([
    [
      'nested aliases',
      `a: &a [1,1,1,1,1,1,1,1,1,1]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[index]}`)}]\n`).join('')}`,
      'TM018',
    ],
    ['many brackets', '['.repeat(20_000), 'TM024'],
    ['many dashes', '- '.repeat(20_000), 'TM024'],
    ['many levels', Array.from({ length: 500 }, (_, level) => `${' '.repeat(level)}a:\n`).join(''), 'TM024'],
  ])('bounds %s', (_name, source, code) => {
    const started = performance.now();
    expect(read(source).diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
