import { describe, expect, it } from 'vitest';
import { remarksOf } from './remarked.ts';

const DATA = {
  message: 'ERROR: disk  full',
  roles: ['Admin'],
  id: 'did it',
  json: '{state: "bad"}',
  code: 'abc',
  empty: '',
  none: null,
  long: 'x'.repeat(200_000),
};
const anyCase = (test: string, left: string, kind: string, right: string): string =>
  `\`${test}\` is so but for letter case: \`lower(${left}) ${kind} lower(${right})\` takes any case`;

describe('a text that has to lack another one, which it has but for letter case or blanks', () => {
  it.each([
    ['not (message contains "error")', anyCase('message contains "error"', 'message', 'contains', '"error"')],
    ['(message contains "error") == false', anyCase('message contains "error"', 'message', 'contains', '"error"')],
    ['not (message startsWith "error")', anyCase('message startsWith "error"', 'message', 'startsWith', '"error"')],
    ['not (message endsWith "FULL")', anyCase('message endsWith "FULL"', 'message', 'endsWith', '"FULL"')],
    ['not (message contains "disk full")', '`message contains "disk full"` is so but for blanks'],
    [
      'not (message contains "Disk Full")',
      '`message contains "Disk Full"` is so but for letter case and blanks: `lower(message) contains lower("Disk Full")` takes any case',
    ],
    ['none(roles, # contains "admin")', anyCase('# contains "admin"', '#', 'contains', '"admin"')],
    ['count(roles, # startsWith "admin") == 0', anyCase('# startsWith "admin"', '#', 'startsWith', '"admin"')],
    ['not hasPrefix(message, "error")', anyCase('message startsWith "error"', 'message', 'startsWith', '"error"')],
    ['not hasSuffix(message, "FULL")', anyCase('message endsWith "FULL"', 'message', 'endsWith', '"FULL"')],
    ['indexOf(message, "error") == -1', anyCase('message contains "error"', 'message', 'contains', '"error"')],
    ['not (indexOf(message, "error") >= 0)', anyCase('message contains "error"', 'message', 'contains', '"error"')],
    [
      'not (toJSON({ state: "bad" }) contains "\\"state\\":\\"bad\\"")',
      '`toJSON({ state: "bad" }) contains "\\"state\\":\\"bad\\""` is so but for blanks',
    ],
    ['not (json contains "state :\\"bad\\"")', '`json contains "state :\\"bad\\""` is so but for blanks'],
    ['not (message startsWith "ERROR:disk")', '`message startsWith "ERROR:disk"` is so but for blanks'],
    ['not (message matches "disk full")', '`message matches "disk full"` is so but for blanks: `\\s+` takes any'],
    [
      'not (message matches "^error: disk ful")',
      '`message matches "^error: disk ful"` is so but for letter case and blanks',
    ],
    [
      'not (message matches "^error")',
      '`message matches "^error"` is so but for letter case: a pattern that begins with `(?i)` takes any case',
    ],
  ])('is noted: %s', (source, note) => {
    expect(remarksOf(source, DATA)).toEqual([note]);
  });

  it.each([
    'not (message contains "warning")',
    'message contains "ERROR"',
    'not (id contains "ID")',
    'not (code contains "X")',
    'not (id contains "didit")',
    'not (json contains "state:bad")',
    'not (code matches "[A-Z]")',
    'not (code matches "^A")',
    'not (long contains "Y")',
    'message contains "error" or message contains "ERROR"',
  ])('is not where it has it in no case, or may have it: %s', (source) => {
    expect(remarksOf(source, DATA)).toEqual([]);
  });
});

describe('what is not so since NaN compares with nothing', () => {
  const said = (test: string): string =>
    `\`${test}\` compares NaN: nothing is less than it, more than it or equal to it`;
  it.each([
    ['not (f <= 100)', said('f <= 100')],
    ['not (d <= f)', said('d <= f')],
    ['not (0 <= f <= 100)', said('0 <= f <= 100')],
    ['f != 100', said('f != 100')],
    ['f != f', said('f != f')],
    ['f != nil', ''],
    ['not (f == 100)', said('f == 100')],
    ['none([f], # > 100)', said('# > 100')],
    ['count([f], # > 100) == 0', said('# > 100')],
  ])('is noted: %s', (source, note) => {
    expect(remarksOf(source, { f: Number.NaN, d: 3 })).toEqual(note === '' ? [] : [note]);
  });

  it.each(['not (d > 100)', 'd != 100', 'f != 100 and true', 'none([d], # > 100)'])(
    'is not of numbers: %s',
    (source) => {
      expect(remarksOf(source, { f: 5, d: 3 })).toEqual([]);
    },
  );
});
