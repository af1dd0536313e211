import { createRequire } from 'node:module';
import { DateValue } from './date.ts';
import { formatDate } from './date-layout.ts';
import { createBudgetError, createRunError } from './error.ts';
import { ExactNumber } from './exact.ts';
import { type Budget, LIMITS } from './limits.ts';
import { isDoubleText } from './numeral.ts';
import { Scalar } from './scalar.ts';
import { isKeyedMap, isList, isMap, type Value } from './value.ts';

const require = createRequire(import.meta.url);

// A number that may need more digits than a double keeps: 16 digits or more, or an exponent.
const longNumberPattern = /(?:^|[[,:\s])-?(?:[\d.]{16}|[\d.]+[eE])/;

/** Parses JSON; numbers whose digits a double would not print back are exact. Throws `ExprError` for bad JSON. */
export function parseJson(text: string): Value {
  try {
    return longNumberPattern.test(text) ? parseExact(text) : JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it does not parse';
    throw createRunError(`the text is not JSON: ${reason.slice(0, 200)}`);
  }
}

/** Writes plain JSON with exact digits, as it is sent on the wire; `indent` is in blanks, `isSorted` orders the keys. */
export function stringifyJson(value: Value, indent = 0, isSorted = false): string {
  let length = 0;
  const spend = (size: number) => {
    length += size;
    if (length > LIMITS.renderedLength)
      throw createBudgetError(`the JSON has more than ${LIMITS.renderedLength} characters`);
  };
  return write(value, { indent, depth: 0, isSorted, spend });
}

/** Writes JSON with sorted keys, indented by two blanks, as the function `toJSON` gives it. */
export function stringifySorted(value: Value, budget: Budget): string {
  const spend = (size: number) => {
    budget.spend(6 + size / 8);
    budget.makeText(size);
  };
  return write(value, { indent: 2, depth: 0, isSorted: true, spend }).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parseExact(text: string): Value {
  // The engine's own parser decides what is valid and what deep nesting is.
  const plain: Value = JSON.parse(text);
  if (!hasInexactNumber(text)) return plain;
  const { parse }: typeof import('lossless-json') = require('lossless-json');
  const parsed = parse(text, undefined, {
    parseNumber: (digits) => (isDoubleText(digits) ? Number(digits) : new ExactNumber(digits)),
    onDuplicateKey: ({ newValue }) => newValue,
  });
  return parsed as Value;
}

function hasInexactNumber(text: string): boolean {
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)) {
    if (!token.startsWith('"') && !isDoubleText(token)) return true;
  }
  return false;
}

interface Style {
  indent: number;
  depth: number;
  isSorted: boolean;
  /** Told of each part's length before the parts are put together. */
  spend(length: number): void;
}

function write(value: Value, style: Style): string {
  const isScalar =
    typeof value !== 'object' || value === null || value instanceof Scalar || value instanceof ExactNumber;
  const text = isScalar ? writeScalar(value) : writeParts(value, style);
  style.spend(isScalar ? text.length : 2);
  return text;
}

function writeScalar(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return 'null';
  if (value instanceof ExactNumber) return writeExact(value);
  if (value instanceof DateValue) return JSON.stringify(formatDate(value, '2006-01-02T15:04:05.999999999Z07:00'));
  return value instanceof Scalar ? JSON.stringify(value.toString()) : 'null';
}

function writeParts(value: Value, style: Style): string {
  if (style.depth >= LIMITS.dataDepth) throw createBudgetError('the value is nested too deep for JSON');
  const inner = { ...style, depth: style.depth + 1 };
  if (isList(value))
    return enclose(
      '[]',
      value.map((item) => write(item, inner)),
      style,
    );
  const entries: [string, Value][] = isKeyedMap(value)
    ? [...value].map(([key, item]) => [writeKey(key), item])
    : isMap(value)
      ? Object.entries(value)
      : [];
  if (style.isSorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const gap = style.indent > 0 ? ' ' : '';
  const pairs = entries.filter(([, item]) => item !== undefined && typeof item !== 'function');
  for (const [key] of pairs) style.spend(key.length);
  return enclose(
    '{}',
    pairs.map(([key, item]) => `${JSON.stringify(key)}:${gap}${write(item, inner)}`),
    style,
  );
}

function enclose(brackets: '[]' | '{}', parts: readonly string[], style: Style): string {
  const [open, close] = brackets;
  if (parts.length === 0) return brackets;
  if (style.indent === 0) return `${open}${parts.join(',')}${close}`;
  const margin = '\n'.padEnd(1 + style.indent * style.depth);
  const innerMargin = '\n'.padEnd(1 + style.indent * (style.depth + 1));
  style.spend(parts.length * innerMargin.length);
  return `${open}${innerMargin}${parts.join(`,${innerMargin}`)}${margin}${close}`;
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw createRunError(`\`${value}\` does not exist in JSON`);
  return JSON.stringify(value);
}

function writeExact(value: ExactNumber): string {
  // JSON has no leading plus, zeros or dots; everything else is written digit for digit.
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value.text)) return value.text;
  return value.decimal.toFixed();
}

function writeKey(key: Value): string {
  if (typeof key === 'string') return key;
  return key instanceof Scalar ? key.toString() : String(key);
}
