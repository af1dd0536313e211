import fc from 'fast-check';
import { JSONPath } from 'jsonpath-plus';
import { describe, expect, it } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { compilePath } from '../../src/capture/path.ts';
import { createCaselessMap, ExactNumber, ExprError, type Value } from '../../src/expr/index.ts';
import { repeats } from '../support/sample.ts';

const host = { now: () => 0 };
const result: Value = {
  status: 200,
  headers: createCaselessMap([['Content-Type', 'application/json']]),
  body: {
    id: 'u1',
    email: null,
    total: new ExactNumber('9007199254740993'),
    'odd key': { 'a.b': 1 },
    items: [
      { id: 1, price: 5, tags: ['x'] },
      { id: 2, price: 20, tags: [] },
      { id: 3, tags: ['x', 'y'] },
    ],
    empty: [],
    status: 'pending',
  },
};

function find(path: string, from: Value = result, names: Record<string, Value> = {}): Value {
  return compilePath(path).find(from, new Map(Object.entries(names)), host);
}

function explain(path: string, from: Value = result): readonly string[] {
  try {
    find(path, from);
  } catch (error) {
    if (error instanceof CaptureError) return [error.message, ...error.hints];
    throw error;
  }
  throw new Error(`${path} finds something`);
}

describe('compilePath', () => {
  it.each<[string, unknown]>([
    ['$.status', 200],
    ['$.body.id', 'u1'],
    ['  $.body.id ', 'u1'],
    ['$.body.email', null],
    ['$.id', 'u1'],
    ['$.items[0].id', 1],
    ['$.items[-1].id', 3],
    ['$.items.1.id', 2],
    ['$.items.length', 3],
    ['$["body"][\'odd key\']["a.b"]', 1],
    ['$.headers.content-type', 'application/json'],
    ['$.headers["CONTENT-TYPE"]', 'application/json'],
    ['$.items[*].id', [1, 2, 3]],
    ['$.items.*.id', [1, 2, 3]],
    ['$.items[*].price', [5, 20]],
    ['$.items[1:].id', [2, 3]],
    ['$.items[:-1].id', [1, 2]],
    ['$.items[::2].id', [1, 3]],
    ['$.items[0,2].id', [1, 3]],
    ["$.items[0]['id','price']", [1, 5]],
    ['$..id', ['u1', 1, 2, 3]],
    ['$..tags[0]', ['x', 'x']],
    ['$.items..price', [5, 20]],
    ['$.items[?(@.price > 10)].id', [2]],
    ['$.items[?@.price > 10].id', [2]],
    ['$.items[?(@.price)].id', [1, 2]],
    ['$.items[?("y" in @.tags)].id', [3]],
    ['$.items[?(@.id == wanted)].price', [20]],
    ['$.items[?(@.id > 1 and \'@]\' != "x")].id', [2, 3]],
    ['$.items[?(len(@.tags) == 2)].id', [3]],
    ['$.items[?(@.id == len($.items))].id', [3]],
    ['$.body[?(@ == "u1")]', ['u1']],
  ])('%s', (path, expected) => {
    expect(find(path, result, { wanted: 2 })).toEqual(expected);
  });

  it('gives the whole result for `$`, and numbers digit for digit', () => {
    expect(find('$')).toBe(result);
    expect(find('$.total')).toBe((result as { body: { total: Value } }).body.total);
    expect(find('$..total')).toEqual([new ExactNumber('9007199254740993')]);
  });

  it('looks in the body of a result when the path begins with none of its keys', () => {
    expect(find('$[0].id', { status: 200, body: [{ id: 7 }] })).toBe(7);
    expect(find('$[*].id', { status: 200, body: [{ id: 7 }] })).toEqual([7]);
    expect(find('$[0]', [1, 2])).toBe(1);
  });

  it('tells the names of the flow that filters read, at their places', () => {
    const { names, isDefinite } = compilePath('$.items[?(@.id == user.id and @.price < $.max)]');
    expect(isDefinite).toBe(false);
    expect(names).toMatchObject([{ name: 'user', offset: 18, path: ['id'] }]);
    expect(compilePath('$.items[0]')).toMatchObject({ names: [], isDefinite: true });
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('does not reach %s', (key) => {
    expect(explain(`$.body.${key}`)[0]).toContain(`has no key \`${key}\``);
    expect(explain(`$..${key}`)[0]).toContain('finds nothing');
    expect(find(`$.${key}`, { [key]: 1 } as Value)).toBe(1);
  });

  it.each<[string, readonly (string | RegExp)[]]>([
    [
      '$.body.idd',
      [
        '`$.body.idd` finds nothing: `body` has no key `idd`',
        'did you mean `id`?',
        /^`body` has `id`, `email`, .* and `status`$/,
      ],
    ],
    [
      '$.idd',
      [
        '`$.idd` finds nothing: the body has no key `idd`',
        'did you mean `id`?',
        /^the body has /,
        'the result itself has `status`, `headers` and `body`',
      ],
    ],
    [
      '$.body.items[7].id',
      [
        '`$.body.items[7].id` finds nothing: `body.items` has 3 items, so there is no `[7]`',
        'its items are of type map',
      ],
    ],
    ['$.empty[0]', ['`$.empty[0]` finds nothing: `empty` is an empty array']],
    [
      '$.items.id',
      [
        '`$.items.id` finds nothing: `items` is an array (3), which has no key `id`',
        'name an item first: `[0]`, or `[*]` for all',
        'its items are of type map',
      ],
    ],
    ['$.email.x', ['`$.email.x` finds nothing: `email` is nil']],
    ['$.id.x', ['`$.id.x` finds nothing: `id` is "u1", not a map']],
    ['$.id[0]', ['`$.id[0]` finds nothing: `id` is "u1", not an array']],
    [
      '$.items[?(@.price > 100)].id',
      [
        '`$.items[?(@.price > 100)].id` finds nothing: no item of `items` satisfies `[?(@.price > 100)]`',
        /could not be evaluated: .*nil/,
      ],
    ],
    ['$.items[*].nothing', ['`$.items[*].nothing` finds nothing: nothing in `items[*]` matches `nothing`']],
  ])('%s says which part broke', (path, lines) => {
    const told = explain(path);
    expect(told).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) {
      if (typeof line === 'string') expect(told[index]).toBe(line);
      else expect(told[index]).toMatch(line);
    }
  });

  it.each([
    ['body.id', 0, 'a path begins with `$`'],
    ['', 0, 'a path begins with `$`'],
    ['$body.id', 1, '`body.id` does not continue a path'],
    ['$.b[', 3, 'the bracket that opens here is not closed'],
    ['$.b[0', 3, 'the bracket that opens here is not closed'],
    ['$.', 1, 'a name is missing after the dot'],
    ['$.a.', 3, 'a name is missing after the dot'],
    ['$.a..', 3, 'a name is missing after the dot'],
    ['$.a.[0]', 3, '`.[` is not a path'],
    ['$.a[]', 3, 'the brackets are empty'],
    ['$.a[b]', 4, '`b` cannot stand in brackets'],
    ['$.a[0,]', 4, 'something is missing after the comma'],
    ['$.a[::0]', 4, 'the step of a slice is 1 or more'],
    ['$.a[::-1]', 4, 'the step of a slice is 1 or more'],
    ['$.a[(@.length-1)]', 4, '`(@.length-1)` cannot stand in brackets'],
    ['$.a[?]', 4, 'the filter has no condition'],
    ['$.a.length()', 4, 'a path cannot call `length()`'],
    ['$.a b', 3, '` b` does not continue a path'],
    ['$.a[0])', 6, '`)` does not continue a path'],
    ['$.a[?(@.x = 1)]', 10, expect.stringContaining('=')],
    ['$.a[?(@.x == )]', 13, expect.any(String)],
  ])('%s is refused at %i', (path, offset, message) => {
    let refusal: unknown;
    try {
      compilePath(path);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ExprError);
    expect(refusal).toMatchObject({ kind: 'syntax', offset, message });
    expect((refusal as ExprError).message).not.toContain('\u0298');
  });

  it('finds what jsonpath-plus finds', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const anyData = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.integer({ min: 0, max: 9 }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    const anySegment = fc.oneof(
      key.map((name) => `.${name}`),
      key.map((name) => `["${name}"]`),
      fc.nat(3).map((index) => `[${index}]`),
      key.map((name) => `..${name}`),
      fc.constantFrom('.*', '[*]', '..*', '[1:]', '[0:2]', '[::2]'),
    );
    fc.assert(
      fc.property(anyData, fc.array(anySegment, { minLength: 1, maxLength: 4 }), (data, segments) => {
        fc.pre(typeof data === 'object');
        const path = `$${segments.join('')}`;
        const json = data as Value;
        const expected: unknown[] = JSONPath({
          path: path.replaceAll(/\["(\w)"\]/g, "['$1']"),
          json: data as object,
          wrap: true,
          eval: false,
        });
        let found: unknown[];
        try {
          const value = find(path, json);
          found = compilePath(path).isDefinite ? [value] : (value as unknown[]);
        } catch (error) {
          if (!(error instanceof CaptureError)) throw error;
          found = [];
        }
        const sort = (values: unknown[]) => values.map((value) => JSON.stringify(value)).sort();
        expect(sort(found)).toEqual(sort(expected));
      }),
      { numRuns: repeats('paths', 2000) },
    );
  });

  it('bounds what a path may visit', () => {
    let deep: Value = [];
    for (let level = 0; level < 3000; level++) deep = [deep, level];
    expect(() => find('$..*..*', deep)).toThrow(CaptureError);
  });
});
