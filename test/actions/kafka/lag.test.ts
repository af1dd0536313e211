import { describe, expect, it } from 'vitest';
import { describeNoLag, measureLag } from '../../../src/actions/kafka/lag.ts';

describe('how long a message took', () => {
  it.each<[string, number, number, number, number | undefined]>([
    ['from when it was written', 1000, 500, 1040, 40],
    ['from when the wait began, if that was later: a late wait adds nothing', 1000, 2500, 2503, 3],
    ['no longer than the wait, if the clock of who wrote it runs behind', 1000, 50_000, 50_020, 20],
    ['nothing, if the clocks differ by as much as clocks do', 1050, 900, 1000, 0],
    ['an unknown time, if it was written after it came', 6000, 900, 1000, undefined],
  ])('is %s', (_title, writtenMs, beganMs, seenMs, lag) => {
    expect(measureLag({ writtenMs, beganMs, seenMs })).toBe(lag);
  });

  it('says why it is not known', () => {
    expect(describeNoLag({ writtenMs: 6000, beganMs: 0, seenMs: 1000 })).toBe(
      "`lag_ms` is nil: according to its timestamp (1970-01-01T00:00:06.000Z) the message was written 5 s after it came, so the writer's clock is ahead of this machine's",
    );
  });
});
