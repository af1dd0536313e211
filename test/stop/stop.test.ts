import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { runBounded } from '../../src/stop/run-bounded.ts';
import { Stop } from '../../src/stop/stop.ts';
import { interruptedBy, StopError } from '../../src/stop/stop-error.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { repeats } from '../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of what stops', 1, 0) > 0);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const reason = new StopError('timeout', 'too long');
const other = new StopError('stopped', 'too late');

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('what is to end', () => {
  it('calls back once, with the first reason', () => {
    const stop = new Stop();
    const reasons: unknown[] = [];
    stop.onEnd((given) => reasons.push(given));
    stop.end(reason);
    stop.end(other);
    expect(reasons).toEqual([reason]);
    expect(stop.reason).toBe(reason);
  });

  it('calls back at once when it is to end already', () => {
    const stop = new Stop();
    stop.end(reason);
    const reasons: unknown[] = [];
    stop.onEnd((given) => reasons.push(given))();
    stop.onAsk((given) => reasons.push(given))();
    expect(reasons).toEqual([reason, reason]);
  });

  it('ends what is idle as soon as it is asked, and forgets it', async () => {
    const stop = new Stop();
    const idle = stop.idle((own) => new Promise((_, reject) => own.onEnd(reject)));
    stop.ask(reason);
    await expect(idle).rejects.toBe(reason);
    expect(stop.reason).toBeUndefined();
    expect(await stop.idle(async (own) => own.reason)).toBe(reason);
  });

  it('does not call what was taken back, not even by another call', () => {
    const stop = new Stop();
    const called: string[] = [];
    const takeBack = stop.onEnd(() => called.push('first'));
    stop.onEnd(() => takeLast());
    const takeLast = stop.onEnd(() => called.push('last'));
    stop.onEnd(() => called.push('second'));
    takeBack();
    stop.end(reason);
    expect(called).toEqual(['second']);
  });

  it.each(['asked for before', 'asked for after'])('has a signal, %s', (moment) => {
    const stop = new Stop();
    if (moment === 'asked for before') expect(stop.signal.aborted).toBe(false);
    stop.end(reason);
    expect(stop.signal.aborted).toBe(true);
    expect(stop.signal.reason).toBe(reason);
    expect(stop.signal).toBe(stop.signal);
  });
});

describe('what stands below another', () => {
  it('is asked and ended with it, however deep, before or after it was made', () => {
    const run = new Stop();
    const flow = new Stop(run);
    const step = new Stop(flow);
    const log: string[] = [];
    step.onAsk(({ message }) => log.push(`asked: ${message}`));
    step.onEnd(({ message }) => log.push(`ended: ${message}`));
    run.ask(interruptedBy('SIGTERM'));
    expect([flow.asked?.signal, step.asked?.signal, step.reason]).toEqual(['SIGTERM', 'SIGTERM', undefined]);
    expect(new Stop(flow).asked?.signal).toBe('SIGTERM');
    run.end(reason);
    expect(log).toEqual(['asked: interrupted by SIGTERM', 'ended: too long']);
    expect(new Stop(step).reason).toBe(reason);
    // What it was asked with stays: that came first.
    expect(step.asked?.signal).toBe('SIGTERM');
  });

  it('may end by itself, and what is above it goes on', () => {
    const flow = new Stop();
    const step = new Stop(flow);
    const beside = new Stop(flow);
    step.end(reason);
    expect([step.reason, step.asked, flow.reason, flow.asked, beside.reason]).toEqual([
      reason,
      reason,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is reached no more once it left', () => {
    const flow = new Stop();
    const step = new Stop(flow);
    step.leave();
    flow.end(reason);
    expect(step.reason).toBeUndefined();
  });

  inFullRun('leaves nothing in memory once it is over, while what is above it stays', async () => {
    const flow = new Stop();
    const seen: WeakRef<AbortSignal>[] = [];
    const { after } = createFakeClock();
    for (let look = 0; look < 50; look++) {
      await runBounded({
        after,
        parent: flow,
        start: async (stop) => {
          stop.onEnd(() => undefined);
          seen.push(new WeakRef(stop.signal));
        },
      });
    }
    for (let turn = 0; turn < 5; turn++) {
      await nextTurn();
      collectGarbage();
    }
    expect(seen.filter((signal) => signal.deref()).length).toBeLessThan(5);
    expect(flow.signal.aborted).toBe(false);
  });
});
