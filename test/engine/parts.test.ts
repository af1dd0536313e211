import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/engine/lifetimes/clock.ts';
import { createResources } from '../../src/engine/lifetimes/resources.ts';
import { createRandom } from '../../src/engine/names/random.ts';
import { worstOutcome } from '../../src/engine/outcome/problems.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('the clock', () => {
  it('sleeps, and wakes when aborted', async () => {
    const clock = createClock();
    const startedAt = clock.monotonic();
    await clock.sleep(5);
    expect(clock.monotonic() - startedAt).toBeGreaterThanOrEqual(4);
    const controller = new AbortController();
    const sleeping = clock.sleep(60_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    await expect(clock.sleep(1, controller.signal)).rejects.toThrow('enough');
  });

  it('does not call back what was cancelled', async () => {
    const clock = createClock();
    const called: string[] = [];
    clock.after(1, () => called.push('cancelled'))();
    await new Promise<void>((resolve) => clock.after(2, resolve));
    expect(called).toEqual([]);
  });
});

describe('randomness', () => {
  it('is the same for the same seed and stream, whatever else was asked for', () => {
    const first = createRandom(4711);
    const again = createRandom(4711);
    again.random();
    expect(again.derive('a').uuid()).toBe(first.derive('a').uuid());
    expect(first.derive('b').uuid()).not.toBe(first.derive('a').uuid());
    expect(createRandom(4712).derive('a').uuid()).not.toBe(first.derive('a').uuid());
  });

  it('makes version 4 UUIDs and hex digits', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 40 }), (seed, digits) => {
        const random = createRandom(seed);
        expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(random.hex(digits)).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`));
      }),
    );
  });

  it('is spread evenly', () => {
    const random = createRandom(1);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 10_000; n++) {
      const bucket = Math.floor(random.random() * 10);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('has no two equal first values in a thousand streams', () => {
    const random = createRandom(7);
    const values = Array.from({ length: 1000 }, (_, n) => random.derive(`step${n}#1`).uuid());
    expect(new Set(values).size).toBe(1000);
  });
});

describe('resources', () => {
  const closing = (log: string[], key: string, close = () => Promise.resolve()) => ({
    value: key,
    close: () => {
      log.push(key);
      return close();
    },
  });

  it('are opened once, however many ask at the same time', async () => {
    const resources = createResources({ clock: createFakeClock(), lifetime: 'flow' });
    let opened = 0;
    const create = () => Promise.resolve({ value: ++opened, close: () => Promise.resolve() });
    expect(await Promise.all([resources.open('a', create), resources.open('a', create)])).toEqual([1, 1]);
    expect(await resources.open('a', create)).toBe(1);
  });

  it('may be tried again after a failure', async () => {
    const resources = createResources({ clock: createFakeClock(), lifetime: 'flow' });
    await expect(resources.open('a', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await resources.open('a', () => Promise.resolve({ value: 2, close: () => Promise.resolve() }))).toBe(2);
  });

  it('are closed last-first; one that hangs or fails holds up no other', async () => {
    const clock = createFakeClock();
    const resources = createResources({ clock, lifetime: 'flow' });
    const log: string[] = [];
    await resources.open('a', async () => closing(log, 'a'));
    await resources.open('b', async () => closing(log, 'b', () => Promise.reject(new Error('stuck'))));
    await resources.open('c', async () => closing(log, 'c', () => new Promise(() => undefined)));
    const failures = await clock.finish(resources.closeAll(5000));
    expect(log).toEqual(['c', 'b', 'a']);
    expect(failures).toEqual(['`c` did not close in time', '`b` could not be closed: stuck']);
    expect(clock.monotonic()).toBe(5000);
    await expect(resources.open('d', async () => closing(log, 'd'))).rejects.toThrow('the flow is over');
  });

  it('live as long as asked for: one of the run serves its sessions, one of a session its flows', async () => {
    const clock = createFakeClock();
    const log: string[] = [];
    const run = createResources({ clock, lifetime: 'run' });
    const sessions = [1, 2].map(() => createResources({ clock, lifetime: 'session', around: run }));
    const flows = sessions.flatMap((around) => [1, 2].map(() => createResources({ clock, lifetime: 'flow', around })));
    const ids = { run: 0, session: 0, flow: 0 };
    for (const flow of flows) {
      for (const lifetime of ['run', 'session', 'flow'] as const) {
        const create = async () => closing(log, `${lifetime} ${++ids[lifetime]}`);
        await flow.open('pool', create, { lifetime });
      }
    }
    expect(ids).toEqual({ run: 1, session: 2, flow: 4 });
    expect(await flows[3]?.find('pool')).toBe('flow 4');
    expect(await flows[3]?.find('jar')).toBeUndefined();
    for (const set of [...flows, ...sessions, run]) await set.closeAll(5000);
    expect(log).toEqual(['flow 1', 'flow 2', 'flow 3', 'flow 4', 'session 1', 'session 2', 'run 1']);
    expect(await flows[3]?.find('pool')).toBeUndefined();
  });
});

describe('outcomes', () => {
  it.each([
    [['passed', 'failed', 'errored', 'skipped'], 'failed'],
    [['passed', 'errored', 'skipped'], 'errored'],
    [['passed', 'skipped'], 'passed'],
    [['skipped'], 'skipped'],
    [[], 'skipped'],
  ] as const)('the worst of %j is %s', (outcomes, worst) => {
    expect(worstOutcome(outcomes)).toBe(worst);
  });
});
