import { expect, test } from 'vitest';
import { TimerQueue } from '../../src/engine/lifetimes/timer-queue.ts';

/** Time that goes on when it is told to, with timers as Node has them: each is called once its time is over. */
class StoodTime {
  now = 0;
  readonly timers = new Set<{ readonly atMs: number; readonly call: () => void }>();
  started = 0;

  createQueue(ms: number): TimerQueue {
    return new TimerQueue({
      ms,
      now: () => this.now,
      start: (wait, call) => {
        this.started += 1;
        const timer = { atMs: this.now + wait, call };
        this.timers.add(timer);
        return () => void this.timers.delete(timer);
      },
    });
  }

  goOnTo(ms: number): void {
    for (;;) {
      const [next] = [...this.timers].filter(({ atMs }) => atMs <= ms).sort((one, other) => one.atMs - other.atMs);
      if (!next) break;
      this.timers.delete(next);
      this.now = next.atMs;
      next.call();
    }
    this.now = ms;
  }
}

/** What is called when, of calls that are added and taken back at these times. */
function follow(ms: number, calls: readonly { readonly from: number; readonly until?: number }[]) {
  const time = new StoodTime();
  const queue = time.createQueue(ms);
  const called: string[] = [];
  const acts = calls.flatMap(({ from, until }, at) => {
    let cancel = (): void => undefined;
    const add = () => {
      cancel = queue.add(() => called.push(`${at} at ${time.now}`));
    };
    return [{ at: from, act: add }, ...(until === undefined ? [] : [{ at: until, act: () => cancel() }])];
  });
  for (const { at, act } of acts.sort((one, other) => one.at - other.at)) {
    time.goOnTo(at);
    act();
  }
  const waiting = time.timers.size;
  time.goOnTo(10_000);
  return { called, waiting, started: time.started, left: time.timers.size };
}

test('each call is made after its own time, in their order', () => {
  const { called, left } = follow(1000, [{ from: 0 }, { from: 0 }, { from: 300 }, { from: 1500 }]);
  expect(called).toEqual(['0 at 1000', '1 at 1000', '2 at 1300', '3 at 2500']);
  expect(left).toBe(0);
});

test('what is taken back is not called, wherever it stands, and moves no other', () => {
  const calls = [
    { from: 0, until: 10 },
    { from: 100 },
    { from: 200, until: 250 },
    { from: 300 },
    { from: 400, until: 500 },
  ];
  expect(follow(1000, calls).called).toEqual(['1 at 1100', '3 at 1300']);
});

test('one timer does for calls of which the next begins before the last is taken back; none is left when nothing waits', () => {
  const calls = Array.from({ length: 50 }, (_, at) => ({ from: at * 10, until: at * 10 + 15 }));
  expect(follow(1000, calls)).toEqual({ called: [], waiting: 0, started: 1, left: 0 });
});

test('a call may take back another that is due with it, and add one; taken back once it was made it is not missed', () => {
  const time = new StoodTime();
  const queue = time.createQueue(1000);
  const called: string[] = [];
  const first = queue.add(() => {
    called.push('first');
    second();
    first();
    queue.add(() => called.push(`added at ${time.now}`));
  });
  const second = queue.add(() => called.push('second'));
  queue.add(() => called.push('third'));
  time.goOnTo(5000);
  expect(called).toEqual(['first', 'third', 'added at 2000']);
});

test('what one call throws keeps no other from being made', () => {
  const time = new StoodTime();
  const queue = time.createQueue(1000);
  const called: number[] = [];
  queue.add(() => {
    throw new Error('it is broken');
  });
  queue.add(() => called.push(time.now));
  expect(() => time.goOnTo(1000)).toThrow('it is broken');
  time.goOnTo(1000);
  expect(called).toEqual([1000]);
});
