import { describe, expect, it } from 'vitest';
import { FollowUps } from '../../../src/actions/stub/follow-ups.ts';
import { StubErrors } from '../../../src/actions/stub/stub-errors.ts';
import { StubTimers } from '../../../src/actions/stub/stub-timers.ts';

const location = { file: 'f.yaml', line: 4, column: 7, endLine: 4, endColumn: 20 };

/** Follow-ups whose timers never fire, and time that only goes on when told to. */
function create() {
  let now = 0;
  const clock = { monotonic: () => now, after: () => () => undefined };
  const errors = new StubErrors();
  return {
    followUps: new FollowUps(clock, { timers: new StubTimers(clock), errors }),
    errors,
    goOn: (ms: number) => {
      now += ms;
    },
  };
}

describe('what follows an answer, at the end of a flow that is faster than its timer', () => {
  it.each([
    ['without `after`', 0, 0, 1],
    ['due meanwhile', 5, 5, 1],
    ['due later', 5, 4, 0],
  ])('%s: after %i ms, at %i ms it was sent %i times', async (_title, afterMs, atMs, count) => {
    const { followUps, errors, goOn } = create();
    let sent = 0;
    const send = async (): Promise<void> => {
      sent++;
      throw new Error('refused');
    };
    followUps.add({ afterMs, name: 'POST http://cb', send }, { route: 'POST /pay', location });
    goOn(atMs);
    await followUps.settle();
    await followUps.settle();
    expect(sent).toBe(count);
    expect(errors.list().map((problem) => problem.location)).toEqual(Array(count).fill(location));
    expect(followUps.list()).toHaveLength(1 - count);
  });
});
