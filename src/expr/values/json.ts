import { DateValue } from './date.ts';
import { formatDate } from './date-layout.ts';
import { createBudgetError, createRunError } from './error.ts';
import { ExactNumber } from './exact.ts';
import { hasSpelledNumber, readJsonExactly } from './json-parse.ts';
import { findTwinKey, isWrittenAlike } from './json-twins.ts';
import { type Budget, LIMITS } from './limits.ts';
import { Scalar } from './scalar.ts';
import { isKeyedMap, isList, isMap, isPlainMap, type Value } from './value.ts';

// A number that a double may not print as it stands: 16 digits or more, an exponent, a fraction that ends in 0, or -0.
const spelledNumberPattern =
  /(?:^|[[,:\s])-?(?:[\d.]{16}|[\d.]+[eE]|\d+\.\d*0(?=\s*(?:[,\]}]|$))|(?<=-)0(?=\s*(?:[,\]}]|$)))/;

/** Parses JSON; numbers keep the digits and the spelling that a double would not print. Throws `ExprError` for bad JSON. */
export function parseJson(text: string): Value {
  return keepSpelling(text, parsePlainly(text));
}

/** The same, with a key that stands twice in one map of it. */
export function readJson(text: string): { readonly value: Value; readonly twin: string | undefined } {
  const plain = parsePlainly(text);
  // Writing it once more takes less time than to look for what it may have lost, and nearly nothing has.
  if (isWrittenAlike(text, plain)) return { value: plain, twin: undefined };
  const value = keepSpelling(text, plain);
  return { value, twin: findTwinKey(text, value) };
}

/** The engine's own parser decides what is valid. */
function parsePlainly(text: string): Value {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it does not parse';
    throw createRunError(`the text is not JSON: ${reason.slice(0, 200)}`);
  }
}

function keepSpelling(text: string, plain: Value): Value {
  return spelledNumberPattern.test(text) && hasSpelledNumber(text) ? readJsonExactly(text) : plain;
}

/** Writes plain JSON with exact digits, as it is sent on the wire; `indent` is in blanks, `isSorted` orders the keys. */
export function stringifyJson(value: Value, indent = 0, isSorted = false): string {
  if (indent === 0 && !isSorted && measurePlain(value, MOST_LEVELS, MOST_CHARACTERS) >= 0) return JSON.stringify(value);
  let length = 0;
  const spend = (size: number) => {
    length += size;
    if (length > LIMITS.renderedLength)
      throw createBudgetError(`the JSON has more than ${LIMITS.renderedLength} characters`);
  };
  return write(value, { indent, isSorted, spend });
}

// What the engine's own writer is trusted with: twenty times as fast, it knows no bounds.
const MOST_LEVELS = 100;
const MOST_CHARACTERS = 1_000_000;

/** How much room texts, finite doubles, booleans and nil leave, a character each; less than 0 when they are too many or too deep, or other things are among them. */
function measurePlain(value: Value | undefined, levels: number, room: number): number {
  if (typeof value === 'string') return room - value.length - 1;
  if (typeof value === 'number') return Number.isFinite(value) ? room - 1 : -1;
  if (typeof value === 'boolean' || value === null) return room - 1;
  if (value === undefined || levels === 0) return -1;
  let left = room - 1;
  if (isList(value)) {
    for (let at = 0; at < value.length && left >= 0; at++) left = measurePlain(value[at], levels - 1, left);
    return left;
  }
  if (!isPlainMap(value)) return -1;
  for (const key of Object.keys(value)) {
    if (left < 0) return left;
    left = measurePlain(value[key], levels - 1, left - key.length);
  }
  return left;
}

/** Writes JSON for people, and never fails: what JSON has no word for (`NaN`) is written as it prints, and what no file would hold is cut off. */
export function printJson(value: Value, indent = 0, isSorted = false): string {
  if (indent === 0 && !isSorted && measurePlain(value, MOST_LEVELS, MOST_CHARACTERS) >= 0) return JSON.stringify(value);
  return write(value, { indent, isSorted, isLenient: true, maxLength: LIMITS.renderedLength, spend: () => {} });
}

