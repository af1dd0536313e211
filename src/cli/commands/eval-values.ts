import type { Value } from '../../expr/index.ts';
import {
  createRunError,
  ExactNumber,
  isDoubleText,
  isKeyedMap,
  isList,
  isMap,
  LIMITS,
  stringifyJson,
} from '../../expr/index.ts';
import { UsageError } from '../process/usage-error.ts';

const SPECIAL: Readonly<Record<string, number>> = { Infinity: Infinity, '-Infinity': -Infinity, NaN: NaN, '-0': -0 };
const DIGITS = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Puts numbers in the place of `{"$number": "…"}`. @throws UsageError when what it holds is not a number */
export function readNumbers(value: Value): Value {
  return changeParts(value, (part) => {
    const entries = isMap(part) ? Object.entries(part) : [];
    return entries.length === 1 && entries[0]?.[0] === '$number' ? readNumber(entries[0][1]) : part;
  });
}

/** Writes a value as JSON in which every number keeps its value: `{"$number": "…"}` where JSON has no word or readers would round. */
export function writeAnswer(value: Value): string {
  const write = (part: Value) =>
    part instanceof ExactNumber && !isDoubleText(part.text) ? { $number: part.text } : writeSpecial(part);
  return stringifyJson(changeParts(value, write));
}

/** Writes a value for people: digits in full, indented. */
export function writeReadable(value: Value): string {
  return stringifyJson(changeParts(value, writeSpecial), 2);
}

function readNumber(content: Value): Value {
  if (typeof content === 'string') {
    if (Object.hasOwn(SPECIAL, content)) return SPECIAL[content] ?? 0;
    if (DIGITS.test(content)) return isDoubleText(content) ? Number(content) : new ExactNumber(content);
  }
  throw new UsageError('`$number` must be digits as text, "Infinity", "-Infinity" or "NaN"');
}

function writeSpecial(value: Value): Value {
  return typeof value === 'number' && !Number.isFinite(value) ? { $number: String(value) } : value;
}

/** Changes a value, else the parts of it. */
function changeParts(value: Value, change: (part: Value) => Value, depth = 0): Value {
  if (depth > LIMITS.dataDepth) throw createRunError('the value is nested too deeply');
  const changed = change(value);
  if (changed !== value) return changed;
  const changeInner = (part: Value) => changeParts(part, change, depth + 1);
  if (isList(value)) return value.map(changeInner);
  if (isKeyedMap(value)) return new Map([...value].map(([key, item]) => [key, changeInner(item)]));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, changeInner(item)]));
}
