import type { $ZodIssue } from 'zod/v4/core';
import type { Value } from '../../expr/index.ts';
import { describeType, formatValue } from '../../expr/index.ts';
import { listNames } from '../../util/suggest.ts';

/** `type value`, cut to a few words. */
export function describeValue(value: unknown): string {
  const type = describeType(value as Value);
  if (type === 'nil') return 'nothing';
  if (type === 'map') return describeMap(Object.keys(value as Readonly<Record<string, unknown>>));
  if (type === 'array') return (value as readonly unknown[]).length === 0 ? 'an empty list' : 'a list';
  return `${type} ${formatValue(value as Value, 60)}`;
}

function describeMap(keys: readonly string[]): string {
  return keys.length === 0 ? 'an empty map' : `a map with ${listNames(keys, 4)}`;
}

/** What a schema wanted, as it stands behind `expected`. */
export function expectationOf(raw: $ZodIssue): string {
  switch (raw.code) {
    case 'invalid_type':
      return TYPE_WORDS[raw.expected] ?? raw.expected;
    case 'invalid_value':
      return listChoices(raw.values.map((value) => `\`${String(value)}\``));
    case 'invalid_key':
      return raw.issues[0] ? expectationOf(raw.issues[0]) : 'another key';
    case 'too_small':
      return `${raw.inclusive === false ? 'more than' : 'at least'} ${countOf(raw.origin, raw.minimum)}`;
    case 'too_big':
      return `${raw.inclusive === false ? 'less than' : 'at most'} ${countOf(raw.origin, raw.maximum)}`;
    default:
      return raw.message.replace(/^expected /, '');
  }
}

/** Choices as they stand behind `expected`. */
export function listChoices(choices: readonly string[]): string {
  if (choices.length < 2) return choices[0] ?? '';
  return `one of ${choices.slice(0, -1).join(', ')} and ${choices.at(-1)}`;
}

function countOf(origin: string, count: number | bigint): string {
  const unit = UNITS[origin];
  return unit === undefined ? String(count) : `${count} ${unit}${Number(count) === 1 ? '' : 's'}`;
}

const UNITS: Readonly<Record<string, string>> = { string: 'character', array: 'item' };

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'an integer',
  boolean: '`true` or `false`',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  null: 'nothing',
};
