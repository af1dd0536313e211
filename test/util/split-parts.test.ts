import { expect, it } from 'vitest';
import { splitParts } from '../../src/util/split-parts.ts';

it.each<[items: readonly number[], most: number, parts: readonly (readonly number[])[]]>([
  [[], 2, []],
  [[1], 2, [[1]]],
  [[1, 2], 2, [[1, 2]]],
  [[1, 2, 3, 4, 5], 2, [[1, 2], [3, 4], [5]]],
])('%j in parts of %i', (items, most, parts) => {
  expect(splitParts(items, most)).toEqual(parts);
});
