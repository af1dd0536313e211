import { type Draws, mutate } from './draws.ts';
import { makeExpression } from './expression-inputs.ts';

const PATHS = [
  '$',
  '$.body.id',
  '$.body.items[0].id',
  '$..id',
  '$.body.items[*].price',
  '$.body.items[?(@.price > 10)].id',
  '$.items[?@.id == 7]',
  '$["odd name"].x',
  "$['a'].b",
  '$.items[1:3]',
  '$.items[-1:]',
  '$.items[0,2]',
  '$.*',
  '$..*',
  '$.body..price',
  '$.items[?(@.tags[0] == "a")]',
  '$.items[?(len(@.tags) > 1 and @.id in [1, 2])]',
  '$.a.b.c.d',
  '$[0]',
  '$.items[?(@.name matches "^a")]',
  '$..items[?(@.id)]',
] as const;
const WORDS = [
  '$',
  '@',
  '.',
  '..',
  '*',
  '[',
  ']',
  '[*]',
  '[0]',
  '[-1]',
  '[1:2]',
  '[::2]',
  '[?(',
  ')]',
  '?',
  "['",
  "']",
  '["',
  '"]',
  '.id',
  '.items',
  '.body',
  '@.id',
  '==',
  '>',
  ',',
  ':',
  '-1',
  '999999999999',
  '__proto__',
  'constructor',
  '(',
  ')',
  '^',
  '~',
  '`',
  '@path',
  '@string()',
  '\\',
];

/** A JSONPath: one with changes, pieces in any order, or a filter with any expression. */
export function makePath(draws: Draws): string {
  switch (draws.below(3)) {
    case 0:
      return mutate(draws.pick(PATHS), WORDS, draws);
    case 1:
      return `$${Array.from({ length: 1 + draws.below(10) }, () => draws.pick(WORDS)).join('')}`;
    default:
      return `$.body.items[?(${makeExpression(draws)})]`;
  }
}
