import { expect, it } from 'vitest';
import { compilePathRegex } from '../../../src/actions/stub/path-regex.ts';

it.each([
  ['/users/[0-9]+', '/users/17', true],
  ['/users/[0-9]+', '/users/17/orders', false],
  ['/users/[0-9]+', '/v1/users/17', false],
  ['/a|/b', '/b', true],
])('the regular expression %s takes all of %s: %s', (source, path, isTaken) => {
  expect(compilePathRegex(source).match(path) !== undefined).toBe(isTaken);
});
