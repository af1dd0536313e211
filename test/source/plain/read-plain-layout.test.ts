import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringifyJson, type Value } from '../../../src/expr/index.ts';
import { createSourceFile } from '../../../src/model/source-file.ts';
import { readPlainLayout } from '../../../src/source/plain/read-plain-layout.ts';
import { toData } from '../../../src/source/yaml/node.ts';
import { repeats, sample } from '../../support/sample.ts';
import { readBothWays } from '../../support/yaml-readers.ts';

const inFullRun = it.runIf(repeats('further tests of the reader of plain layouts', 1, 0) > 0);

const FOLDERS = ['test/flows/failing', 'examples', 'test/flows/invalid'];

function listFlows(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => `${folder}/${name}`);
}

/** As JSON, with the digits of numbers as they are. */
function print(value: unknown): string {
  return value === undefined ? 'nothing' : stringifyJson(value as Value);
}

describe('readPlainLayout', () => {
  it.each(sample('folders of flows', FOLDERS, { count: 1 }))(
    'gives what the full reader gives for all files of %s that it takes',
    (folder) => {
      const differing = listFlows(folder).filter((path) => {
        const read = readBothWays(readFileSync(path, 'utf8'));
        return read && print(read.plain) !== print(read.full);
      });
      expect(differing).toEqual([]);
    },
  );

  inFullRun('takes every example of one document', () => {
    const texts = listFlows('examples').map((path) => [path, readFileSync(path, 'utf8')] as const);
    const left = texts.filter(([, text]) => !/^---$/m.test(text) && !readBothWays(text)).map(([path]) => path);
    expect(left).toEqual([]);
  });

  it.each([
    ['a: 1\nb: x y\nc: ~\nd:\ne: -0\n', '{"a":1,"b":"x y","c":null,"d":null,"e":-0}'],
    ['a:   # a comment\n  b: 1 # another\n\n# a third\n  c: x#y\n', { a: { b: 1, c: 'x#y' } }],
    ['a:\n- 1\n-   b: 2\n    c: 3\n- x\nd: 4', { a: [1, { b: 2, c: 3 }, 'x'], d: 4 }],
    ['- a: http://x/y?z=1:2\n- b == "c:d"\n', [{ a: 'http://x/y?z=1:2' }, 'b == "c:d"']],
    ['a: "x \\"y\\" \\u00e9\\n"\nb: \'it\'\'s\'\n"c d": ""\n', { a: 'x "y" é\n', b: "it's", 'c d': '' }],
    [
      'a: {b: [1, "x, y", {c: {}}], "d": $.e}\nf: [\n  1,\n  2,\n]\n',
      { a: { b: [1, 'x, y', { c: {} }], d: '$.e' }, f: [1, 2] },
    ],
    ['a: |\n  x\n   y\n\n  z\n\nb: |-\n  x\nc: >\n  x\n  y\n', { a: 'x\n y\n\nz\n', b: 'x', c: 'x y\n' }],
    ['a:\n  - >-\n    x\n\n    y\n      z\n  # a comment\n  - 1\n', { a: ['x\ny\n  z', 1] }],
    [
      '/a/{id}: 1\n/b/{c}-{d}:\n  e: 2\n"200": 3\n\'404\': 4\n',
      { '/a/{id}': 1, '/b/{c}-{d}': { e: 2 }, 200: 3, 404: 4 },
    ],
    ['{"a":1,"b/c":{"d":[true,null,"x\\b\\f"]},"e":""}', { a: 1, 'b/c': { d: [true, null, 'x\b\f'] }, e: '' }],
    ['{\n  "a": {\n    "b": 1\n  },\n  "c": [\n    2\n  ]\n}\n', { a: { b: 1 }, c: [2] }],
    ['[1, {a: b}] # a comment\n', [1, { a: 'b' }]],
    ['a: 0x1F\nb: 1e3\nc: 0.50\n', '{"a":31,"b":1e3,"c":0.50}'],
  ])('takes %j', (text, expected) => {
    const root = readPlainLayout(createSourceFile('flow.yaml', '/flow.yaml', text));
    expect(root && print(toData(root))).toBe(typeof expected === 'string' ? expected : JSON.stringify(expected));
    const read = readBothWays(text);
    expect(print(read?.plain)).toBe(print(read?.full));
  });

  it.each([
    ['', 'nothing'],
    ['x\n', 'one text alone'],
    ['---\na: 1\n', 'a document mark'],
    ['a: 1\na: 2\n', 'a key that stands twice'],
    ['a: {b: 1, b: 2}\n', 'a key that stands twice between brackets'],
    ['a: {{b}}\n', 'a placeholder without quotes'],
    ['a: [{{b}}]\n', 'a placeholder without quotes in a list'],
    ['a: x\n  y\n', 'a text over two lines'],
    ['a: "x\n  y"\n', 'a quoted text over two lines'],
    ['a: b: c\n', 'a colon in a text'],
    ['a: 007\n', 'a number that loses its zeros'],
    ['a: "x" # "y\nb: say "x # y"\n', 'a quote that a comment leaves open'],
    ['a: &x 1\nb: *x\n', 'an anchor'],
    ['a: !raw x\n', 'a tag'],
    ['<<: {a: 1}\n', 'a merge key'],
    ['a: |+\n  x\n\n', 'a text that keeps its last lines'],
    ['a: |2\n   x\n', 'a text that tells its indentation'],
    ['a:\n\t- 1\n', 'a tab'],
    ['a: 1\r\n', 'a carriage return'],
    ['\ufeffa: 1\n', 'a byte order mark'],
    ['a:\n   b: 1\n  c: 2\n', 'an indentation of no collection'],
    ['a: [1\n]\nb: [\n1]\n', 'brackets that end too far left'],
    ['a: {b/{c}: 1}\n', 'braces in a key between brackets'],
    ['{{b}}: 1\n', 'a placeholder at the start'],
    ['{"a":1,"a":2}', 'a key that stands twice in JSON'],
    ['{"a":1}\n{"b":1}\n', 'JSON and more of it'],
    [`{${Array.from({ length: 40 }, (_, at) => `"k${at % 39}":1`).join(',')}}`, 'a key that stands twice among many'],
    ['a b: 1\n', 'a key with a blank'],
    ['? a\n: 1\n', 'a key with its own mark'],
    [`${Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')}`, 'a deep nest'],
    [`a: ${'['.repeat(60)}${']'.repeat(60)}\n`, 'a deep nest of brackets'],
  ])('leaves %j to the full reader: %s', (text) => {
    expect(readBothWays(text)).toBeUndefined();
  });
});
