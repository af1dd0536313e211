import { DateValue } from './date.ts';
import { formatDate } from './date-layout.ts';
import { describeType } from './describe.ts';
import { showInvisible } from './invisible.ts';
import { Scalar } from './scalar.ts';
import { isKeyedMap, isList, isMap, type Value } from './value.ts';

/** Writes a value for people: texts quoted, lists and maps as compact JSON; what is longer than `maxLength` is cut and its length given. */
export function formatValue(value: Value, maxLength = 200): string {
  const writer = { text: '', limit: maxLength + 1, depth: 0 };
  writeValue(value, writer);
  if (writer.text.length <= maxLength) return writer.text;
  return `${cutText(writer.text, maxLength)}… (${describeSize(value)})`;
}

interface Writer {
  text: string;
  limit: number;
  depth: number;
}

function writeValue(value: Value, writer: Writer): void {
  if (writer.text.length >= writer.limit) return;
  if (value === null || value === undefined) writer.text += 'nil';
  else if (typeof value === 'string') writer.text += showInvisible(JSON.stringify(value.slice(0, writer.limit)));
  else if (typeof value !== 'object') writer.text += String(value);
  else if (value instanceof DateValue) writer.text += writeDate(value);
  else if (value instanceof Scalar) writer.text += value.toString();
  else if (isList(value)) writeItems(value, writer, '[]');
  else writeItems(listEntries(value), writer, '{}');
}

/** A point in time in UTC, so that two can be compared, and beside it as the clock of its own zone shows it. */
function writeDate(date: DateValue): string {
  const text = date.toString();
  if (date.zone === 'UTC') return text;
  const own = formatDate(date, '2006-01-02T15:04:05Z07:00');
  return own.endsWith('Z') ? text : `${text} (${own.slice(0, 10) === text.slice(0, 10) ? own.slice(11) : own})`;
}

function listEntries(value: Value): readonly (readonly [Value, Value])[] {
  if (isKeyedMap(value)) return [...value];
  return isMap(value) ? Object.keys(value).map((key) => [key, value[key] ?? null] as const) : [];
}

function writeItems(items: readonly unknown[], writer: Writer, brackets: '[]' | '{}'): void {
  writer.text += brackets.charAt(0);
  writer.depth++;
  for (const [index, item] of items.entries()) {
    if (writer.text.length >= writer.limit || writer.depth > maxDepth) {
      writer.text += '…';
      break;
    }
    if (index > 0) writer.text += ', ';
    if (brackets === '{}' && Array.isArray(item)) {
      writeValue(item[0], writer);
      writer.text += ': ';
      writeValue(item[1], writer);
    } else writeValue(item as Value, writer);
  }
  writer.depth--;
  writer.text += brackets.charAt(1);
}

const maxDepth = 100;

function cutText(text: string, length: number): string {
  // A pair of surrogates is not torn apart.
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, end);
}

function describeSize(value: Value): string {
  if (typeof value === 'string') return `${value.length} characters`;
  if (isList(value)) return `${value.length} items`;
  if (isKeyedMap(value)) return `${value.size} keys`;
  return isMap(value) ? `${Object.keys(value).length} keys` : describeType(value);
}
