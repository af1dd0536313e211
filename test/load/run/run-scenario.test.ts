import { describe, expect, it } from 'vitest';
import { runScenario } from '../../../src/load/run/run-scenario.ts';
import type { ScenarioIo } from '../../../src/load/run/scenario-io.ts';
import type { IterationEnd, VirtualUser } from '../../../src/load/run/virtual-user.ts';
import type { ExecutorPlan, ScenarioPlan } from '../../../src/model/load/load-plan.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { interruptedBy } from '../../../src/stop/stop-error.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';

const pool = { timeUnitMs: 1000, preAllocatedVus: 2, maxVus: 2 };

/** A scenario whose iterations take a fixed time, on a clock that stands still until it is advanced. */
class Bench {
  readonly clock: FakeClock = createFakeClock();
  readonly stop = new Stop();
  readonly begun: number[] = [];
  readonly ends: IterationEnd[] = [];
  readonly users: string[] = [];
  readonly behind: string[] = [];
  dropped = 0;
  active = 0;
  there = 0;
  #userCount = 0;
  readonly #lengthMs: number;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  run(executor: ExecutorPlan, more: Partial<ScenarioPlan> = {}): Promise<void> {
    const plan = { name: 's', executor, startMs: 0, gracefulStopMs: 30_000, env: new Map(), tags: new Map(), ...more };
    return runScenario(plan as ScenarioPlan, this.#createIo());
  }

  #createIo(): ScenarioIo {
    return {
      clock: this.clock,
      stop: this.stop,
      random: () => 0.5,
      openUser: () => this.#openUser(),
      onDropped: (count) => {
        this.dropped += count;
      },
      onLag: () => undefined,
      onBehind: (count, due) => void this.behind.push(`${count} of ${due}`),
      onUsers: ({ active = 0, there = 0 }) => {
        this.active += active;
        this.there += there;
      },
    };
  }

  #openUser(): VirtualUser {
    const name = `u${++this.#userCount}`;
    let interrupt: (() => void) | undefined;
    return {
      iterate: () =>
        new Promise((resolve) => {
          this.begun.push(this.clock.monotonic());
          this.users.push(name);
          const end = (what: IterationEnd): void => {
            this.ends.push(what);
            resolve(what);
          };
          const cancel = this.clock.after(this.#lengthMs, () => end('passed'));
          interrupt = () => {
            cancel();
            end('interrupted');
          };
        }),
      interrupt: () => interrupt?.(),
      close: async () => undefined,
    };
  }

  count(end: IterationEnd): number {
    return this.ends.filter((one) => one === end).length;
  }
}

