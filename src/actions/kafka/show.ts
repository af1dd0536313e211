import { describeType, formatValue, isList, type Value } from '../../expr/index.ts';
import { hideByName } from '../../util/hidden-fields.ts';

/** A value with its type, as messages show it, unless its place says that nobody is to see it: a name, or the path to it. */
export function showTyped(value: Value | undefined, place: string): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nil';
  const shown = formatValue(hideByName(place, value), 80);
  return isList(value) ? `array (${value.length}) ${shown}` : `${describeType(value)} ${shown}`;
}
