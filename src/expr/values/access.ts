import { describeType } from './describe.ts';
import { readKeyed } from './equality.ts';
import { createRunError } from './error.ts';
import { ExactNumber, isInteger, toDouble } from './exact.ts';
import type { Budget } from './limits.ts';
import { foldWord } from './nearest.ts';
import { admitValue, isList, isMap, isPlainMap, type KeyedMap, readKey, type Value, type ValueMap } from './value.ts';

/** Reads `.name` of a map; a missing key is nil, anything but a map an error. */
export function readMember(object: Value, name: string): Value {
  if (isPlainMap(object)) return readKey(object, name) ?? null;
  if (typeof object === 'object' && object !== null && !Array.isArray(object)) {
    if (isMap(object)) return readKey(object, name) ?? null;
    if (object instanceof Map) return readKeyed(object, name) ?? null;
  }
  throw createMemberError(object, name);
}

/** Reads `[index]` of a list or map; a missing key is nil, an index out of range an error. */
export function readIndex(object: Value, index: Value): Value {
  if (isList(object)) return readItem(object, index);
  if (typeof object === 'object' && object !== null) {
    if (isMap(object)) return readKey(object, takeKey(index)) ?? null;
    if (object instanceof Map) return readKeyed(object as KeyedMap, index) ?? null;
  }
  if (typeof object === 'string') throw createTextIndexError(index);
  if (typeof index === 'string') throw createMemberError(object, index);
  throw createRunError(`cannot read \`[${writeIndex(index)}]\` of ${describeType(object)}`, hintForNil(object));
}

/** Where a slice begins and ends; a bound that is left out is undefined. */
interface Bounds {
  from: Value | undefined;
  to: Value | undefined;
}

/** Cuts a list by items or a text by bytes; bounds clamp and may count from the end. */
export function readSlice(object: Value, bounds: Bounds, budget: Budget): Value {
  if (isList(object)) {
    const [from, to] = clampBounds(object.length, bounds);
    budget.makeItems(to - from);
    return object.slice(from, to);
  }
  if (typeof object !== 'string') {
    throw createRunError(`cannot slice ${describeType(object)}: expected array or string`, hintForNil(object));
  }
  budget.spend(object.length / 8);
  if (isAscii(object)) {
    const [from, to] = clampBounds(object.length, bounds);
    budget.makeText(to - from);
    return object.slice(from, to);
  }
  const bytes = Buffer.from(object);
  const [from, to] = clampBounds(bytes.length, bounds);
  budget.makeText(bytes.length);
  return decodeBytes(bytes.subarray(from, to));
}

/** Reads UTF-8 in which each byte of a cut character counts as one character. */
function decodeBytes(bytes: Buffer): string {
  for (let size = 1; size <= 3 && size <= bytes.length; size++) {
    const byte = bytes[bytes.length - size] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (length > size) return bytes.subarray(0, -size).toString() + '\ufffd'.repeat(size);
    break;
  }
  return bytes.toString();
}

/** Whether the text has one byte per character. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** A whole number as a double; throws with the given words for anything else. */
export function takeInteger(value: Value, what: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (value instanceof ExactNumber && isInteger(value)) return toDouble(value);
  throw createRunError(`${what} must be an int, got ${describeType(value)}`);
}

function readItem(list: readonly Value[], index: Value): Value {
  if (typeof index === 'string') {
    throw createRunError(`an index of an array must be an int, got string \`${index}\``, suggestForList(index));
  }
  const position = takeInteger(index, 'an index of an array');
  const at = position < 0 ? list.length + position : position;
  if (at < 0 || at >= list.length) {
    throw createRunError(
      `index \`${position}\` is out of range: the array has ${list.length} ${list.length === 1 ? 'item' : 'items'}`,
      list.length === 0 ? 'the array is empty: check `len(…)` first' : undefined,
    );
  }
  return admitValue(list[at]);
}

function takeKey(index: Value): string {
  if (typeof index === 'string') return index;
  throw createRunError(`a key of a map must be a string, got ${describeType(index)}`);
}

function clampBounds(length: number, bounds: Bounds): [number, number] {
  const from = bounds.from === undefined ? 0 : clampBound(length, takeInteger(bounds.from, 'a bound of a slice'));
  const to = bounds.to === undefined ? length : clampBound(length, takeInteger(bounds.to, 'a bound of a slice'));
  return [Math.min(from, to), to];
}

function clampBound(length: number, bound: number): number {
  return Math.max(0, Math.min(length, bound < 0 ? length + bound : bound));
}

function createMemberError(object: Value, name: string) {
  const message = `cannot read \`${name}\` of ${describeType(object)}`;
  if (isList(object)) return createRunError(message, suggestForList(name));
  if (typeof object === 'string' && foldWord(name) === 'length')
    return createRunError(message, 'did you mean `len(…)`?');
  return createRunError(message, hintForNil(object));
}

function suggestForList(name: string): string {
  if (/^(?:length|size|count)$/i.test(name)) return 'did you mean `len(…)`?';
  return `it is a list: take an item, as in \`…[0].${name}\`, or \`map(…, .${name})\``;
}

function hintForNil(object: Value): string | undefined {
  return object === null ? 'use `?.` where nil is expected' : undefined;
}

function createTextIndexError(index: Value) {
  const hint =
    index === 0 ? 'the value is one text, not a list: leave out `[0]`' : 'a part of a text is taken with `[from:to]`';
  return createRunError(`cannot read \`[${writeIndex(index)}]\` of string`, hint);
}

function writeIndex(index: Value): string {
  if (index instanceof ExactNumber) return index.text;
  return typeof index === 'number' || typeof index === 'string' ? String(index) : describeType(index);
}

/** A key of the map that is meant by a missing one: it differs in case or underscores alone. */
export function findSimilarKey(map: ValueMap, key: string): string | undefined {
  const folded = foldWord(key);
  return Object.keys(map).find((candidate) => candidate !== key && foldWord(candidate) === folded);
}

/** The longest key with dots in it that names in a row make: `total.count` of `total` and `count`; how many names it takes, too. */
export function findJoinedKey(map: ValueMap, names: readonly string[]): { key: string; count: number } | undefined {
  for (let count = names.length; count > 1; count--) {
    const key = names.slice(0, count).join('.');
    if (readKey(map, key) !== undefined) return { key, count };
  }
  return undefined;
}
