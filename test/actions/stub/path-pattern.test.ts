import { describe, expect, it } from 'vitest';
import { compilePath, compilePathRegex } from '../../../src/actions/stub/path-pattern.ts';

describe('a path of a route', () => {
  it.each<[string, string, Record<string, string> | undefined]>([
    ['/users', '/users', {}],
    ['/users', '/users/', undefined],
    ['/users', '/user', undefined],
    ['/', '/', {}],
    ['/users/:id', '/users/u1', { id: 'u1' }],
    ['/users/{id}', '/users/u1', { id: 'u1' }],
    ['/users/:id', '/users/', undefined],
    ['/users/:id', '/users/u1/orders', undefined],
    ['/users/:id/orders/:no', '/users/u%201/orders/7', { id: 'u 1', no: '7' }],
    ['/users/:id', '/users/%E0%A4%A', { id: '%E0%A4%A' }],
    ['/files/*', '/files/a/b/c', {}],
    ['/files/*', '/files', {}],
    ['/files/*', '/other/a', undefined],
    ['*', '/any/path', {}],
    ['/a%20b', '/a b', {}],
    ['/:constructor', '/x', { constructor: 'x' }],
  ])('%s and %s: %j', (pattern, path, params) => {
    expect(compilePath(pattern).match(path)).toEqual(params);
  });

  it.each([
    ['/users/[0-9]+', '/users/17', true],
    ['/users/[0-9]+', '/users/17/orders', false],
    ['/users/[0-9]+', '/v1/users/17', false],
    ['/a|/b', '/b', true],
  ])('the regular expression %s takes all of %s: %s', (source, path, isTaken) => {
    expect(compilePathRegex(source).match(path) !== undefined).toBe(isTaken);
  });
});
