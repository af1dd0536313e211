import { DateValue, DurationValue } from '../values/date.ts';
import { ExactNumber, toDouble } from '../values/exact.ts';
import type { Budget } from '../values/limits.ts';
import { isDoubleText } from '../values/numeral.ts';
import { admitValue, isKeyedMap, isList, isMap, type Value } from '../values/value.ts';

/** What stands deeper tells values apart too rarely to be looked at. */
const DEEPEST = 50;
/** Of a longer text the beginning, the end and the length are enough. */
const LONGEST_TEXT = 200;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** Makes a function that gives each value a whole number of 32 bits, the same one for values that are equal. */
export function createHasher(budget: Budget): (value: Value) => number {
  const keys = new Map<string, number>();
  const hashKey = (key: string): number => {
    const known = keys.get(key);
    if (known !== undefined) return known;
    // Keys of headers are equal in any case.
    const hash = hashText(key.toLowerCase());
    keys.set(key, hash);
    return hash;
  };
  const visit = (value: Value, depth: number): number => {
    budget.spend(4);
    if (typeof value === 'string') return hashText(value);
    if (typeof value === 'number') return hashNumber(value);
    if (value instanceof ExactNumber) {
      budget.spend(10);
      return hashExact(value);
    }
    if (typeof value !== 'object' || value === null) return value === null ? 1 : value ? 2 : 3;
    if (value instanceof DateValue || value instanceof DurationValue)
      return Number(BigInt.asIntN(32, value.nanoseconds / 1000n));
    if (depth > DEEPEST) return 4;
    if (isList(value)) return value.reduce<number>((hash, item) => mix(hash, visit(admitValue(item), depth + 1)), 5);
    if (isKeyedMap(value) || !isMap(value)) return 6;
    let sum = 7;
    // The order of keys makes no difference.
    for (const key of Object.keys(value)) sum = (sum + mix(hashKey(key), visit(admitValue(value[key]), depth + 1))) | 0;
    return sum;
  };
  return (value) => visit(value, 0);
}

function hashText(text: string): number {
  let hash = text.length | 0;
  const isLong = text.length > LONGEST_TEXT;
  const parts = isLong ? text.slice(0, LONGEST_TEXT / 2) + text.slice(-LONGEST_TEXT / 2) : text;
  for (let at = 0; at < parts.length; at++) hash = mix(hash, parts.charCodeAt(at));
  return hash;
}

/** Of one that equals a double the same as that; else of its digits, since many stand near to one double. */
function hashExact(value: ExactNumber): number {
  if (isDoubleText(value.text)) return hashNumber(toDouble(value));
  return mix(hashText(value.numeral.digits), value.numeral.exponent);
}

function hashNumber(value: number): number {
  // 0 and -0 are equal.
  double[0] = value + 0;
  return mix(words[0] ?? 0, words[1] ?? 0);
}

function mix(a: number, b: number): number {
  return Math.imul((a ^ b) + 0x9e37_79b9, 0x85eb_ca6b) ^ (a >>> 13);
}
