import { describeType, formatValue, isKeyedMap, isList, isMap, type Value } from '../../expr/index.ts';
import type { ExplainedPart } from '../../model/explained.ts';
import { cutColumns } from '../../util/cells.ts';
import { MASK } from '../../util/hidden-fields.ts';

const MAX_VALUE_COLUMNS = 160;

/** Writes a value with its type on one line: `float 60.98`, `string "7"`, `array (3) [1, 2, 3]`. */
export function renderValue(value: Value, maxColumns = MAX_VALUE_COLUMNS): string {
  if (value === null) return 'nil';
  const type = describeType(value);
  // What is cut gives its size at the end: a list of many items, a text of many characters.
  return cutColumns(`${type}${renderSize(value)} ${formatValue(value, maxColumns)}`, maxColumns + 40);
}

/** Writes the value of a part of an expression; one that is masked keeps the type that it had: `int ***`. */
export function renderPartValue({ type, value }: Pick<ExplainedPart, 'type' | 'value'>, maxColumns?: number): string {
  return value === MASK && type !== 'string' ? `${type} ${MASK}` : renderValue(value, maxColumns);
}

function renderSize(value: Value): string {
  if (isList(value)) return ` (${value.length})`;
  if (isKeyedMap(value)) return ` (${value.size})`;
  const keys = isMap(value) ? Object.keys(value).length : 0;
  // The keys of a small map are seen at a glance.
  return keys > 8 ? ` (${keys})` : '';
}
