import { describe, expect, it } from 'vitest';
import { RoundLog } from '../../../src/actions/controls/round-log.ts';
import type { Value } from '../../../src/expr/index.ts';

const round = (captures: Readonly<Record<string, Value>>) => ({
  ...{ outcome: 'passed', results: {}, captures, last: undefined, isCut: false, isStopped: false },
  env: { get: () => undefined, keys: () => [] },
});

function logOf(...rounds: Readonly<Record<string, Value>>[]): RoundLog {
  const log = new RoundLog();
  for (const [index, captures] of rounds.entries()) log.add(index, round(captures) as never, ['cursor']);
  return log;
}

describe('the rounds of a loop', () => {
  it('are shown with what they captured, long values by their size', () => {
    const long = Array.from({ length: 200 }, (_, at) => at);
    expect(logOf({ cursor: 'a', all: [1] }, {}, { all: long }).describe()).toEqual({
      title: 'rounds',
      lines: ['   [0]  cursor = "a", all = [1]', '   [1]  nothing captured', '   [2]  all = array (200)'],
    });
  });

  it('show nothing that its name hides', () => {
    const { lines } = logOf({ password: 'hunter2hunter2', user: { password: 'hunter2hunter2' } }).describe();
    expect(lines).toEqual(['   [0]  password = "***", user = map (1)']);
  });

  it('say which names kept their value', () => {
    expect(logOf({ cursor: 'a' }, {}).listNotes('pages')).toEqual([
      '`cursor` was not captured in `pages[1]`, and kept its value',
    ]);
    expect(logOf({}, { cursor: 'a' }, {}).listNotes('pages')).toEqual([
      '`cursor` was not captured in 2 of 3 rounds, first in `pages[0]`, and kept its value',
    ]);
  });
});
