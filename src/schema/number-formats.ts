import { compareNumbers, ExactNumber, isInteger, isNumber, type Value } from '../expr/index.ts';

/** The least and the greatest number of each format of whole numbers, with every digit. */
export const NUMBER_FORMATS: ReadonlyMap<string, readonly [least: ExactNumber, greatest: ExactNumber]> = new Map([
  ['int32', [new ExactNumber('-2147483648'), new ExactNumber('2147483647')]],
  ['int64', [new ExactNumber('-9223372036854775808'), new ExactNumber('9223372036854775807')]],
]);

/** Whether a number is in a format; whatever is no number is. */
export function isInNumberFormat(format: Value, value: Value): boolean {
  const range = typeof format === 'string' ? NUMBER_FORMATS.get(format) : undefined;
  if (!range || !isNumber(value)) return true;
  return isInteger(value) && compareNumbers(value, range[0]) >= 0 && compareNumbers(value, range[1]) <= 0;
}
