import { describe, expect, it } from 'vitest';
import { compile, createCaselessMap, type FunctionDef } from '../../../src/expr/index.ts';
import { catchError, createEnv, evaluate, host } from '../support.ts';

const table: readonly [string, readonly string[]][] = [
  ['create_user.body.id == 1', ['create_user.body.id']],
  ['a.b[0]["c"].d[i].e', ['a.b.0.c.d', 'i']],
  ['steps["create-user"].body.id', ['steps.create-user.body.id']],
  ['a?.b?.c ?? d', ['a.b.c', 'd']],
  ['let x = a; x + b', ['a', 'b']],
  ['filter(xs, .qty > n and # != m)', ['xs', 'n', 'm']],
  ['any(xs, {let v = #; v == w})', ['xs', 'w']],
  ['(let v = 1; v) + v', ['v']],
  ['count(list) + count', ['list', 'count']],
  ['x.filter', ['x.filter']],
  ['upper(a.b)[0:n]', ['a.b', 'n']],
  ['{key: v, (k): 1}', ['v', 'k']],
  ['$env.token', ['$env.token']],
  ['$env["odd name"]', ['$env.odd name']],
  ['date(d).Format(f)', ['d', 'f']],
  ['a[b.c]', ['a', 'b.c']],
  ['-a[1:]', ['a']],
  ['"text" + `{{a}}`', []],
];

describe('names', () => {
  it.each(table)('of %s are %j', (source, expected) => {
    const { names } = compile(source);
    expect(names.map((use) => [use.name, ...use.path].join('.'))).toEqual(expected);
    for (const use of names) expect(source.slice(use.offset, use.offset + use.length)).toBe(use.name);
  });

  it('tell what may be unknown, and what is a function too', () => {
    expect(compile('$env?.token').names).toEqual([
      { name: '$env', offset: 0, length: 4, path: ['token'], optional: true },
    ]);
    expect(compile('now').names).toEqual([{ name: 'now', offset: 0, length: 3, path: [], function: true }]);
  });

  it.each<[string, readonly string[]]>([
    ['let r = a.b; r.c["d"]', ['a.b.c.d']],
    ['let r = a; let s = r.b; s.c == r.d', ['a.b.c', 'a.b', 'a.d'].toSorted()],
    ['get(a.b, "c").d', ['a.b.c.d']],
    ['(a ?? b).c', ['a.c', 'b.c']],
    ['(a ? b : c).d', ['b.d', 'c.d']],
    ['"b" not in a', ['a.b']],
    ['a.b == get(a, b)', []],
    ['[a][0].b', []],
  ])('tell what is read where a value goes on: of %s %j', (source, expected) => {
    const reached = compile(source).names.flatMap((use) =>
      (use.reached ?? []).map((keys) => [use.name, ...keys.map(({ key }) => key)].join('.')),
    );
    expect(reached.toSorted()).toEqual(expected);
  });

  it('tell functions and variables', () => {
    const expression = compile('let a = len(x); a | string() | len()');
    expect(expression.calls).toEqual(['len', 'string']);
    expect(expression.variables).toEqual(['a']);
  });

  it('never hide a function', () => {
    expect(evaluate('count(xs, # > 1)', { count: 9, xs: [1, 2] })).toBe(1);
    expect(evaluate('count', { count: 9 })).toBe(9);
  });

  it('match in any case where a map says so', () => {
    const headers = createCaselessMap([
      ['Content-Type', 'a'],
      ['X-Id', '1'],
    ]);
    const all =
      'headers["content-type"] == "a" and "x-ID" in headers and get(headers, "X-ID") == "1" and headers["x"] == nil';
    expect(evaluate(all, { headers })).toBe(true);
    expect(evaluate('keys(headers)', { headers })).toEqual(['Content-Type', 'X-Id']);
  });
});

describe('added functions', () => {
  const functions = new Map<string, FunctionDef>([
    ['twice', { name: 'twice', minArgs: 1, maxArgs: 1, pure: true, summary: '', call: ([x]) => Number(x) * 2 }],
    ['at', { name: 'at', minArgs: 0, maxArgs: 0, pure: false, summary: '', call: (_, { now }) => now() }],
    [
      'broken',
      {
        name: 'broken',
        minArgs: 0,
        maxArgs: 9,
        pure: true,
        summary: '',
        call: () => {
          throw new TypeError('no luck');
        },
      },
    ],
  ]);

  it('are called with their arguments and the host', () => {
    expect(compile('twice(4) + (3 | twice())', { functions }).evaluate(createEnv())).toBe(14);
    expect(compile('at()', { functions }).evaluate(createEnv(), host)).toBe(host.now());
  });

  it('are checked and placed', () => {
    expect(catchError(() => compile('twice()', { functions })).message).toBe('`twice` takes 1 argument, got 0');
    expect(catchError(() => compile('twise(1)', { functions })).hint).toBe('did you mean `twice`?');
    const error = catchError(() => compile('1 + broken()', { functions }).evaluate(createEnv(), host));
    expect([error.kind, error.message, error.offset, error.length]).toEqual(['run', 'no luck', 4, 6]);
    expect(catchError(() => compile('now()').evaluate(createEnv())).message).toBe(
      'the current time is not available here',
    );
  });
});
