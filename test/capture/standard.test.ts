import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { JSONPathSyntaxError, query } from 'json-p3';
import { describe, expect, it } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { compilePath } from '../../src/capture/path.ts';
import { ExprError, type Value } from '../../src/expr/index.ts';
import { repeats } from '../support/sample.ts';

/** One case of the JSONPath Compliance Test Suite. */
interface SuiteCase {
  readonly name: string;
  readonly selector: string;
  readonly document: Value;
  readonly result?: Value;
  /** Any of them, where the order of members is open. */
  readonly results?: readonly Value[];
  readonly invalid_selector?: boolean;
}

/** What the suite calls invalid and we take all the same; docs/language.md says why. */
const SUPERSET: ReadonlySet<string> = new Set([' $', '$ ', '$.1']);

// The suite comes in a package, as its licence (BSD-2-Clause) lets it; JSONPATH_SUITE names the file of a newer one.
const require = createRequire(import.meta.url);
const PACKAGED = join(
  dirname(require.resolve('jsonpath-rfc9535/package.json')),
  'src/__tests__/jsonpath-compliance-test-suite/cts.json',
);
const suites = [PACKAGED, process.env['JSONPATH_SUITE'] ?? ''].filter((path) => path !== '');

describe.each(suites)('the compliance suite %s', (path) => {
  const { tests }: { tests: readonly SuiteCase[] } = JSON.parse(readFileSync(path, 'utf8'));
  const valid = tests.filter((test) => test.invalid_selector !== true);
  const invalid = tests.filter((test) => test.invalid_selector === true);

  it('has cases', () => {
    expect(valid.length).toBeGreaterThan(400);
    expect(invalid.length).toBeGreaterThan(200);
  });

  it('is met by every valid selector', () => {
    const wrong = valid.filter(({ selector, document, result, results = [result ?? null] }) => {
      const found = listFound(selector, document);
      return !results.some((expected) => isDeepStrictEqual(found, expected));
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('is met by every invalid selector, but for those that we list', () => {
    const accepted = invalid.filter(({ selector }) => !isRefused(selector));
    expect(new Set(accepted.map(({ selector }) => selector))).toEqual(SUPERSET);
  });
});

describe('beyond RFC 9535', () => {
  const document = { items: [{ id: 1, tags: ['x'], 'a-b': 7 }, { id: 2 }], $ref: '#' };

  it.each<[string, Value]>([
    [' $.items[0].id\n', 1],
    ['$.items.0.id', 1],
    ['$.items.length', 2],
    ['$.items[0].a-b', 7],
    ['$.$ref', '#'],
    ['$.items[?@.id == wanted].id', [2]],
    ['$.items[?@.id in [1, 3]].id', [1]],
    ['$.items[?"x" in @.tags].id', [1]],
    ['$.items[?@.tags and @.id < 9].id', [1]],
    ['$.items[?len(@.tags ?? []) == 0].id', [2]],
    ['$.items[?@.tags[0:1] == ["x"]].id', [1]],
  ])('%s is taken', (path, expected) => {
    const found = compilePath(path).find(document, new Map([['wanted', 2]]), { now: () => 0 });
    expect(found).toEqual(expected);
  });
});

describe('a path of any form', () => {
  it('finds what another implementation finds', () => {
    fc.assert(
      fc.property(anyValue, anyPath(DEPTH), (document, path) => {
        const expected = queryOther(document as Value, path);
        fc.pre(expected !== undefined);
        expect(listFound(path, document as Value), path).toEqual(expected);
      }),
      { numRuns: repeats('paths of any form', 3000) },
    );
  });
});

const key = fc.constantFrom('a', 'b', 'c');
const anyScalar = fc.constantFrom(null, true, false, 0, 1, -1, 2.5, '', 'a', 'b', 'ab');
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    anyScalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3 }),
  ),
})).value;

