import { describeType, formatValue, isList, type Value } from '../../expr/index.ts';

/** A value with its type, as messages show it. */
export function showTyped(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nil';
  if (isList(value)) return `array (${value.length}) ${formatValue(value, 80)}`;
  return `${describeType(value)} ${formatValue(value, 80)}`;
}
