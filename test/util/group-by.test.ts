import { expect, it } from 'vitest';
import { groupBy } from '../../src/util/group-by.ts';

it('groups items in the order of the first of each, without those that have no key', () => {
  const keyOf = (word: string) => (word === '' ? undefined : word.charAt(0));
  expect([...groupBy(['one', 'two', '', 'old', 'ten'], keyOf)]).toEqual([
    ['o', ['one', 'old']],
    ['t', ['two', 'ten']],
  ]);
});