const anyBound = fc.option(fc.integer({ min: -4, max: 4 }), { nil: '' });
const singular = fc.array(
  fc.oneof(
    key.map((name) => `.${name}`),
    fc.integer({ min: -2, max: 2 }).map((at) => `[${at}]`),
  ),
  {
    maxLength: 2,
  },
);

/** How many conditions stand within each other. */
const DEPTH = 3;

/** A path of RFC 9535; conditions hold further paths, `depth` within each other. */
function anyPath(depth: number, start = '$'): fc.Arbitrary<string> {
  return fc.array(anySegment(depth), { maxLength: 4 }).map((segments) => start + segments.join(''));
}

function anySegment(depth: number): fc.Arbitrary<string> {
  const bracket = fc.array(anySelector(depth), { minLength: 1, maxLength: 3 }).map((parts) => `[${parts.join(', ')}]`);
  return fc.oneof(
    key.map((name) => `.${name}`),
    fc.constantFrom('.*', '..*'),
    key.map((name) => `..${name}`),
    bracket,
    bracket.map((text) => `..${text}`),
  );
}

function anySelector(depth: number): fc.Arbitrary<string> {
  const plain = [
    key.map((name) => `"${name}"`),
    fc.integer({ min: -3, max: 3 }).map(String),
    fc.constant('*'),
    fc.tuple(anyBound, anyBound, anyBound).map((bounds) => bounds.join(':')),
  ];
  return depth === 0
    ? fc.oneof(...plain)
    : fc.oneof(
        ...plain,
        anyCondition(depth - 1).map((text) => `?${text}`),
      );
}

function anyCondition(depth: number): fc.Arbitrary<string> {
  // In a condition within a condition, json-p3 takes `$` for what the outer one looks at: such is not asked.
  const starts = depth === DEPTH - 1 ? ['@', '$'] : ['@'];
  const nodes = fc.oneof(...starts.map((start) => anyPath(depth, start)));
  const anySingular = fc.tuple(fc.constantFrom(...starts), singular).map(([start, parts]) => start + parts.join(''));
  const operand = fc.oneof(
    anyScalar.map((value) => JSON.stringify(value)),
    anySingular,
    anySingular.map((text) => `length(${text})`),
    nodes.map((text) => `count(${text})`),
    nodes.map((text) => `value(${text})`),
  );
  // Of what is no text, json-p3 takes the text that JavaScript makes of it: such is not asked.
  const test = fc.oneof(
    nodes,
    fc.tuple(operand, fc.constantFrom('==', '!=', '<', '<=', '>', '>='), operand).map((parts) => parts.join(' ')),
    fc
      .tuple(fc.constantFrom('match', 'search'), anySingular, fc.constantFrom('a', 'a.*', '[ab]'))
      .map(([name, text, pattern]) => `(${text} >= "" && ${name}(${text}, '${pattern}'))`),
  );
  return fc.oneof(
    test,
    test.map((text) => `!(${text})`),
    fc.tuple(test, fc.constantFrom('&&', '||'), test).map((parts) => parts.join(' ')),
  );
}

/** What json-p3 finds; undefined for the paths within functions that it cannot read. */
function queryOther(document: Value, path: string): unknown {
  try {
    return query(path, document as never).values();
  } catch (error) {
    if (error instanceof JSONPathSyntaxError) return undefined;
    throw error;
  }
}

/** What a path finds as RFC 9535 gives it: a list, whatever its form. */
function listFound(path: string, document: Value): Value {
  const compiled = compilePath(path);
  try {
    const found = compiled.find(document, new Map(), { now: () => 0 });
    return compiled.isDefinite ? [found] : found;
  } catch (error) {
    if (error instanceof CaptureError && error.kind === 'missing') return [];
    throw error;
  }
}

function isRefused(path: string): boolean {
  try {
    compilePath(path);
    return false;
  } catch (error) {
    if (error instanceof ExprError) return true;
    throw error;
  }
}
