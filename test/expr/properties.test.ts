import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compile,
  compileTemplate,
  ExprError,
  listChildren,
  type Node,
  printNode,
  type Value,
} from '../../src/expr/index.ts';
import { repeats } from '../support/sample.ts';
import { createEnv, host } from './support.ts';

const env = createEnv({ a: 1, b: 'text', c: [1, 2, { d: null }], e: { f: true, g: [] }, n: null });

const fragments = [
  'a',
  'b',
  'c',
  'e.f',
  'c[0]',
  'n?.x',
  'nil',
  'true',
  '1',
  '2.5',
  '"x"',
  "'y'",
  '`z`',
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '==',
  '!=',
  '<',
  '>=',
  'and',
  'or',
  'not',
  'in',
  'matches',
  'contains',
  '??',
  '?',
  ':',
  '?.',
  '.',
  '..',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '{{',
  '}}',
  '${',
  '<<',
  '>>',
  ',',
  ';',
  '|',
  'len(',
  'map(',
  'filter(',
  'reduce(',
  '#',
  '#acc',
  '.d',
  'let x =',
  'x',
  'if',
  'else',
  '$env',
  '\\',
  '"',
  '\n',
  '//',
  '/*',
  '*/',
  '::',
  '0x1F',
];
const sources = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom(...fragments), { maxLength: 14 }).map((words) => words.join(' ')),
  fc.array(fc.constantFrom(...fragments), { maxLength: 8 }).map((words) => words.join('')),
);

describe('any text', () => {
  it('is an expression or an error with a place in it', () => {
    fc.assert(
      fc.property(sources, fc.boolean(), (source, placeholders) =>
        expectSafe(source, () => compile(source, { placeholders }).evaluate(env, host)),
      ),
      { numRuns: repeats('texts as expressions', 3_000) },
    );
  });

  it('is a template or an error with a place in it', () => {
    fc.assert(
      fc.property(sources, (source) => expectSafe(source, () => compileTemplate(`x ${source}`).render(env, host))),
      { numRuns: repeats('texts as templates', 2_000) },
    );
  });

  it('is explained without throwing, with the value that evaluation gives', () => {
    fc.assert(
      fc.property(sources, (source) => {
        const expression = attempt(() => compile(source));
        if (expression === undefined) return;
        const explanation = expression.explain(env, host);
        const value = attempt(() => expression.evaluate(env, host));
        expect(explanation.value).toEqual(value);
        for (const part of explanation.parts)
          expect(source.slice(part.offset, part.offset + part.length)).toBe(part.text);
      }),
      { numRuns: repeats('texts that are explained', 1_500) },
    );
  });
});

describe('a printed tree', () => {
  it('parses to the same tree', () => {
    fc.assert(
      fc.property(trees, (source) => {
        const ast = attempt(() => compile(source).ast);
        // A variable within its own scope is refused; every other tree compiles.
        fc.pre(ast !== undefined);
        if (ast !== undefined) expect(strip(compile(printNode(ast)).ast)).toEqual(strip(ast));
      }),
      { numRuns: repeats('printed trees', 1_000) },
    );
  });

  it.each([
    'a.b?.c.d',
    'a?.[0]?.b[1:2]',
    'a[:]',
    'x | map(# + 1) | len()',
    'let q = 1; q; 2',
    'a ?: b',
    '1 < a <= 3',
    'if a { 1 } else { 2 }',
    'map(a, {{b: #index}})',
    'reduce(a, #acc + .b, 0)',
    '-2 ** 2',
    'a ?? (b + 1)',
    'not (a in b)',
    '"a{{b}}c" + ${d:-e}',
    'date("x").Format("y")',
    '{("a"): 1, "b c": 2}',
    '(a; b).c',
    '(not a).b',
    '99999999999999999999 + 1e400',
  ])('%s', (source) => {
    const { ast } = compile(source, { placeholders: true });
    expect(strip(compile(printNode(ast), { placeholders: true }).ast)).toEqual(strip(ast));
  });
});

const { trees } = fc.letrec<{ trees: string }>((tie) => ({
  trees: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', 'nil', 'true', '1', '2.5', '"x"', "'it\\'s'", '`\\`', '99999999999999999999', '$env'),
    fc
      .tuple(
        tie('trees'),
        fc.constantFrom('+', '-', '*', '**', '==', '<', 'and', 'or', 'in', 'not in', 'matches', '..'),
        tie('trees'),
      )
      .map(([x, op, y]) => `(${x}) ${op} (${op.includes('matches') ? 'b' : y})`),
    fc.tuple(tie('trees'), tie('trees')).map(([x, y]) => `(${x}) ?? (${y})`),
    fc.tuple(tie('trees'), tie('trees'), tie('trees')).map(([x, y, z]) => `(${x}) ? (${y}) : (${z})`),
    fc.tuple(tie('trees'), tie('trees'), tie('trees')).map(([x, y, z]) => `(${x}) < (${y}) <= (${z})`),
    fc.tuple(fc.constantFrom('-', 'not ', '!'), tie('trees')).map(([op, x]) => `${op}(${x})`),
    tie('trees').map((x) => `(${x}).m?.n[0].o`),
    fc.tuple(tie('trees'), tie('trees')).map(([x, y]) => `(${x})[(${y})]`),
    fc.tuple(tie('trees'), tie('trees')).map(([x, y]) => `filter((${x}), {let v = #; (${y})})`),
    fc.array(tie('trees'), { maxLength: 3 }).map((items) => `[${items.map((item) => `(${item})`).join(', ')}]`),
    fc
      .array(tie('trees'), { maxLength: 3 })
      .map((items) => `{${items.map((item, i) => `k${i}: (${item})`).join(', ')}}`),
    fc.tuple(tie('trees'), tie('trees')).map(([x, y]) => `((${x}); (${y}))`),
  ),
}));

function expectSafe(source: string, run: () => Value): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    expect(error.message).not.toBe('');
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(source.length + 2);
    expect(error.isPlaced).toBe(true);
  }
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExprError) return undefined;
    throw error;
  }
}

/** The shape of a tree without its places. */
function strip(node: Node): unknown {
  const { offset: _offset, length: _length, at: _at, atLength: _atLength, depth: _depth, ...shape } = node;
  const own = Object.entries(shape).filter(
    ([, value]) => typeof value !== 'object' || value === null || node.kind === 'literal',
  );
  const operators = node.kind === 'comparison' ? node.operators : [];
  return [Object.fromEntries(own), operators, listChildren(node).map(strip)];
}
