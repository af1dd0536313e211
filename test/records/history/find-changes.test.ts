import { describe, expect, it } from 'vitest';
import type { HistoryEntry, HistoryFlow } from '../../../src/records/history/entry.ts';
import { findChanges } from '../../../src/records/history/find-changes.ts';

/** A run a letter: `p` passed, `f` failed, `r` passed when tried again; `-` without the flow; times of its one step, in ms. */
function makeRuns(letters: string, { commits = '', times = [] as readonly number[] } = {}): readonly HistoryEntry[] {
  return [...letters].map((letter, at) => {
    const passed = letter !== 'f';
    const outcome = passed ? ('passed' as const) : ('failed' as const);
    const step = { address: 'look', outcome, durationMs: times[at] ?? 10, ...(!passed && { cause: `cause ${at}` }) };
    const flow: HistoryFlow = {
      ...{ file: 'a.yaml', id: 'a', name: 'A', outcome, durationMs: 20, steps: [step] },
      ...(letter === 'r' && { isFlaky: true as const }),
    };
    const commit = commits[at];
    return {
      ...{ type: 'history' as const, version: 1 as const, runId: `run${at}`, startedAt: at },
      ...(commit && { commit }),
      flows: letter === '-' ? [] : [flow],
    };
  });
}

describe('what broke', () => {
  it.each([
    ['p', undefined],
    ['fp', undefined],
    ['ppff', { since: 'run2', passCount: 2, green: 'run1', cause: 'cause 3' }],
    ['ff', { since: 'run0', passCount: 2, green: undefined, cause: 'cause 1' }],
    ['p-f-', { since: 'run2', passCount: 1, green: 'run0', cause: 'cause 2' }],
  ])('%s', (letters, wanted) => {
    const [broken] = findChanges(makeRuns(letters)).broken;
    const told = broken && {
      since: broken.since.run.runId,
      passCount: broken.passCount,
      green: broken.green?.run.runId,
      cause: broken.step?.cause,
    };
    expect(told).toEqual(wanted);
  });
});

describe('what is flaky', () => {
  it.each([
    ['ppp', 'aaa', undefined],
    ['prp', 'abc', { retried: 1, failed: 0, failedBetween: 0 }],
    ['pfp', 'aab', { retried: 0, failed: 1, failedBetween: 0 }],
    ['pfp', 'abc', undefined],
    ['pfp', '', { retried: 0, failed: 0, failedBetween: 1 }],
    ['pffp', '', undefined],
    ['ppf', '', undefined],
    ['rfp', 'bab', { retried: 1, failed: 0, failedBetween: 0 }],
  ])('%s on commits %s', (letters, commits, wanted) => {
    const [flaky] = findChanges(makeRuns(letters, { commits })).flaky;
    const { retried, failed, failedBetween } = flaky ?? {};
    expect(flaky && { retried, failed, failedBetween }).toEqual(wanted);
  });
});

describe('what became slow', () => {
  const look = (...times: readonly number[]) => {
    const [slower] = findChanges(makeRuns('p'.repeat(times.length), { times })).slower;
    return slower && [slower.since.run.runId, slower.beforeMs, slower.nowMs];
  };
  it.each([
    [
      [100, 100, 100, 200, 200, 200],
      ['run3', 100, 200],
    ],
    [
      [100, 110, 90, 100, 205, 200, 195, 200],
      ['run4', 100, 200],
    ],
    // By less than half, by few milliseconds, too few times, for a while alone.
    [[100, 100, 100, 140, 140, 140], undefined],
    [[10, 10, 10, 40, 40, 40], undefined],
    [[100, 100, 100, 300, 300], undefined],
    [[100, 100, 100, 300, 300, 300, 100, 100, 100, 100], undefined],
    [[100, 100, 300, 100, 100, 100, 100], undefined],
  ])('%j', (times, wanted) => {
    expect(look(...times)).toEqual(wanted);
  });
});

it('names what was mended last', () => {
  expect(findChanges(makeRuns('pfp')).mended.map(({ failed }) => failed.run.runId)).toEqual(['run1']);
  expect(findChanges(makeRuns('pfpp')).mended).toEqual([]);
});
