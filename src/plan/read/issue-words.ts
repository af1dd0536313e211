import type { $ZodIssue } from 'zod/v4/core';
import type { Value } from '../../expr/index.ts';
import { describeType, formatValue } from '../../expr/index.ts';

/** `type value`, cut to a few words. */
export function describeValue(value: unknown): string {
  const type = describeType(value as Value);
  if (type === 'nil') return 'nothing';
  if (type === 'map' || type === 'array') return type === 'map' ? 'a map' : 'a list';
  return `${type} ${formatValue(value as Value, 60)}`;
}

/** What a schema wanted, as it stands behind `expected`. */
export function expectationOf(raw: $ZodIssue): string {
  switch (raw.code) {
    case 'invalid_type':
      return TYPE_WORDS[raw.expected] ?? raw.expected;
    case 'invalid_value':
      return listChoices(raw.values.map((value) => `\`${String(value)}\``));
    case 'invalid_union':
      return describeBranches(raw.errors);
    case 'too_small':
      return `at least ${raw.minimum}${UNITS[raw.origin] ?? ''}`;
    case 'too_big':
      return `at most ${raw.maximum}${UNITS[raw.origin] ?? ''}`;
    default:
      return raw.message.replace(/^expected /, '');
  }
}

function describeBranches(branches: readonly (readonly $ZodIssue[])[]): string {
  const words = branches.flatMap(([first]) => (first ? [expectationOf(first)] : []));
  const distinct = [...new Set(words)].filter((word) => word !== '');
  return distinct.every((word) => /^`[^`]*`$/.test(word)) ? listChoices(distinct) : distinct.join(' or ');
}

function listChoices(choices: readonly string[]): string {
  if (choices.length < 2) return choices[0] ?? '';
  return `one of ${choices.slice(0, -1).join(', ')} and ${choices.at(-1)}`;
}

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };

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
