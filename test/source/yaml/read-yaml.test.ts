import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ExactNumber } from '../../../src/expr/index.ts';
import { createSourceFile } from '../../../src/model/source-file.ts';
import { findEntry, findNode, type Node, toData } from '../../../src/source/yaml/node.ts';
import { readYaml } from '../../../src/source/yaml/read-yaml.ts';
import { repeats } from '../../support/sample.ts';

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

describe('readYaml', () => {
  it.each([
    ['a: 1\nb: [x, true, ~, 1.5]\n', [{ a: 1, b: ['x', true, null, 1.5] }]],
    [
      'a: yes\nb: on\nc: 0x1F\nd: 0o17\ne: 1000\nf: "1"\ng: !!str 1\nh: !!int "7"\n',
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
    ['59.98', 59.98],
    ['123456789012345', 123456789012345],
    ['0.1', 0.1],
  ])('reads %s as a double', (written, value) => {
    expect(readData(`n: ${written}\n`)).toEqual([{ n: value }]);
  });

  it.each([
    ['59.9800', '59.9800', 59.98],
    ['1.10', '1.10', 1.1],
    ['1e3', '1e3', 1000],
    ['.50', '0.50', 0.5],
    ['5.', '5', 5],
    ['+1.0', '1.0', 1],
    ['-0', '-0', -0],
    ['1000000000000114700000', '1000000000000114700000', 1000000000000114700000],
    ['0x1F', '31', 31],
  ])('keeps how %s is spelled, in the form that JSON has', (written, text, double) => {
    const [data] = readData(`n: ${written}\n`);
    const { n } = data as { n: number | ExactNumber };
    expect([String(n), typeof n === 'number' ? n : n.double]).toEqual([text, double]);
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
      { numRuns: repeats('values written as YAML', 300) },
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
      { numRuns: repeats('texts read as YAML', 1500) },
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
