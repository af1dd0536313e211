import { DateValue, DurationValue } from './date.ts';
import { createRunError } from './error.ts';
import { ExactNumber } from './exact.ts';
import { LIMITS } from './limits.ts';
import {
  createCaselessMap,
  isCaseless,
  isKeyedMap,
  isList,
  isMap,
  setKey,
  type Value,
  type ValueMap,
} from './value.ts';

/** What JSON has no word for, under a key that begins with `$`; maps with a single such key of their own are escaped. */
type Tagged = { readonly [tag: string]: unknown };

const tagPattern = /^\$[a-z]+$/;

/** Turns a value into what `JSON.stringify` keeps whole; plain values stay as they are. */
export function encodeValue(value: Value): unknown {
  return encode(value, 0);
}

/** Turns what `encodeValue` gave, after any trip through JSON, back into the value. */
export function decodeValue(encoded: unknown): Value {
  return decode(encoded, 0);
}

function encode(value: Value, depth: number): unknown {
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof ExactNumber) return { $number: value.text };
  if (value instanceof DateValue) return { $date: [String(value.nanoseconds), value.zone] };
  if (value instanceof DurationValue) return { $duration: String(value.nanoseconds) };
  checkDepth(depth);
  if (isList(value)) return encodeList(value, depth + 1);
  if (isKeyedMap(value)) return { $map: [...value].map((pair) => pair.map((part) => encode(part, depth + 1))) };
  if (!isMap(value)) return null;
  const map = encodeEntries(value, depth + 1);
  if (isCaseless(value)) return { $headers: map };
  return isTagged(map) ? { $escaped: map } : map;
}

/** The list itself when all in it is plain, as nearly always. */
function encodeList(list: readonly Value[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index] ?? null;
    const encoded = encode(item, depth);
    if (encoded === item) continue;
    copy ??= [...list];
    copy[index] = encoded;
  }
  return copy ?? list;
}

/** The map itself when all in it is plain, as nearly always. */
function encodeEntries(map: ValueMap, depth: number): Tagged {
  let copy: { [key: string]: unknown } | undefined;
  for (const key of Object.keys(map)) {
    const item = map[key] ?? null;
    const encoded = encode(item, depth);
    if (encoded === item) continue;
    copy ??= { ...map };
    setKey(copy, key, encoded);
  }
  return copy ?? map;
}

function encodeNumber(value: number): unknown {
  if (Object.is(value, -0)) return { $number: '-0' };
  return Number.isFinite(value) ? value : { $number: String(value) };
}

function decode(encoded: unknown, depth: number): Value {
  if (typeof encoded !== 'object' || encoded === null) return decodeScalar(encoded);
  checkDepth(depth);
  if (Array.isArray(encoded)) return encoded.map((item) => decode(item, depth + 1));
  const map = encoded as Tagged;
  return isTagged(map) ? decodeTagged(map, depth) : decodeEntries(map, depth);
}

function decodeScalar(encoded: unknown): Value {
  if (typeof encoded === 'string' || typeof encoded === 'number' || typeof encoded === 'boolean') return encoded;
  return null;
}

function decodeTagged(map: Tagged, depth: number): Value {
  const [[tag, content] = ['', null]] = Object.entries(map);
  if (tag === '$number' && typeof content === 'string') return decodeNumber(content);
  if (tag === '$duration' && isIntegerText(content)) return new DurationValue(BigInt(content));
  if (tag === '$date' && Array.isArray(content)) return decodeDate(content);
  if (tag === '$map' && Array.isArray(content)) return decodePairs(content, depth + 1);
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
    const entries = decodeEntries(content as Tagged, depth + 1);
    if (tag === '$escaped') return entries;
    if (tag === '$headers') return createCaselessMap(Object.entries(entries));
  }
  return decodeEntries(map, depth);
}

function decodeNumber(text: string): Value {
  if (['Infinity', '-Infinity', 'NaN', '-0'].includes(text)) return Number(text);
  return new ExactNumber(text);
}

function decodeDate(content: readonly unknown[]): Value {
  const [nanoseconds, zone] = content;
  if (!isIntegerText(nanoseconds) || typeof zone !== 'string') throw createRunError('an encoded date is damaged');
  return new DateValue(BigInt(nanoseconds), zone);
}

function decodePairs(content: readonly unknown[], depth: number): Value {
  const pairs = content.map((pair): [Value, Value] => {
    const [key, value] = Array.isArray(pair) ? pair : [];
    return [decode(key, depth + 1), decode(value, depth + 1)];
  });
  return new Map(pairs);
}

function decodeEntries(map: Tagged, depth: number): { [key: string]: Value } {
  const decoded: { [key: string]: Value } = {};
  for (const [key, item] of Object.entries(map)) setKey(decoded, key, decode(item, depth + 1));
  return decoded;
}

function isTagged(map: Tagged): boolean {
  const keys = Object.keys(map);
  return keys.length === 1 && tagPattern.test(keys[0] ?? '');
}

function isIntegerText(content: unknown): content is string {
  return typeof content === 'string' && /^-?\d{1,40}$/.test(content);
}

function checkDepth(depth: number): void {
  if (depth > LIMITS.dataDepth) throw createRunError('the value is nested too deeply');
}
