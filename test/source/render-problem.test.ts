import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../src/expr/index.ts';
import type { Problem } from '../../src/model/events.ts';
import { renderProblem } from '../../src/source/render-problem.ts';
import { createPaint } from '../../src/util/paint.ts';

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
};

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

  it('draws code, differences and hints', () => {
    const problem: Problem = {
      outcome: 'errored',
      kind: 'connection',
      code: 'ECONNREFUSED',
      message: 'no answer',
      differences: [
        { path: 'items[0].id', expected: 7, actual: '7' },
        { path: '', expected: [1], actual: undefined },
      ],
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
      parts: many,
      differences: many.map(({ text, value }) => ({ path: text, expected: value, actual: value })),
      hints: many.map(({ text }) => text),
    };
    const lines = renderProblem(problem, plain).split('\n');
    expect(lines.length).toBeLessThan(75);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(280);
    expect(lines.join('')).not.toContain('\u001b');
    expect(lines.filter((line) => /… and \d+ more/.test(line)).length).toBe(4);
  });

  it('colours when asked', () => {
    expect(renderProblem(falseAssertion, createPaint(true))).toContain('\u001b[31m^');
  });
});
