import { type Budget, compareValues, DateValue, DurationValue, isEqual, isNumber, type Value } from '../expr/index.ts';
import type { Comparator } from './query.ts';

/** A side of a comparison: a value, or undefined for nothing. */
type Side = Value | undefined;

/** Compares as RFC 9535 does, §2.3.5.2.2: nothing equals only nothing, and what has no order is neither less nor greater. */
export function compareSides(comparator: Comparator, sides: readonly [Side, Side], budget: Budget): boolean {
  const [left, right] = sides;
  switch (comparator) {
    case '==':
      return areEqual(left, right, budget);
    case '!=':
      return !areEqual(left, right, budget);
    case '<':
      return isLess(left, right);
    case '>':
      return isLess(right, left);
    case '<=':
      return isLess(left, right) || areEqual(left, right, budget);
    case '>=':
      return isLess(right, left) || areEqual(left, right, budget);
    default:
      return comparator satisfies never;
  }
}

/** Whether the two are of a kind that has an order. */
export function isOrdered(left: Value, right: Value): boolean {
  return (
    (isNumber(left) && isNumber(right)) ||
    (typeof left === 'string' && typeof right === 'string') ||
    (left instanceof DateValue && right instanceof DateValue) ||
    (left instanceof DurationValue && right instanceof DurationValue)
  );
}

function areEqual(left: Side, right: Side, budget: Budget): boolean {
  return left === undefined || right === undefined ? left === right : isEqual(left, right, budget);
}

function isLess(left: Side, right: Side): boolean {
  return left !== undefined && right !== undefined && isOrdered(left, right) && compareValues(left, right) < 0;
}
