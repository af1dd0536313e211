import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../../src/expr/index.ts';
import type { Problem } from '../../../src/model/events.ts';
import type { Explained } from '../../../src/model/explained.ts';
import { renderProblem } from '../../../src/source/render/render-problem.ts';
import { createPaint } from '../../../src/util/paint.ts';

const plain = createPaint(false);

const falseAssertion: Problem = {
  outcome: 'failed',
  kind: 'assertion',
  message: 'the assertion is false',
  location: {
    file: 'flow.yaml',
    line: 61,
    column: 11,
    endLine: 61,
    endColumn: 41,
    excerpt: [
      { line: 60, text: '        - status == 201' },
      { line: 61, text: '        - body.total == price * quantity' },
    ],
  },
  explained: {
    parts: [
      { offset: 0, length: 10, text: 'body.total', type: 'float', value: 60.98 },
      {
        offset: 14,
        length: 16,
        text: 'price * quantity',
        type: 'float',
        value: new ExactNumber('59.980000000000000001'),
      },
    ],
  },
};

/** An assertion that is false, with what explains it. */
function explainFailure(explained: Partial<Explained>): Problem {
  return { outcome: 'failed', kind: 'assertion', message: 'no', explained: { parts: [], ...explained } };
}

describe('renderProblem', () => {
  it('draws the assertion with the values of its parts below the carets', () => {
    expect(renderProblem(falseAssertion, plain).split('\n')).toEqual([
      'the assertion is false',
      'flow.yaml:61:11',
      '60 |         - status == 201',
      '61 |         - body.total == price * quantity',
      '   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
      '   |           body.total         float 60.98',
      '   |           price * quantity   float 59.980000000000000001',
    ]);
  });

  it('keeps the type of what is masked', () => {
    const parts = [
      { offset: 0, length: 3, text: 'PIN', type: 'int', value: '***' },
      { offset: 4, length: 4, text: 'WORD', type: 'string', value: '***' },
    ];
    expect(renderProblem(explainFailure({ parts }), plain).split('\n')).toEqual([
      'no',
      '  PIN    int ***',
      '  WORD   string "***"',
    ]);
  });

  it('draws code, differences and hints', () => {
    const problem: Problem = {
      outcome: 'errored',
      kind: 'connection',
      code: 'ECONNREFUSED',
      message: 'no answer',
      explained: {
        parts: [],
        differences: [
          { path: 'items[0].id', expected: 7, actual: '7' },
          { path: '', expected: [1], actual: undefined },
        ],
      },
      hints: ['is the service running?'],
    };
    expect(renderProblem(problem, plain).split('\n')).toEqual([
      'no answer [ECONNREFUSED]',
      '  items[0].id   expected int 7',
      '                     got string "7"',
      '  the value     expected array (1) [1]',
      '                     got nothing',
      '= is the service running?',
    ]);
  });

  it('shows parts also when the lines are not known', () => {
    const { location: _location, ...problem } = falseAssertion;
    expect(renderProblem(problem, plain)).toContain('\n  body.total         float 60.98\n');
  });

  it('stays within a screen, whatever the values', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      offset: 0,
      length: 1,
      text: `part ${index} ${'x'.repeat(500)}`,
      type: 'string',
      value: 'line\n\u001b[31m'.repeat(5000),
    }));
    const problem: Problem = {
      ...falseAssertion,
      message: `${'m'.repeat(5000)}\n`.repeat(100),
      explained: {
        parts: many,
        differences: many.map(({ text, value }) => ({ path: text, expected: value, actual: value })),
      },
      hints: many.map(({ text }) => text),
    };
    const lines = renderProblem(problem, plain).split('\n');
    expect(lines.length).toBeLessThan(75);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(280);
    expect(lines.join('')).not.toContain('\u001b');
    expect(lines.filter((line) => /… and \d+ more/.test(line)).length).toBe(4);
  });

  it('says of each difference what kind it is', () => {
    const problem = explainFailure({
      differences: [
        { kind: 'missing', path: 'xs[2]', expected: 3 },
        { kind: 'extra', path: 'xs[4]', actual: { a: 1 } },
        { kind: 'changed', path: 'xs[5].a', expectedPath: 'xs[4].a', expected: 1, actual: 2 },
        { kind: 'order', path: 'ys', move: { from: 'ys[0]', to: 'ys[1]' }, expected: [1, 2], actual: [2, 1] },
        { kind: 'order', path: 'zs', expected: [1, 2, 3, 4, 5], actual: [1, 3, 2, 5, 4] },
      ],
      differenceCount: 20,
    });
    expect(renderProblem(problem, plain).split('\n').slice(1)).toEqual([
      '  xs[2]     is missing: expected int 3',
      '  xs[4]     is not expected: got map {"a": 1}',
      '  xs[5].a   expected int 1   (of xs[4].a there)',
      '                 got int 2',
      '  ys        same items, different order: ys[0] was expected at ys[1]',
      '  zs        same items, different order, from zs[1] on',
      '            expected array (4) [2, 3, 4, 5]',
      '                 got array (4) [3, 2, 5, 4]',
      '  … and 15 more differences',
    ]);
  });

  it('says of two hidden values that they are not equal', () => {
    const long = `Bearer *** ${'x'.repeat(80)}`;
    const draw = (text: string) =>
      renderProblem(explainFailure({ differences: [{ path: 'body.token', expected: text, actual: text }] }), plain);
    expect(draw('***')).toContain('  body.token   both are hidden, and they are not equal: string "***"');
    expect(draw(long)).toContain('  body.token   both are hidden, and they are not equal: string "Bearer ***');
  });

  it('draws the items that decided, loops within loops too', () => {
    const part = { offset: 0, length: 1, type: '' };
    const inner = {
      ...{ offset: 0, length: 1, text: 'any(.tags, # == 1)', value: false, itemCount: 1, seenCount: 1, matchCount: 0 },
      items: [{ index: 0, path: 'xs[1].tags[0]', value: 2, isMatch: false, parts: [], loops: [] }],
    };
    const problem = explainFailure({
      loops: [
        {
          ...{ offset: 0, length: 1, text: 'all(xs, any(.tags, # == 1))', value: false },
          ...{ itemCount: 9, seenCount: 2, matchCount: 1 },
          items: [
            {
              ...{ index: 1, path: 'xs[1]', value: { tags: [2] }, isMatch: false },
              parts: [{ ...part, text: '.tags', value: [2] }],
              loops: [inner],
            },
          ],
        },
      ],
    });
    expect(renderProblem(problem, plain).split('\n').slice(1)).toEqual([
      '  all(xs, any(.tags, # == 1))   does not hold for the 2nd of 9 items',
      '    ✗ xs[1]   .tags = array (1) [2]   in map {"tags": [2]}',
      '      any(.tags, # == 1)   holds for none of 1 item',
      '        ✗ xs[1].tags[0]   int 2',
    ]);
  });

  it('tells what differs in the same way at many items by its first, and leaves room for the others', () => {
    const prices = Array.from({ length: 12 }, (_, id) => ({ path: `items[${id}].price`, expected: 1, actual: 2 }));
    const differences = [...prices, { path: 'items[3].tags[0]', expected: 'a', actual: 'b' }];
    const problem = explainFailure({ differences, differenceCount: 20 });
    expect(renderProblem(problem, plain).split('\n').slice(1)).toEqual([
      ...[0, 1, 2].flatMap((id) => [`  items[${id}].price     expected int 1`, '                          got int 2']),
      '  … and 9 more at items[*].price: [3], [4], [5], [6], [7], [8], [9], [10], …',
      '  items[3].tags[0]   expected string "a"',
      '                          got string "b"',
      '  … and 7 more differences',
    ]);
  });

  it('compares large data line by line when many places differ', () => {
    const make = (price: number) => ({
      items: Object.fromEntries(Array.from({ length: 30 }, (_, id) => [`i${id}`, { id, price }])),
    });
    const differences = Array.from({ length: 30 }, (_, id) => ({ path: `items.i${id}.price`, expected: 1, actual: 2 }));
    const compared = { path: 'body', expected: make(1), actual: make(2) };
    const text = renderProblem(explainFailure({ differences, compared }), plain);
    expect(text).toContain('\n  … and 22 more differences\n    - expected  + got\n    @@ -2,123 +2,123 @@\n');
    expect(text).toContain('\n    -       "price": 1\n    +       "price": 2\n');
    expect(text).toMatch(/\n {4}… and \d+ more lines$/);
  });

  it('shows where long texts part', () => {
    const render = (expected: string, actual: string) =>
      renderProblem(explainFailure({ differences: [{ path: 'text', expected, actual }] }), plain)
        .split('\n')
        .slice(1);
    expect(render(`${'x'.repeat(500)}yes`, `${'x'.repeat(500)}no`)).toEqual([
      '  text   differs first at character 501: 503 characters expected, 502 got',
      `    expected …${'x'.repeat(40)}yes"`,
      `         got …${'x'.repeat(40)}no"`,
      `             ${' '.repeat(41)}^`,
    ]);
    expect(render('one\ntwo\nthree\n', 'one\ntwo \nthree\n')).toEqual([
      '  text   differs first in line 2: 14 characters expected, 15 got',
      '    - expected  + got',
      '    @@ -1,4 +1,4 @@',
      '      one',
      '    - two',
      '    + two·',
      '      three',
      '',
    ]);
  });

  it('colours when asked', () => {
    expect(renderProblem(falseAssertion, createPaint(true))).toContain('\u001b[31m^');
  });
});
