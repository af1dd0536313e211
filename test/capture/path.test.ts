import { describe, expect, it } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { compilePath } from '../../src/capture/path.ts';
import { ExactNumber, type Value } from '../../src/expr/index.ts';
import { explainPath, findPath, sampleResult } from './support.ts';

describe('compilePath', () => {
  it.each<[string, unknown]>([
    ['$.status', 200],
    ['  $.body.id ', 'u1'],
    ['$.body.email', null],
    ['$.id', 'u1'],
    ['$.items[0].id', 1],
    ['$.items[-1].id', 3],
    ['$ .items [0]\n.id', 1],
    ['$.items.1.id', 2],
    ['$.items.length', 3],
    ['$.items[*].tags.length', [1, 0, 2]],
    ['$["body"][\'odd key\']["a.b"]', 1],
    ['$["\\u0062ody"].id', 'u1'],
    ['$.headers.content-type', 'application/json'],
    ['$.headers["CONTENT-TYPE"]', 'application/json'],
    ['$.items[*].id', [1, 2, 3]],
    ['$.items.*.id', [1, 2, 3]],
    ['$.items[*].price', [5, 20]],
    ['$.items[1:].id', [2, 3]],
    ['$.items[:-1].id', [1, 2]],
    ['$.items[::2].id', [1, 3]],
    ['$.items[::-1].id', [3, 2, 1]],
    ['$.items[2:0:-1].id', [3, 2]],
    ['$.items[2,0,2].id', [3, 1, 3]],
    ['$.items[1:,0].id', [2, 3, 1]],
    ["$.items[0]['price','id']", [5, 1]],
    ['$["status","body"]', [200, sampleResult.body]],
    ['$..id', ['u1', 1, 2, 3]],
    ['$..tags[0]', ['x', 'x']],
    ['$.items..price', [5, 20]],
  ])('%s', (path, expected) => {
    expect(findPath(path)).toEqual(expected);
  });

  it('finds nothing where only keys of maps and positions of arrays are', () => {
    for (const path of ['$.items["0"]', '$.items["length"]', '$.body[0]', '$..length'])
      expect(() => findPath(path)).toThrow(CaptureError);
  });

  it('gives the whole result for `$`, and numbers digit for digit', () => {
    expect(findPath('$')).toBe(sampleResult);
    expect(findPath('$.total')).toBe(sampleResult.body.total);
    expect(findPath('$..total')).toEqual([new ExactNumber('9007199254740993')]);
  });

  it('looks in the body of a result when the path begins with none of its keys', () => {
    expect(findPath('$[0].id', { status: 200, body: [{ id: 7 }] })).toBe(7);
    expect(findPath('$[*].id', { status: 200, body: [{ id: 7 }] })).toEqual([7]);
    expect(findPath('$[0]', [1, 2])).toBe(1);
  });

  it('tells a value from a list by its form alone', () => {
    expect(compilePath('$.items[0]')).toMatchObject({ names: [], isDefinite: true });
    for (const path of [
      '$.items[0,1]',
      '$.items[0:1]',
      '$.items[*]',
      '$..id',
      '$.items[?@.id == 1]',
      '$.items["a","b"]',
    ])
      expect(compilePath(path).isDefinite).toBe(false);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('does not reach %s', (key) => {
    expect(explainPath(`$.body.${key}`)[0]).toContain(`has no key \`${key}\``);
    expect(explainPath(`$..${key}`)[0]).toContain('finds nothing');
    expect(explainPath(`$.items[?@.${key}]`)[0]).toContain('finds nothing');
    expect(findPath(`$.${key}`, { [key]: 1 } as Value)).toBe(1);
  });

  it.each<[string, Value, string]>([
    ['$.meta.total.count', { meta: { 'total.count': 3 } }, '$.meta["total.count"]'],
    [' $.body.meta.total.count', { meta: { 'total.count': 3 } }, '$.body.meta["total.count"]'],
    ['$.k.l', { 'k.l': 1 }, '$["k.l"]'],
    ['$.k.l[0].m.n', { 'k.l': [{ 'm.n': 1 }] }, '$["k.l"][0]["m.n"]'],
    ['$.a.b.c.d', { 'a.b.c': { d: 1 } }, '$["a.b.c"].d'],
    ['$.items[*].a.b', { items: [{ 'a.b': 1 }] }, '$.items[*]["a.b"]'],
    ['$.k.l[*].id', { 'k.l': [{ id: 1 }] }, '$["k.l"][*].id'],
  ])('joins names to a key with dots: %s', (path, body, meant) => {
    const hints = explainPath(path, { status: 200, headers: {}, body } as Value);
    expect(hints).toContain(`did you mean \`${meant}\`?`);
    expect(hints.filter((hint) => hint.startsWith('did you mean'))).toHaveLength(1);
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
      ' $.body.items[7].id',
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
    [
      '$.Body.id',
      ['`$.Body.id` finds nothing: the body has no key `Body`', 'did you mean `$.body.id`?', /^the body has /],
    ],
    [
      '$.Body.Items[0].Price',
      [/: the body has no key `Body`$/, 'did you mean `$.body.items[0].price`?', /^the body has /],
    ],
    ['$.data.id', [/: the body has no key `data`$/, 'did you mean `$.body.id`?', /^the body has /]],
    [
      '$.res.body.items[*].id',
      [/nothing in the body matches `res`$/, 'did you mean `$.body.items[*].id`?', /^the body/],
    ],
    ['$.body.data.items[1].id', [/: `body` has no key `data`$/, 'did you mean `$.body.items[1].id`?', /^`body` has /]],
    ['$["a.b"]', [/: the body has no key `a.b`$/, 'did you mean `$.body["odd key"]["a.b"]`?', /^the body has /]],
    // What is there and lacks something is not left out.
    ['$.email.id', ['`$.email.id` finds nothing: `email` is nil']],
    ['$["odd key"].id', [/: `\["odd key"\]` has no key `id`$/, /^`\["odd key"\]` has `a\.b`$/]],
    ['$.email.x', ['`$.email.x` finds nothing: `email` is nil']],
    ['$.id.x', ['`$.id.x` finds nothing: `id` is "u1", not a map']],
    ['$.id[0]', ['`$.id[0]` finds nothing: `id` is "u1", not an array']],
    ['$.items[*].nothing', ['`$.items[*].nothing` finds nothing: nothing in `items[*]` matches `nothing`']],
    ['$.items..nothing', ['`$.items..nothing` finds nothing: nothing in `items` matches `..nothing`']],
    [
      '$.items[?(@.price > 0)].id[0]',
      [
        /nothing in `items\[\?\(@.price > 0\)\].id` matches `\[0\]`$/,
        '`[0]` is looked for inside each value that `items[?(@.price > 0)].id` finds: leave it out, and write `[0]` behind the captured name, which is a list',
      ],
    ],
    ['$.items[5:]', ['`$.items[5:]` finds nothing: nothing in `items` matches `[5:]`']],
  ])('%s says which part broke', (path, lines) => {
    const reported = explainPath(path);
    expect(reported).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) {
      if (typeof line === 'string') expect(reported[index]).toBe(line);
      else expect(reported[index]).toMatch(line);
    }
  });
});
