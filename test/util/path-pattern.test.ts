import { expect, it } from 'vitest';
import { compilePath } from '../../src/util/path-pattern.ts';

it.each<[string, string, Record<string, string> | undefined]>([
  ['/users', '/users', {}],
  ['/users', '/users/', undefined],
  ['/users', '/user', undefined],
  ['/', '/', {}],
  ['/users/:id', '/users/u1', { id: 'u1' }],
  ['/users/{id}', '/users/u1', { id: 'u1' }],
  ['/users/{user-id}', '/users/u1', { 'user-id': 'u1' }],
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
  ['/files/{name}.{type}', '/files/a.b.pdf', { name: 'a', type: 'b.pdf' }],
  ['/files/{name}.{type}', '/files/a', undefined],
  ['/files/{name}.{type}', '/files/.pdf', undefined],
  ['/files/{name}.{type}', '/files/a.', undefined],
  ['/files/v{n}', '/files/v12', { n: '12' }],
  ['/files/v{n}', '/files/v', undefined],
  ['/files/{n}-x', '/files/1-x-x', { n: '1-x' }],
  ['/files/{a}{b}', '/files/xyz', { a: 'x', b: 'yz' }],
])('%s and %s: %j', (pattern, path, params) => {
  expect(compilePath(pattern).match(path)).toEqual(params);
});