/** Writes JSON for people, indented by two blanks; what is longer than `maxLength` is cut off, and never fails. */
export function sketchJson(value: Value, maxLength: number): string {
  return write(value, { indent: 2, isSorted: false, isLenient: true, maxLength, spend: () => {} });
}

/** Writes JSON with sorted keys, indented by two blanks, as the function `toJSON` gives it. */
export function stringifySorted(value: Value, budget: Budget): string {
  const spend = (size: number) => {
    budget.spend(6 + size / 8);
    budget.makeText(size);
  };
  return write(value, { indent: 2, isSorted: true, spend }).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

interface Style {
  indent: number;
  isSorted: boolean;
  /** Whether what JSON has no word for is written as it prints. */
  isLenient?: boolean;
  maxLength?: number;
  /** Called with each part's length as it is written. */
  spend(length: number): void;
}

/** A list or map that is being written; a map has keys. */
interface Level {
  readonly keys: readonly string[] | undefined;
  readonly items: readonly Value[];
  next: number;
}

// Deeper levels stand below each other: indenting them further would make a huge text of a few brackets.
const deepestMargin = 200;

/** Writes without recursion, so that no depth of data is too much for the stack. */
function write(value: Value, style: Style): string {
  const { maxLength = Number.POSITIVE_INFINITY } = style;
  const levels: Level[] = [];
  let text = begin(value, levels, style);
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    if (text.length > maxLength) return `${text.slice(0, maxLength)}…`;
    const isDone = level.next === level.items.length;
    if (isDone) levels.pop();
    else if (level.next > 0) text += ',';
    text += writeMargin(levels.length, style);
    if (isDone) text += level.keys === undefined ? ']' : '}';
    else {
      if (level.keys !== undefined) text += writeKey(level.keys[level.next] ?? '', style);
      text += begin(level.items[level.next++] ?? null, levels, style);
    }
  }
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

/** Writes a scalar, or the bracket that opens a list or map, whose items come next. */
function begin(value: Value, levels: Level[], style: Style): string {
  const level = openLevel(value, style);
  const text = level === undefined ? writeScalar(value, style) : level.keys === undefined ? '[' : '{';
  style.spend(level === undefined ? text.length : 2);
  if (level === undefined) return text;
  if (level.items.length === 0) return level.keys === undefined ? '[]' : '{}';
  levels.push(level);
  return text;
}

function openLevel(value: Value, style: Style): Level | undefined {
  if (isList(value)) return { keys: undefined, items: value, next: 0 };
  if (!isKeyedMap(value) && !isMap(value)) return undefined;
  const given: readonly (readonly [string, Value])[] = isKeyedMap(value)
    ? [...value].map(([key, item]) => [toKey(key), item])
    : Object.entries(value);
  const entries = given.filter(([, item]) => item !== undefined && typeof item !== 'function');
  if (style.isSorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return { keys: entries.map(([key]) => key), items: entries.map(([, item]) => item), next: 0 };
}

function writeMargin(depth: number, { indent, spend }: Style): string {
  if (indent === 0) return '';
  const size = 1 + indent * Math.min(depth, deepestMargin);
  spend(size);
  return '\n'.padEnd(size);
}

function writeKey(key: string, { indent, spend }: Style): string {
  spend(key.length);
  return `${JSON.stringify(key)}${indent > 0 ? ': ' : ':'}`;
}

function writeScalar(value: Value, style: Style): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return style.isLenient ? String(value) : writeNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return 'null';
  if (value instanceof ExactNumber) return style.isLenient ? value.text : writeExact(value);
  if (value instanceof DateValue) return JSON.stringify(formatDate(value, '2006-01-02T15:04:05.999999999Z07:00'));
  return value instanceof Scalar ? JSON.stringify(value.toString()) : 'null';
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw createRunError(`\`${value}\` cannot be written as JSON`);
  return JSON.stringify(value);
}

function writeExact(value: ExactNumber): string {
  // JSON has no leading plus, zeros or dots; everything else is written digit for digit.
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value.text)) return value.text;
  return value.decimal.toFixed();
}

function toKey(key: Value): string {
  if (typeof key === 'string') return key;
  return key instanceof Scalar ? key.toString() : String(key);
}
