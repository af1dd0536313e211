import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { createSourceFile } from '../../../src/model/source-file.ts';
import { formatYaml } from '../../../src/source/format/format-yaml.ts';
import { toData } from '../../../src/source/yaml/node.ts';
import { readWrittenYaml } from '../../../src/source/yaml/read-yaml.ts';
import { createDraws } from '../../fuzz/draws.ts';
import { makeLayout } from '../../fuzz/layout-inputs.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';
import { repeats, sample } from '../../support/sample.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const files = globSync(['examples/**/*.yaml', 'test/flows/*/*.yaml'], { cwd: root }).sort();
const LONG = 'x'.repeat(50);

describe('formatYaml', () => {
  it.each<[what: string, before: string, after: string]>([
    [
      'indents by two',
      'name: x\nsteps:\n- id: a\n  config:\n      url: y\n',
      'name: x\nsteps:\n  - id: a\n    config:\n      url: y\n',
    ],
    [
      'puts one blank between things',
      'a:   1\nb:  [1,2 ,  3]\nc: {a: 1,b: 2}\n',
      'a: 1\nb: [1, 2, 3]\nc: { a: 1, b: 2 }\n',
    ],
    ['keeps comments', '# top\n\na: 1   # why\n\n# below\nb: 2\n', '# top\n\na: 1 # why\n\n# below\nb: 2\n'],
    ['keeps a blank line, and no second one', 'a: 1\n\n\n\nb: 2\n', 'a: 1\n\nb: 2\n'],
    ['keeps quotes', `a: 'x'\nb: "y"\nc: z\nd: "5"\ne: 5\nf: no\n`, `a: 'x'\nb: "y"\nc: z\nd: "5"\ne: 5\nf: no\n`],
    [
      'keeps numbers as they are written',
      'a: 1.50\nb: 0x1F\nc: 1e3\nd: 9007199254740993\n',
      'a: 1.50\nb: 0x1F\nc: 1e3\nd: 9007199254740993\n',
    ],
    ['keeps what is absent', 'a:\nb: ~\nc: null\nd: ""\n', 'a:\nb: ~\nc: null\nd: ""\n'],
    [
      'keeps anchors, merges and tags',
      'x-a: &a {b: 1}\nc: *a\nd: {<<: *a}\ne: !raw "{{x}}"\n',
      'x-a: &a { b: 1 }\nc: *a\nd: { <<: *a }\ne: !raw "{{x}}"\n',
    ],
    [
      'keeps blocks',
      'a: |\n     SELECT 1\n       FROM b\nc: >-\n   one\n   two\n\n   three\nd: |+\n  x\n\n',
      'a: |\n  SELECT 1\n    FROM b\nc: >-\n  one\n  two\n\n  three\nd: |+\n  x\n\n',
    ],
    [
      'keeps escapes, and quotes over several lines, as they are written',
      'a:   "\\u00fc \\u200b \\/ \\x07"\nb:\n    - "one\n      two \\\n      three"\n    -   \'a\n\n        b\'\n',
      'a: "\\u00fc \\u200b \\/ \\x07"\nb:\n  - "one\n    two \\\n    three"\n  - \'a\n\n    b\'\n',
    ],
    ['keeps documents', 'a: 1\n---\n# second\nb:  2\n', 'a: 1\n---\n# second\nb: 2\n'],
    [
      'breaks what is too long in brackets',
      `a: { b: ${LONG}, c: [${LONG}, { d: ${LONG} }] }\n`,
      `a:\n  b: ${LONG}\n  c: [${LONG}, { d: ${LONG} }]\n`,
    ],
    [
      'breaks a step that is too long',
      `- { id: a, action: ${LONG}, config: { b: ${LONG}, c: d } }\n`,
      `- id: a\n  action: ${LONG}\n  config: { b: ${LONG}, c: d }\n`,
    ],
    ['leaves comments in brackets', 'a: [ # one\n  1,\n  2 ]\n', 'a:\n  [\n    # one\n    1,\n    2\n  ]\n'],
    ['keeps the ends of lines', 'a:  1\r\nb: 2\r\n', 'a: 1\r\nb: 2\r\n'],
    [
      'leaves a long text on its line',
      `a: ${LONG} ${LONG} ${LONG}\nb: "${LONG} ${LONG} ${LONG}"\n`,
      `a: ${LONG} ${LONG} ${LONG}\nb: "${LONG} ${LONG} ${LONG}"\n`,
    ],
  ])('%s', (_, before, after) => {
    expect(format(before)).toBe(after);
    expect(format(after)).toBe(after);
  });

  it.each(sample('files laid out', files, { count: 40 }))(
    'says the same of %s, and nothing new the second time',
    (path) => {
      expectSame(readFileSync(`${root}${path}`, 'utf8'));
    },
  );

  it('does so whatever the layout was', () => {
    const count = repeats('layouts that are laid out anew', 5000, 60);
    let unfit = 0;
    let sound = 0;
    for (let number = 0; number < count; number++) {
      const text = makeLayout(createDraws(`format/${number}`));
      if (!isSound(text)) continue;
      sound += 1;
      if (!expectSame(text)) unfit += 1;
    }
    expect(sound).toBeGreaterThan(count / 10);
    expect(unfit / sound).toBeLessThan(0.02);
  });
});

/** Whether it could be laid out. */
function expectSame(text: string): boolean {
  if (!isSound(text)) return true;
  const formatted = format(text);
  if (formatted === undefined) return false;
  expect(format(formatted), text).toBe(formatted);
  expect(describeText(formatted), text).toEqual(describeText(text));
  return true;
}

function describeText(text: string): unknown {
  const findings = findingsOf(planText(text)).map((line) =>
    line.replace(/ (?:\S+:)?\d+:\d+ /, ' ').replace(/at line \d+|line \d+/g, 'at a line'),
  );
  return { data: read(text).documents.map(toData), findings: findings.sort() };
}

function format(text: string): string | undefined {
  return formatYaml(createSourceFile('flow.yaml', '/flow.yaml', text));
}

function isSound(text: string): boolean {
  return !read(text).diagnostics.some(({ severity }) => severity === 'error');
}

function read(text: string) {
  return readWrittenYaml(createSourceFile('flow.yaml', '/flow.yaml', text));
}
