import { findKey, takeGroupKey, toPlainMap } from '../compare/group.ts';
import { takeInteger } from '../values/access.ts';
import { describeType } from '../values/describe.ts';
import { readKeyed } from '../values/equality.ts';
import { createBudgetError, createRunError } from '../values/error.ts';
import { parseJson, readJson, stringifySorted } from '../values/json.ts';
import { type Budget, LIMITS } from '../values/limits.ts';
import { toText } from '../values/text-forms.ts';
import { isKeyedMap, isList, isMap, readKey, type Value } from '../values/value.ts';
import { type BuiltinTable, define, takeList, takeText } from './builtin.ts';
import { countCharacters } from './text-builtins.ts';

/** Functions over maps, and over values of any kind. */
export const mapBuiltins: BuiltinTable = {
  len: define(1, 1, ([value], frame) => countParts(value ?? null, frame)),
  keys: define(1, 1, (args, frame) => listPairs('keys', args, frame).map(([key]) => key)),
  values: define(1, 1, (args, frame) => listPairs('values', args, frame).map(([, value]) => value)),
  toPairs: define(1, 1, (args, frame) => listPairs('toPairs', args, frame)),
  fromPairs: define(1, 1, (args, frame) => joinPairs(takeList('fromPairs', args), frame)),
  get: define(2, 2, ([value, key]) => getPart(value ?? null, key ?? null)),
  type: define(1, 1, ([value]) => describeType(value ?? null)),
  string: define(1, 1, ([value], frame) => {
    const text = toText(value ?? null, frame);
    frame.makeText(text.length);
    return text;
  }),
  toJSON: define(1, 1, ([value], frame) => stringifySorted(value ?? null, frame)),
  fromJSON: define(1, 1, (args, frame) => {
    const text = takeText('fromJSON', args);
    if (text.length > LIMITS.characters)
      throw createBudgetError(`the text has more than ${LIMITS.characters} characters`);
    frame.spend(text.length);
    const { onRemark } = frame.host ?? {};
    const { value, twin } = onRemark ? readJson(text) : { value: parseJson(text), twin: undefined };
    if (twin !== undefined)
      onRemark?.(`\`${twin}\` occurs twice as a key in a map that \`fromJSON\` reads: the last one counts`);
    if (typeof value === 'object') frame.makeItems(Math.ceil(text.length / 16));
    return value;
  }),
  toBase64: define(1, 1, (args, frame) => {
    const text = Buffer.from(takeText('toBase64', args)).toString('base64');
    frame.makeText(text.length);
    return text;
  }),
  fromBase64: define(1, 1, (args, frame) => {
    const text = takeText('fromBase64', args);
    const isValid = /^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$/.test(text) && text.replace(/[\r\n]/g, '').length % 4 === 0;
    if (!isValid) throw createRunError('`fromBase64` needs base64 text, padded with `=`');
    frame.makeText(text.length);
    return Buffer.from(text, 'base64').toString();
  }),
};

function countParts(value: Value, budget: Budget): number {
  if (isList(value)) return value.length;
  if (typeof value === 'string') return countCharacters(value);
  if (isKeyedMap(value)) return value.size;
  if (isMap(value)) {
    const count = Object.keys(value).length;
    budget.spend(count);
    return count;
  }
  const hint = value === null ? 'use `?? []` or `?? ""` where nil is expected' : undefined;
  throw createRunError(`\`len\` needs a string, an array or a map, got ${describeType(value)}`, hint);
}

function listPairs(name: string, args: readonly Value[], budget: Budget): readonly (readonly [Value, Value])[] {
  const value = args[0] ?? null;
  if (!isMap(value) && !isKeyedMap(value)) throw createRunError(`\`${name}\` needs a map, got ${describeType(value)}`);
  const pairs: (readonly [Value, Value])[] = isKeyedMap(value)
    ? [...value]
    : Object.keys(value).map((key) => [key, readKey(value, key) ?? null]);
  budget.makeItems(pairs.length);
  budget.spend(3 * pairs.length);
  return pairs;
}

function joinPairs(pairs: readonly Value[], budget: Budget): Value {
  budget.makeItems(pairs.length);
  const map = new Map<Value, Value>();
  for (const [index, pair] of pairs.entries()) {
    if (!isList(pair) || pair.length !== 2)
      throw createRunError(`\`fromPairs\` needs pairs, and item ${index} is not one`);
    const [key = null, value = null] = pair;
    map.set(findKey(map, takeGroupKey('fromPairs', key), budget), value);
  }
  return toPlainMap(map);
}

function getPart(value: Value, key: Value): Value {
  if (isList(value)) {
    const index = takeInteger(key, 'argument 2 of `get`');
    return value[index < 0 ? value.length + index : index] ?? null;
  }
  if (isKeyedMap(value)) return readKeyed(value, key) ?? null;
  if (!isMap(value) || key === null) return null;
  if (typeof key === 'string') return readKey(value, key) ?? null;
  throw createRunError(`argument 2 of \`get\` must be a string for a map, got ${describeType(key)}`);
}
