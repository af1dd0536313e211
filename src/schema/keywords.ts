import type { Ajv } from 'ajv';
import type { Value, ValueMap } from '../expr/index.ts';
import { compareNumbers, createBudgetError, isEqual, isList, isMap, isNumber } from '../expr/index.ts';
import { calculateExactly, type NumberValue } from '../expr/values/exact.ts';
import { Budget } from '../expr/values/limits.ts';
import { groupItems } from './group-items.ts';
import { isInNumberFormat } from './number-formats.ts';
import { NUMBER_FORMAT_KEYWORD, STEP_KEYWORD } from './prepare.ts';
import { toExact } from './to-exact.ts';

/** One validation under way: the value it is about, what it may still cost, and the schemas' exact values. */
export interface Validation {
  readonly root: Value;
  readonly budget: Budget;
  /** Subschemas that may still be applied. */
  readonly steps: { left: number };
  readonly originals: WeakMap<object, ValueMap>;
}

/** Where the keywords find the validation that is under way. */
export interface ValidationSlot {
  current: Validation | undefined;
}

type Test = (expected: Value, actual: Value, budget: Budget) => boolean;

const NUMBER_TESTS: Readonly<Record<string, Test>> = {
  maximum: (limit, value, budget) => isNumber(limit) && isNumber(value) && compareNumbers(value, limit, budget) <= 0,
  minimum: (limit, value, budget) => isNumber(limit) && isNumber(value) && compareNumbers(value, limit, budget) >= 0,
  exclusiveMaximum: (limit, value, budget) =>
    isNumber(limit) && isNumber(value) && compareNumbers(value, limit, budget) < 0,
  exclusiveMinimum: (limit, value, budget) =>
    isNumber(limit) && isNumber(value) && compareNumbers(value, limit, budget) > 0,
  multipleOf: (factor, value, budget) => isNumber(factor) && isNumber(value) && isMultiple(value, factor, budget),
};

const VALUE_TESTS: Readonly<Record<string, Test>> = {
  const: (expected, value, budget) => isEqual(value, expected, budget),
  enum: (choices, value, budget) => isList(choices) && choices.some((choice) => isEqual(value, choice, budget)),
};

/** The keywords that are judged here, by exact numbers and in linear time. */
export const OWN_KEYWORDS: readonly string[] = [
  ...Object.keys(NUMBER_TESTS),
  ...Object.keys(VALUE_TESTS),
  'uniqueItems',
];

/** Puts our keywords in the place of the validator's, whose numbers are doubles, and counts what each schema costs. */
export function addKeywords(ajv: Ajv, slot: ValidationSlot): void {
  for (const keyword of OWN_KEYWORDS) ajv.removeKeyword(keyword);
  for (const [keyword, test] of Object.entries(NUMBER_TESTS)) addTest(ajv, slot, { keyword, test, type: 'number' });
  for (const [keyword, test] of Object.entries(VALUE_TESTS)) addTest(ajv, slot, { keyword, test });
  addTest(ajv, slot, {
    keyword: 'uniqueItems',
    type: 'array',
    test: (isWanted, list, budget) => isWanted !== true || !isList(list) || hasUniqueItems(list, budget),
  });
  addTest(ajv, slot, { keyword: NUMBER_FORMAT_KEYWORD, type: 'number', test: isInNumberFormat });
  ajv.addKeyword({
    keyword: STEP_KEYWORD,
    // References alone can make a small schema cost much: they are counted before they are followed.
    before: ajv.getKeyword('$dynamicRef') ? '$dynamicRef' : '$ref',
    errors: false,
    validate: () => {
      if (slot.current && slot.current.steps.left-- <= 0)
        throw createBudgetError('the schema takes too many steps on this value');
      return true;
    },
  });
}

function addTest(
  ajv: Ajv,
  slot: ValidationSlot,
  { keyword, test, type }: { keyword: string; test: Test; type?: 'number' | 'array' },
): void {
  ajv.addKeyword({
    keyword,
    ...(type && { type }),
    errors: false,
    validate(expected: unknown, plain: unknown, parent?: object, about?: { instancePath: string }) {
      const { current } = slot;
      // The schema of schemas is validated too, with plain numbers alone.
      if (!current || !parent) return test(expected as Value, plain as Value, new Budget());
      const wanted = current.originals.get(parent)?.[keyword] ?? (expected as Value);
      // A text is all there, and the name of a property, which is judged as one, stands nowhere in the value.
      const actual = typeof plain === 'string' ? plain : readPointer(current.root, about?.instancePath ?? '');
      return test(wanted, actual, current.budget);
    },
  });
}

/** The value that a JSON pointer leads to. */
export function readPointer(root: Value, pointer: string): Value {
  let value: Value = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isList(value)) value = value[Number(key)] ?? null;
    else if (value instanceof Map) value = [...value].find(([name]) => String(name) === key)?.[1] ?? null;
    else value = isMap(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
  }
  return value;
}

/** By decimals: 19.99 is a multiple of 0.01, though it is none of the double. */
function isMultiple(value: NumberValue, factor: NumberValue, budget: Budget): boolean {
  const rest = calculateExactly('%', toExact(value), toExact(factor), budget);
  return compareNumbers(rest, 0) === 0;
}

function hasUniqueItems(list: readonly Value[], budget: Budget): boolean {
  return [...groupItems(list, budget).values()].every((group) =>
    group.every((item, at) => group.slice(at + 1).every((other) => !isEqual(item, other, budget))),
  );
}