describe('executors', () => {
  it('constant-vus runs so many in loops until the time is over, and lets the last iterations end', async () => {
    const bench = new Bench(300);
    await bench.clock.finish(bench.run({ kind: 'constant-vus', vus: 3, durationMs: 1000 }));
    expect(bench.begun).toEqual([0, 0, 0, 300, 300, 300, 600, 600, 600, 900, 900, 900]);
    expect(bench.count('passed')).toBe(12);
    expect(new Set(bench.users).size).toBe(3);
    expect(bench.clock.monotonic()).toBe(1200);
    expect(bench.active).toBe(0);
    expect(bench.clock.pendingCount).toBe(0);
  });

  it.each<ExecutorPlan>([
    { kind: 'constant-vus', vus: 120, durationMs: 900 },
    { kind: 'per-vu-iterations', vus: 120, iterations: 1, maxDurationMs: 1000 },
  ])('lets 50 of $vus users begin in one turn: $kind', async (executor) => {
    const bench = new Bench(1000);
    const running = bench.run(executor);
    const counts: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      await new Promise((resolve) => void setImmediate(resolve));
      counts.push(bench.begun.length);
    }
    expect(counts).toEqual([50, 100, 120]);
    await bench.clock.finish(running);
    expect(bench.ends).toHaveLength(120);
  });

  it('ends iterations that are not over after the graceful stop', async () => {
    const bench = new Bench(5000);
    await bench.clock.finish(bench.run({ kind: 'constant-vus', vus: 2, durationMs: 1000 }, { gracefulStopMs: 500 }));
    expect(bench.ends).toEqual(['interrupted', 'interrupted']);
    expect(bench.clock.monotonic()).toBe(1500);
  });

  it('shared-iterations shares them out, per-vu-iterations gives each its own', async () => {
    const shared = new Bench(100);
    await shared.clock.finish(shared.run({ kind: 'shared-iterations', vus: 3, iterations: 7, maxDurationMs: 60_000 }));
    expect(shared.begun).toEqual([0, 0, 0, 100, 100, 100, 200]);
    expect(shared.clock.pendingCount).toBe(0);
    const own = new Bench(100);
    await own.clock.finish(own.run({ kind: 'per-vu-iterations', vus: 3, iterations: 2, maxDurationMs: 60_000 }));
    expect(own.begun).toEqual([0, 0, 0, 100, 100, 100]);
  });

  it('counts iterations that the longest duration leaves over as dropped', async () => {
    const bench = new Bench(400);
    const executor = { kind: 'shared-iterations', vus: 1, iterations: 10, maxDurationMs: 1000 } as const;
    await bench.clock.finish(bench.run(executor));
    expect(bench.count('passed')).toBe(3);
    expect(bench.dropped).toBe(7);
  });

  it('ramping-vus follows its stages; who is one too many ends its iteration within the graceful ramp-down', async () => {
    const bench = new Bench(700);
    const stages = [
      { durationMs: 2000, target: 2 },
      { durationMs: 2000, target: 0 },
    ];
    const run = bench.run({ kind: 'ramping-vus', startVus: 0, stages, gracefulRampDownMs: 100 });
    const seen: number[] = [];
    for (const atMs of [500, 1500, 2500, 3050, 3500, 4500]) {
      await bench.clock.advance(atMs - bench.clock.monotonic());
      seen.push(bench.active);
    }
    expect(seen).toEqual([0, 1, 2, 2, 1, 0]);
    await bench.clock.finish(run);
    // At 3000 the second is one too many: its iteration from 2700 … 3400 is ended at 3100; the first from 3800 at 4100.
    expect(bench.count('interrupted')).toBe(2);
  });

  it('ramping-vus lets one go on whose number is wanted again before it has ended', async () => {
    const bench = new Bench(1000);
    const stages = [
      { durationMs: 100, target: 1 },
      { durationMs: 100, target: 2 },
      { durationMs: 2000, target: 2 },
    ];
    await bench.clock.finish(bench.run({ kind: 'ramping-vus', startVus: 2, stages, gracefulRampDownMs: 30_000 }));
    expect(new Set(bench.users).size).toBe(2);
    expect(bench.begun).toEqual([0, 0, 1000, 1000, 2000, 2000]);
  });

  it('constant-arrival-rate begins whether others are over or not, and drops what finds nobody', async () => {
    const bench = new Bench(250);
    await bench.clock.finish(bench.run({ kind: 'constant-arrival-rate', rate: 10, durationMs: 1000, ...pool }));
    expect(bench.begun).toEqual([0, 100, 300, 400, 600, 700, 900]);
    expect(bench.dropped).toBe(3);
    const more = new Bench(250);
    await more.clock.finish(
      more.run({ kind: 'constant-arrival-rate', rate: 10, durationMs: 1000, ...pool, maxVus: 3 }),
    );
    expect(more.begun).toHaveLength(10);
    expect(more.dropped).toBe(0);
    expect(more.there).toBe(3);
  });

  it('tells how many arrivals had not begun of those that were due, where something kept it from beginning them', async () => {
    const bench = new Bench(1);
    const run = bench.run({ kind: 'constant-arrival-rate', rate: 10, durationMs: 1000, ...pool, maxVus: 20 });
    await bench.clock.advance(250);
    // All of it at once, as when the event loop was busy.
    bench.clock.jump(400);
    await bench.clock.finish(run);
    expect(bench.begun).toHaveLength(10);
    expect(bench.behind.filter((one) => !one.startsWith('1 '))).toEqual(['0 of 0', '4 of 7']);
  });

  it('an arrival rate that the generator is too slow for ends even so, and what is left is dropped', async () => {
    const bench = new Bench(1);
    const run = bench.run({ kind: 'constant-arrival-rate', rate: 10, durationMs: 1000, ...pool, maxVus: 20 });
    await bench.clock.advance(250);
    bench.clock.jump(5000);
    await bench.clock.finish(run);
    expect([bench.begun.length, bench.dropped]).toEqual([3, 7]);
  });

  it('ramping-arrival-rate begins as the rate says', async () => {
    const bench = new Bench(1);
    const stages = [{ durationMs: 2000, target: 4 }];
    await bench.clock.finish(bench.run({ kind: 'ramping-arrival-rate', startRate: 0, stages, ...pool }));
    expect(bench.begun.map(Math.round)).toEqual([1000, 1414, 1732, 2000]);
  });

  it('begins at its start time, with pauses between iterations', async () => {
    const bench = new Bench(100);
    const executor = { kind: 'constant-vus', vus: 1, durationMs: 1000 } as const;
    await bench.clock.finish(bench.run(executor, { startMs: 500, think: { minMs: 100, maxMs: 300 } }));
    expect(bench.begun).toEqual([500, 800, 1100, 1400]);
    const paced = new Bench(100);
    await paced.clock.finish(paced.run(executor, { pacing: { minMs: 400, maxMs: 400 } }));
    expect(paced.begun).toEqual([0, 400, 800]);
    expect(paced.clock.monotonic()).toBe(1000);
  });

  it.each(['constant-vus', 'constant-arrival-rate', 'shared-iterations'] as const)(
    '%s begins nothing after it is asked to stop, and drops nothing for that',
    async (kind) => {
      const bench = new Bench(300);
      const executors = {
        'constant-vus': { kind: 'constant-vus', vus: 2, durationMs: 60_000 },
        'constant-arrival-rate': { kind: 'constant-arrival-rate', rate: 10, durationMs: 60_000, ...pool },
        'shared-iterations': { kind: 'shared-iterations', vus: 2, iterations: 1000, maxDurationMs: 60_000 },
      } as const;
      const run = bench.run(executors[kind]);
      await bench.clock.advance(1000);
      bench.stop.ask(interruptedBy('SIGINT'));
      const count = bench.begun.length;
      await bench.clock.finish(run);
      expect(bench.begun).toHaveLength(count);
      if (kind !== 'constant-arrival-rate') expect(bench.dropped).toBe(0);
      expect(bench.clock.monotonic()).toBeLessThan(1500);
      expect(bench.active).toBe(0);
      expect(bench.clock.pendingCount).toBe(0);
    },
  );
});
