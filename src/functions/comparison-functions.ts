import { calculate, compareNumbers, takeAbsolute } from '../expr/exact.ts';
import type { FunctionDef } from '../expr/index.ts';
import { matchesPartial } from '../expr/index.ts';
import { Budget } from '../expr/limits.ts';
import { takeList, takeNumber } from './arguments.ts';
import { hasAllItems, hasSameItems } from './same-items.ts';
import { toExact } from './to-exact.ts';

/** Comparisons that a test needs besides `==`. */
export const comparisonFunctions: readonly FunctionDef[] = [
  {
    name: 'matches_partial',
    minArgs: 2,
    maxArgs: 2,
    pure: true,
    summary: 'whether the value has at least the given fields, at any depth',
    call: ([value = null, expected = null]) => matchesPartial(value, expected).ok,
  },
  {
    name: 'same_items',
    minArgs: 2,
    maxArgs: 2,
    pure: true,
    summary: 'whether two arrays have the same items as often, in any order',
    call(args) {
      const call = { name: 'same_items', args };
      return hasSameItems(takeList(call, 0), takeList(call, 1));
    },
  },
  {
    name: 'contains_all',
    minArgs: 2,
    maxArgs: 2,
    pure: true,
    summary: 'whether an array has every item of the second one',
    call(args) {
      const call = { name: 'contains_all', args };
      return hasAllItems(takeList(call, 0), takeList(call, 1));
    },
  },
  {
    name: 'approx',
    minArgs: 3,
    maxArgs: 3,
    pure: true,
    summary: 'whether two numbers differ by the tolerance at most',
    call(args) {
      const call = { name: 'approx', args };
      const difference = calculate('-', toExact(takeNumber(call, 0)), takeNumber(call, 1), new Budget());
      return compareNumbers(takeAbsolute(difference), takeNumber(call, 2)) <= 0;
    },
  },
];
